package io.sotto.rpc.link;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;
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
 * <p>Memory: less than one record of what came and is not whole, and what of a handshake was not yet taken; all else is lent. One owner, no other
 * thread. Source: ours; TLS specification, section 3.
 */
final class TlsCore {
    /** Takes what was in the records; the array is lent for the length of the call. */
    @FunctionalInterface
    interface Content {
        void take(byte[] array, int offset, int length);
    }

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private byte[] partial = new byte[0];
    private int partialLength;
    private LinkBuffers memory = new LinkBuffers();
    /** Of the handshake, alerts and farewells: what no seal carries. */
    private ByteBuffer pending = NOTHING;
    /** How large a record's content may be; found out by the first one. */
    private int contentMax;

    private boolean established;
    private boolean closing;
    private @Nullable TlsEnd end;

    /** @param engine fresh, of a side and with parameters already set */
    TlsCore(SSLEngine engine) {
        this.engine = engine;
    }

    /** What is used from now on to open and seal. */
    void lend(LinkBuffers lent) {
        memory = lent;
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

    /**
     * Takes what came from the peer. Ignored after the end.
     *
     * @param enough asked after each record whether its owner has something else to do before the next
     * @return how much was taken: less than all only after a record after which there was enough
     */
    int receive(byte[] bytes, int offset, int length, Content sink, BooleanSupplier enough) {
        int from = offset;
        int to = offset + length;
        while (from < to && end == null) {
            if (partialLength == 0) {
                int opened = open(ByteBuffer.wrap(bytes, from, to - from), sink, enough);
                from += opened;
                if (opened > 0 && enough.getAsBoolean()) {
                    break;
                }
                if (end == null && from < to) {
                    from += keep(bytes, from, to);
                }
            } else {
                from += keep(bytes, from, to);
                // All of it: nobody asks for what is kept here until more comes.
                int used = open(ByteBuffer.wrap(partial, 0, partialLength), sink, () -> false);
                partialLength -= used;
                System.arraycopy(partial, used, partial, 0, partialLength);
                if (partialLength == packetMax() && end == null) {
                    fail(new SSLException("a record of more than " + partialLength + " bytes"));
                }
            }
        }
        return end == null ? from - offset : length;
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

    /**
     * Seals bytes, at once and in as few records as they fit into, behind what was put together by {@link #takeOutput}. Only
     * when established and not ended.
     *
     * @return what is to be sent, in the lent memory
     */
    ByteBuffer seal(ByteBuffer source) {
        ByteBuffer out = memory.widen(0);
        try {
            while (source.hasRemaining() && end == null && !closing) {
                out = memory.widen(packetMax());
                wrap(source, out);
            }
        } catch (SSLException | RuntimeException e) {
            fail(e);
        }
        return out;
    }

    /** Says farewell; nothing can be sealed afterwards. */
    void close() {
        if (!closing) {
            closing = true;
            engine.closeOutbound();
            farewell();
        }
    }

    /** Whether something waits that no seal carries. */
    boolean hasOutput() {
        return pending.position() > 0;
    }

    /** Puts what waits behind what is in the lent memory, and forgets it. */
    ByteBuffer takeOutput() {
        ByteBuffer out = memory.widen(pending.position());
        out.put(pending.flip());
        pending = NOTHING;
        return out;
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

    /** Opens whole records until there is enough; returns how many bytes that took. */
    private int open(ByteBuffer source, Content sink, BooleanSupplier enough) {
        int begin = source.position();
        try {
            while (source.hasRemaining() && end == null) {
                byte[] content = memory.content(contentMax);
                SSLEngineResult result = engine.unwrap(source, ByteBuffer.wrap(content));
                if (result.bytesProduced() > 0) {
                    sink.take(content, 0, result.bytesProduced());
                }
                switch (result.getStatus()) {
                    case BUFFER_UNDERFLOW -> {
                        return source.position() - begin;
                    }
                    case BUFFER_OVERFLOW -> {
                        contentMax = Math.max(engine.getSession().getApplicationBufferSize(), content.length * 2);
                    }
                    case CLOSED -> {
                        closed();
                        return source.position() - begin;
                    }
                    case OK -> {
                        if (result.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING) {
                            shake();
                        }
                        if (enough.getAsBoolean()) {
                            return source.position() - begin;
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
                    if (established) {
                        // Each would cost as much as the first, and no real agent asks for it.
                        throw new SSLException("renegotiation");
                    }
                    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                }
                case NEED_WRAP -> wrap(NOTHING, room());
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

    private void wrap(ByteBuffer source, ByteBuffer out) throws SSLException {
        SSLEngineResult result = engine.wrap(source, out);
        if (result.bytesConsumed() == 0 && result.bytesProduced() == 0 && source.hasRemaining()) {
            throw new SSLException("nothing can be sealed");
        }
        switch (result.getStatus()) {
            case BUFFER_OVERFLOW -> throw new SSLException("wrap wants more room than it says");
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

    /** What waits, with room for a record behind it. */
    private ByteBuffer room() {
        if (pending.remaining() < packetMax()) {
            pending = ByteBuffer.allocate(pending.position() + packetMax()).put(pending.flip());
        }
        return pending;
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
                SSLEngineResult result = engine.wrap(NOTHING, room());
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
