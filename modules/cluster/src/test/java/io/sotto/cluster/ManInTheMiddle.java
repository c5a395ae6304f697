package io.sotto.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Passes connections on, hears everything, and may change what it passes. */
final class ManInTheMiddle implements AutoCloseable {
    private final ServerSocket listening;
    private final InetSocketAddress target;
    private final UnaryOperator<byte[]> upwards;
    private final UnaryOperator<byte[]> downwards;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    private ManInTheMiddle(
            ServerSocket listening,
            InetSocketAddress target,
            UnaryOperator<byte[]> upwards,
            UnaryOperator<byte[]> downwards) {
        this.listening = listening;
        this.target = target;
        this.upwards = upwards;
        this.downwards = downwards;
    }

    /**
     * Begins to listen.
     *
     * @param upwards what becomes of each piece on its way to {@code target}
     * @param downwards what becomes of each on its way back
     */
    static ManInTheMiddle before(
            InetSocketAddress target, UnaryOperator<byte[]> upwards, UnaryOperator<byte[]> downwards) {
        try {
            var man = new ManInTheMiddle(
                    new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target, upwards, downwards);
            man.thread(man::accept);
            return man;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
    }

    /** All that came by, in both directions. */
    byte[] heard() {
        synchronized (heard) {
            return heard.toByteArray();
        }
    }

    /** Changes one bit, {@code after} bytes behind the first occurrence of a field's name. */
    static UnaryOperator<byte[]> flipping(String field, int after) {
        byte[] name = field.getBytes(StandardCharsets.US_ASCII);
        return piece -> {
            byte[] changed = piece.clone();
            for (int i = 0; i + name.length + after < changed.length; i++) {
                int at = 0;
                while (at < name.length && changed[i + at] == name[at]) {
                    at++;
                }
                if (at == name.length) {
                    changed[i + name.length + after] ^= 1;
                    return changed;
                }
            }
            return changed;
        };
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listening.accept();
            Socket server = new Socket(target.getAddress(), target.getPort());
            thread(() -> pass(client, server, upwards));
            thread(() -> pass(server, client, downwards));
        }
    }

    private void pass(Socket from, Socket to, UnaryOperator<byte[]> change) throws IOException {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[65_536];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                byte[] piece = Arrays.copyOf(buffer, count);
                synchronized (heard) {
                    heard.writeBytes(piece);
                }
                out.write(change.apply(piece));
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private void thread(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        // A connection, or this: both ends see it too.
                    }
                },
                "man in the middle");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
