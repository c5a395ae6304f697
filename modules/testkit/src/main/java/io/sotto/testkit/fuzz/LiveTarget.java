package io.sotto.testkit.fuzz;

import io.sotto.wire.Octets;
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
import io.sotto.wire.stream.StreamMessage;
import io.sotto.wire.stream.StreamPolicy;
import io.sotto.wire.stream.StreamProgress;
import io.sotto.wire.stream.StreamReader;
import io.sotto.wire.stream.StreamRole;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/**
 * A running node under test, asked over its sockets as a member asks: whether it still answers, and how.
 *
 * <p>Blocks the caller. Holds nothing between calls, so it may be used by several threads. Source: gossip specification,
 * sections 3 to 5.
 */
public final class LiveTarget {
    private static final int DATAGRAM_MAX_BYTES = 65_536;
    private static final int CHUNK_BYTES = 8 << 10;

    private final InetSocketAddress address;
    private final FuzzTarget target;

    private LiveTarget(InetSocketAddress address, FuzzTarget target) {
        this.address = address;
        this.target = target;
    }

    /** The node that listens there and is configured so. */
    public static LiveTarget at(InetSocketAddress address, FuzzTarget target) {
        return new LiveTarget(address, target);
    }

    /**
     * Sends one ping by datagram, sealed if the node has a key.
     *
     * @param from the local address to send from
     * @return milliseconds until its ack came, or empty when none came within {@code patience}
     */
    public Optional<Double> ping(InetAddress from, Duration patience) throws IOException {
        SecureRandom random = new SecureRandom();
        long seqNo = random.nextInt(1 << 30);
        byte[] plain = SwimCodec.encode(new SwimMessage.Ping(seqNo, target.name(), Optional.empty()));
        byte[] sent = SealForge.withLabel(
                target.label(),
                target.key().map(key -> seal(key, plain, random)).orElse(plain));
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(from, 0))) {
            long started = System.nanoTime();
            socket.send(new DatagramPacket(sent, sent.length, address));
            DatagramPacket answer = new DatagramPacket(new byte[DATAGRAM_MAX_BYTES], DATAGRAM_MAX_BYTES);
            for (long left = patience.toMillis(); left > 0; ) {
                socket.setSoTimeout((int) left);
                socket.receive(answer);
                if (isAck(Octets.copyOf(answer.getData(), 0, answer.getLength()), seqNo)) {
                    return Optional.of((System.nanoTime() - started) / 1e6);
                }
                left = patience.toMillis() - (System.nanoTime() - started) / 1_000_000;
            }
            return Optional.empty();
        } catch (SocketTimeoutException e) {
            return Optional.empty();
        }
    }

    /**
     * Opens a connection, writes the bytes, closes its half, and reads what comes back to the end.
     *
     * @param from the local address to connect from
     * @param patience for connecting, and again for every part of the answer
     */
    public StreamEnding exchange(Octets request, InetAddress from, Duration patience) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(from, 0));
            socket.setSoTimeout((int) patience.toMillis());
            try {
                socket.connect(address, (int) patience.toMillis());
            } catch (IOException e) {
                return StreamEnding.UNCONNECTED;
            }
            return ending(socket, request);
        }
    }

    private StreamEnding ending(Socket socket, Octets request) {
        StreamPolicy policy = new StreamPolicy(target.key().map(Keyring::of), true, true, target.label(), false, true);
        StreamReader reader = new StreamReader(StreamRole.ANSWER, policy, target.limits(), new Opener());
        try {
            socket.getOutputStream().write(request.toArray());
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                reader.feed(Octets.copyOf(chunk, 0, count));
            }
        } catch (SocketTimeoutException e) {
            return StreamEnding.OPEN;
        } catch (IOException e) {
            // Closed in the middle of what was sent, which is one way to refuse it; an answer may still have come.
        }
        if (!(reader.end() instanceof StreamProgress.Complete complete)) {
            return StreamEnding.CLOSED;
        }
        boolean isError =
                complete.message() instanceof StreamMessage.Swim swim && swim.message() instanceof SwimMessage.Err;
        return isError ? StreamEnding.REFUSED : StreamEnding.ANSWERED;
    }

    private byte[] seal(GossipKey key, byte[] plain, SecureRandom random) {
        Sealer sealer = new Sealer((nonce, offset) -> {
            byte[] fresh = new byte[12];
            random.nextBytes(fresh);
            System.arraycopy(fresh, 0, nonce, offset, fresh.length);
        });
        return sealer.seal(key, plain, 0, plain.length, target.label());
    }

    private boolean isAck(Octets packet, long seqNo) {
        int header = target.label().isEmpty() ? 0 : 2 + target.label().length();
        if (packet.length() <= header) {
            return false;
        }
        Octets plain = packet.slice(header, packet.length() - header);
        if (target.key().isPresent()) {
            Opened opened = new Opener().open(Keyring.of(target.key().get()), plain, target.label());
            if (!(opened instanceof Opened.Plain content)) {
                return false;
            }
            plain = content.plain();
        }
        // News rides along with acks, so they come in compounds, and those may be compressed.
        return Checksum.verify(plain) instanceof Checksum.Verified.Intact intact
                && Unwrapper.unwrap(intact.rest(), target.limits()).messages().stream()
                        .anyMatch(
                                message -> SwimCodec.decode(message, target.limits()) instanceof Decoded.Message decoded
                                        && decoded.message() instanceof SwimMessage.Ack ack
                                        && ack.seqNo() == seqNo);
    }
}
