package io.sotto.agent.cli;

import io.sotto.pki.TlsSettings;
import io.sotto.pki.TlsSettings.Dialect;
import io.sotto.pki.TlsSnapshot;
import io.sotto.pki.pem.PemSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** Accepts one connection, on the RPC port's terms or HTTPS's, and echoes what comes inside TLS. */
final class OneTlsServer implements Runnable {
    private static final int TLS = 3;

    private final ServerSocket listening;
    private final SSLEngine engine;
    private final AtomicInteger first;
    private final boolean answers;

    OneTlsServer(ServerSocket listening, SSLEngine engine, AtomicInteger first, boolean answers) {
        this.listening = listening;
        this.engine = engine;
        this.first = first;
        this.answers = answers;
    }

    /**
     * One that shows a certificate which {@code sotto tls} made in a directory, and wants one of its authority.
     *
     * @param name of the certificate's files, without their endings
     * @param first takes the first byte that comes
     */
    static OneTlsServer showing(
            Path directory, String name, ServerSocket listening, AtomicInteger first, boolean answers)
            throws Exception {
        TlsSnapshot snapshot = TlsSnapshot.create(
                TlsSettings.builder(Dialect.SOTTO)
                        .authorities(List.of(source(directory, "consul-agent-ca.pem")))
                        .certificate(source(directory, name + ".pem"))
                        .key(source(directory, name + "-key.pem"))
                        .verifyIncoming(true)
                        .build(),
                1,
                Instant::now);
        return new OneTlsServer(listening, snapshot.accept(List.of()), first, answers);
    }

    private static PemSource source(Path directory, String name) throws IOException {
        return PemSource.of(name, Files.readAllBytes(directory.resolve(name)));
    }

    @Override
    public void run() {
        try (Socket socket = listening.accept()) {
            serve(socket);
        } catch (IOException e) {
            // The one who dialled tells what became of it.
        }
    }

    private void serve(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        ByteBuffer incoming = ByteBuffer.allocate(1 << 16);
        first.set(in.read());
        if (first.get() != TLS) {
            incoming.put((byte) first.get());
        }
        incoming.flip();
        ByteBuffer clear = ByteBuffer.allocate(1 << 16);
        engine.setUseClientMode(false);
        engine.beginHandshake();
        try {
            while (clear.position() == 0) {
                step(socket, incoming, clear);
            }
            if (answers) {
                clear.flip();
                wrap(socket, clear);
            }
        } catch (SSLException refused) {
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                wrap(socket, ByteBuffer.allocate(0));
            }
        }
        drain(in);
    }

    private void step(Socket socket, ByteBuffer incoming, ByteBuffer clear) throws IOException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
            }
            case NEED_WRAP -> wrap(socket, ByteBuffer.allocate(0));
            default -> {
                SSLEngineResult result = engine.unwrap(incoming, clear);
                if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                    throw new IOException("closed");
                }
                if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                    incoming.compact();
                    byte[] more = new byte[incoming.remaining()];
                    int count = socket.getInputStream().read(more);
                    if (count < 0) {
                        throw new IOException("closed");
                    }
                    incoming.put(more, 0, count).flip();
                }
            }
        }
    }

    private void wrap(Socket socket, ByteBuffer content) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(content, record);
        socket.getOutputStream().write(record.array(), 0, record.position());
        socket.getOutputStream().flush();
    }

    /** Until the other side ends, so that its unread bytes do not turn our last word into a reset. */
    private static void drain(InputStream in) throws IOException {
        byte[] rest = new byte[1024];
        int count = in.read(rest);
        while (count >= 0) {
            count = in.read(rest);
        }
    }
}
