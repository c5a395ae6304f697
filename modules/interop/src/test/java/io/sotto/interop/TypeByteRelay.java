package io.sotto.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Lets programs that know TLS but nothing of Consul talk to an RPC port: for every connection it opens one to the port,
 * writes the byte that asks for TLS, and passes on the rest. Source: RPC specification, section 1.
 */
final class TypeByteRelay implements AutoCloseable {
    private static final int TLS = 3;

    private final ServerSocket listening;
    private final InetSocketAddress target;

    private TypeByteRelay(ServerSocket listening, InetSocketAddress target) {
        this.listening = listening;
        this.target = target;
    }

    static TypeByteRelay to(InetSocketAddress target) {
        try {
            var relay = new TypeByteRelay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
            relay.thread(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For command lines. */
    String address() {
        return Site.address(listening.getInetAddress().getHostAddress(), listening.getLocalPort());
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listening.accept();
            Socket server = new Socket(target.getAddress(), target.getPort());
            server.getOutputStream().write(TLS);
            thread(() -> pass(client, server));
            thread(() -> pass(server, client));
        }
    }

    /** Until either side ends; then both do. */
    private static void pass(Socket from, Socket to) throws IOException {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
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
                        // A connection, or the relay: the programs on both sides see it too.
                    }
                },
                "type byte relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
