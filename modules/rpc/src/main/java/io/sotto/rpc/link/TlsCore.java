package io.sotto.rpc.link;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Drives one {@link SSLEngine} without a socket: records in, their content out, and the other way round. Delegated tasks
 * run where they are met. What a peer sends never makes it throw: a failure is a {@link #end}, and the alert that goes with
 * it waits to be sent like any other record.
 *
 * <p>Memory: less than one record of what came and is not whole, and what was sealed and not yet taken. One owner, no other
 * thread. Source: ours; TLS specification, section 3.
 */
final class TlsCore {
    /** Takes what was in the records; the array is lent for the length of the call. */
    @FunctionalInterface
    interface Content {
        void take(byte[] array, int offset, int length);
    }

    /** An output buffer of up to this many bytes is kept for the next records; only what is established keeps one. */
    private static final int KEPT_MAX = 128 << 10;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private byte[] partial = new byte[0];
    private int partialLength;
    private byte[] contentBytes = new byte[0];
    private ByteBuffer content = NOTHING;
    private ByteBuffer sealed = NOTHING;
    private boolean established;
    private boolean closing;
    private @Nullable TlsEnd end;

    /** @param engine fresh, of a side and with parameters already set */
    TlsCore(SSLEngine engine) {
        this.engine = engine;
    }

    /** Begins the handshake; the dialling side has something to send then. */
    void begin() {
        try {
            engine.beginHandshake();
            shake();
        } catch (SSLException | RuntimeException e) {
            fail(e);
        }
    }

    /** Takes what came from the peer. Ignored after the end. */
    void receive(byte[] bytes, int offset, int length, Content sink) {
        int from = offset;
        int to = offset + length;
        while (from < to && end == null) {
            if (partialLength == 0) {
                from += open(ByteBuffer.wrap(bytes, from, to - from), sink);
                if (end == null && from < to) {
                    from += keep(bytes, from, to);
                }
            } else {
                from += keep(bytes, from, to);
                int used = open(ByteBuffer.wrap(partial, 0, partialLength), sink);
                partialLength -= used;
                System.arraycopy(partial, used, partial, 0, partialLength);
                if (partialLength == packetMax() && end == null) {
                    fail(new SSLException("a record of more than " + partialLength + " bytes"));
                }
            }
        }
    }

    /** The peer sends nothing any more. Without a farewell of its own this is how it ended. */
    void inputEnded() {
        if (end == null) {
            end = TlsEnd.EOF;
        }
    }

    /** Whether the handshake is done on this side. A TLS 1.3 dialler must not take that for the peer's consent. */
    boolean isEstablished() {
        return established;
    }

    /** How it ended; empty while it goes on. */
    Optional<TlsEnd> end() {
        return Optional.ofNullable(end);
    }

    SSLSession session() {
        return engine.getSession();
    }

    /** The protocol that was agreed on by ALPN; empty if none was. */
    String protocol() {
        String protocol = engine.getApplicationProtocol();
        return protocol == null ? "" : protocol;
    }

    /** Seals bytes, at once and in as few records as they fit into. Only when established and not ended. */
    void seal(ByteBuffer source) {
        try {
            while (source.hasRemaining() && end == null && !closing) {
                wrap(source);
            }
        } catch (SSLException | RuntimeException e) {
            fail(e);
        }
    }

    /** Says farewell; nothing can be sealed afterwards. */
    void close() {
        if (!closing) {
            closing = true;
            engine.closeOutbound();
            farewell();
        }
    }

    int outputLength() {
        return sealed.position();
    }

    /** All that is to be sent, and forgets it. */
    byte[] takeOutput() {
        byte[] bytes = new byte[sealed.position()];
        sealed.flip().get(bytes);
        if (established && sealed.capacity() <= KEPT_MAX) {
            sealed.clear();
        } else {
            sealed = NOTHING;
        }
        return bytes;
    }

    /** Moves bytes of an unfinished record over; returns how many. */
    private int keep(byte[] bytes, int from, int to) {
        int count = Math.min(to - from, packetMax() - partialLength);
        if (partialLength + count > partial.length) {
            partial =
                    Arrays.copyOf(partial, Math.min(Math.max(partialLength + count, 2 * partial.length), packetMax()));
        }
        System.arraycopy(bytes, from, partial, partialLength, count);
        partialLength += count;
        return count;
    }

    /** Opens every whole record; returns how many bytes that took. */
    private int open(ByteBuffer source, Content sink) {
        int begin = source.position();
        try {
            while (source.hasRemaining() && end == null) {
                SSLEngineResult result = engine.unwrap(source, content);
                if (content.position() > 0) {
                    int length = content.position();
                    content.clear();
                    sink.take(contentBytes, 0, length);
                }
                switch (result.getStatus()) {
                    case BUFFER_UNDERFLOW -> {
                        return source.position() - begin;
                    }
                    case BUFFER_OVERFLOW -> {
                        contentBytes = new byte
                                [Math.max(engine.getSession().getApplicationBufferSize(), contentBytes.length * 2)];
                        content = ByteBuffer.wrap(contentBytes);
                    }
                    case CLOSED -> {
                        closed();
                        return source.position() - begin;
                    }
                    case OK -> {
                        if (result.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING) {
                            shake();
                        }
                    }
                }
            }
        } catch (SSLException | RuntimeException e) {
            fail(e);
        }
        return source.position() - begin;
    }

    /** Runs the handshake on for as long as it does not wait for the peer. */
    private void shake() throws SSLException {
        while (end == null) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                }
                case NEED_WRAP -> wrap(NOTHING);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    return;
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    established = true;
                    return;
                }
            }
        }
    }

    private void wrap(ByteBuffer source) throws SSLException {
        SSLEngineResult result = engine.wrap(source, sealed);
        switch (result.getStatus()) {
            case BUFFER_OVERFLOW -> widen();
            case BUFFER_UNDERFLOW -> throw new SSLException("wrap wants more than there is");
            case CLOSED -> closed();
            case OK -> {
                if (result.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.FINISHED) {
                    established = true;
                }
            }
        }
    }

    private int packetMax() {
        return engine.getSession().getPacketBufferSize();
    }

    private void widen() {
        ByteBuffer wider = ByteBuffer.allocate(Math.max(sealed.capacity() * 2, sealed.position() + packetMax()));
        sealed.flip();
        sealed = wider.put(sealed);
    }

    private void closed() {
        if (end == null) {
            end = TlsEnd.EOF;
            close();
        }
    }

    private void fail(Exception cause) {
        if (end == null) {
            end = TlsEnd.of(cause);
            farewell();
        }
    }

    /** Puts the alert or the farewell that the engine still has into what is to be sent. */
    private void farewell() {
        try {
            while (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP
                    || !engine.isOutboundDone()) {
                if (sealed.remaining() < packetMax()) {
                    widen();
                }
                SSLEngineResult result = engine.wrap(NOTHING, sealed);
                if (result.bytesProduced() == 0) {
                    return;
                }
            }
        } catch (SSLException | RuntimeException alertIsOut) {
            // The engine tells its failure once more instead of an alert: there is none to send.
            return;
        }
    }
}
