package io.sotto.agent.demo;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.CountedNonceSource;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opened;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.Decoded;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.packet.Checksum;
import io.sotto.wire.packet.Unwrapper;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * A key holder at a socket of its own: pings an agent as any member would and catches the answer from the wire.
 *
 * @param sealed the agent's answer as it was on the wire
 * @param plain the same, opened with the key: what would have been on the wire without one
 * @param message what it says
 */
record Capture(Octets sealed, Octets plain, SwimMessage.Ack message) {
    private static final int DATAGRAM_MAX_BYTES = 65_535;
    private static final long SEQ_NO = 4_711;
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(2);
    private static final int ATTEMPTS = 5;

    /** Sends a sealed ping to {@code agent} and catches the answer. */
    static Capture of(InetSocketAddress agent, String name, GossipKey key, Clock clock) throws NotObserved {
        Sealer sealer = new Sealer(new CountedNonceSource(
                new SecureRandom()::nextBytes, clock::millis, () -> clock.millis() * 1_000_000L));
        byte[] ping = SwimCodec.encode(new SwimMessage.Ping(SEQ_NO, name, Optional.empty()));
        byte[] sealedPing = sealer.seal(key, ping, 0, ping.length, Octets.empty());
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout((int) ANSWER_PATIENCE.toMillis());
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                socket.send(new DatagramPacket(sealedPing, sealedPing.length, agent));
                Optional<Octets> answer = receive(socket);
                if (answer.isPresent()) {
                    return open(answer.get(), key);
                }
            }
        } catch (IOException e) {
            throw new NotObserved("a ping to " + agent + " failed: " + e.getMessage());
        }
        throw new NotObserved("no answer to " + ATTEMPTS + " sealed pings to " + agent);
    }

    /** Whether {@code agent} answers the same ping in plain text, from someone without the key, within a moment. */
    static boolean answersPlaintext(InetSocketAddress agent, String name, Duration moment) throws NotObserved {
        byte[] ping = SwimCodec.encode(new SwimMessage.Ping(SEQ_NO, name, Optional.empty()));
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout((int) moment.toMillis());
            socket.send(new DatagramPacket(ping, ping.length, agent));
            return receive(socket).isPresent();
        } catch (IOException e) {
            throw new NotObserved("a ping to " + agent + " failed: " + e.getMessage());
        }
    }

    private static Optional<Octets> receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[DATAGRAM_MAX_BYTES], DATAGRAM_MAX_BYTES);
        try {
            socket.receive(packet);
            return Optional.of(Octets.wrap(Arrays.copyOf(packet.getData(), packet.getLength())));
        } catch (SocketTimeoutException silence) {
            return Optional.empty();
        }
    }

    private static Capture open(Octets sealed, GossipKey key) throws NotObserved {
        Opened opened = new Opener().open(Keyring.of(key), sealed, Octets.empty());
        if (!(opened instanceof Opened.Plain plain)) {
            throw new NotObserved("the answer does not open with the key: " + opened);
        }
        if (!(Checksum.verify(plain.plain()) instanceof Checksum.Verified.Intact intact)) {
            throw new NotObserved("the answer's checksum does not match");
        }
        Unwrapper.Unwrapped unwrapped = Unwrapper.unwrap(intact.rest(), Limits.defaults());
        for (Octets part : unwrapped.messages()) {
            if (SwimCodec.decode(part, Limits.defaults()) instanceof Decoded.Message decoded
                    && decoded.message() instanceof SwimMessage.Ack ack
                    && ack.seqNo() == SEQ_NO) {
                return new Capture(sealed, plain.plain(), ack);
            }
        }
        throw new NotObserved("the answer holds no ack of ping " + SEQ_NO);
    }
}
