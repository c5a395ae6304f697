package io.sotto.bench.fuzz;

import io.sotto.testkit.fuzz.FuzzTarget;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opened;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.Decoded;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Optional;

/** Pings the agent as a member would, and says how long its answers take. */
final class Pinger {
    private static final int TRIES = 9;
    private static final int PATIENCE_MILLIS = 2_000;
    private static final int FIRST_SEQ_NO = 777_000;

    private Pinger() {}

    /** Milliseconds until the ack, in the median of a few pings; infinite where most of them were not answered. */
    static double medianMillis(InetSocketAddress to, FuzzTarget target, Sealer sealer) throws IOException {
        double[] millis = new double[TRIES];
        InetAddress own = InetAddress.getByAddress(new byte[] {127, 91, 8, 1});
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(own, 0))) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            for (int i = 0; i < TRIES; i++) {
                millis[i] = ping(socket, to, target, sealer, FIRST_SEQ_NO + i);
            }
        }
        Arrays.sort(millis);
        return millis[TRIES / 2];
    }

    private static double ping(
            DatagramSocket socket, InetSocketAddress to, FuzzTarget target, Sealer sealer, long seqNo)
            throws IOException {
        byte[] plain = SwimCodec.encode(new SwimMessage.Ping(seqNo, target.name(), Optional.empty()));
        byte[] sent = target.key().isPresent()
                ? sealer.seal(target.key().get(), plain, 0, plain.length, target.label())
                : plain;
        long started = System.nanoTime();
        socket.send(new DatagramPacket(sent, sent.length, to));
        DatagramPacket answer = new DatagramPacket(new byte[65_536], 65_536);
        while (true) {
            try {
                socket.receive(answer);
            } catch (SocketTimeoutException e) {
                return Double.POSITIVE_INFINITY;
            }
            if (isAck(Octets.copyOf(answer.getData(), 0, answer.getLength()), target, seqNo)) {
                return (System.nanoTime() - started) / 1e6;
            }
        }
    }

    private static boolean isAck(Octets packet, FuzzTarget target, long seqNo) {
        Octets plain = packet;
        if (target.key().isPresent()) {
            Opened opened = new Opener().open(Keyring.of(target.key().get()), packet, target.label());
            if (!(opened instanceof Opened.Plain content)) {
                return false;
            }
            plain = content.plain();
        }
        return SwimCodec.decode(plain, target.limits()) instanceof Decoded.Message message
                && message.message() instanceof SwimMessage.Ack ack
                && ack.seqNo() == seqNo;
    }
}
