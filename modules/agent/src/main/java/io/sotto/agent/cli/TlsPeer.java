package io.sotto.agent.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * One connection to a peer, to see what becomes of it: type byte, handshake, and a first exchange inside, since a TLS 1.3
 * server refuses a client's certificate only after the client's handshake is done. Blocks; for the command line.
 */
final class TlsPeer implements AutoCloseable {
    /** The byte that announces TLS on an RPC port. */
    private static final int TLS = 3;
    /** Inside TLS: the byte of multiplexed streams, and a ping of theirs. */
    private static final byte[] PING = {4, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7};

    private static final byte[] HEAD = "HEAD / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final SSLEngine engine;
    private final ByteBuffer incoming = ByteBuffer.allocate(1 << 16).flip();
    private final ByteBuffer clear = ByteBuffer.allocate(1 << 16);

    private TlsPeer(Socket socket, SSLEngine engine) {
        this.socket = socket;
        this.engine = engine;
    }

    /** Connects; nothing is said yet. */
    static TlsPeer connect(InetSocketAddress peer, SSLEngine engine, int timeoutMillis) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(peer, timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            return new TlsPeer(socket, engine);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Speaks until the peer has answered inside TLS.
     *
     * @throws SSLException if one of both refuses the other
     * @throws IOException if the connection ends otherwise
     */
    void confirm(boolean https) throws IOException {
        if (!https) {
            out().write(TLS);
        }
        engine.beginHandshake();
        while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            step();
        }
        send(ByteBuffer.wrap(https ? HEAD : PING));
        while (clear.position() == 0) {
            unwrap();
        }
    }

    String protocol() {
        return engine.getSession().getProtocol() + ", " + engine.getSession().getCipherSuite();
    }

    /** The peer's leaf, once it has shown one. */
    Optional<X509Certificate> shown() {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Certificate certificate : engine.getSession().getPeerCertificates()) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
        return chain.stream().findFirst();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void step() throws IOException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
            }
            case NEED_WRAP -> send(ByteBuffer.allocate(0));
            default -> unwrap();
        }
    }

    private void send(ByteBuffer content) throws IOException {
        do {
            ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(content, record);
            out().write(record.array(), 0, record.position());
        } while (content.hasRemaining());
        out().flush();
    }

    private void unwrap() throws IOException {
        try {
            SSLEngineResult result = engine.unwrap(incoming, clear);
            if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                read();
            } else if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                throw new IOException("the peer ended the connection");
            }
        } catch (SSLException refused) {
            sayWhy();
            throw refused;
        }
    }

    /** Sends the alert that tells the peer why. */
    private void sayWhy() throws IOException {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            if (engine.wrap(ByteBuffer.allocate(0), record).bytesProduced() == 0) {
                return;
            }
            out().write(record.array(), 0, record.position());
        }
    }

    private void read() throws IOException {
        incoming.compact();
        InputStream in = socket.getInputStream();
        int count = in.read(incoming.array(), incoming.position(), incoming.remaining());
        if (count < 0) {
            throw new IOException("the peer ended the connection");
        }
        incoming.position(incoming.position() + count).flip();
    }

    private OutputStream out() throws IOException {
        return socket.getOutputStream();
    }
}
