package io.sotto.rpc.link;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one connection between the socket and what is said on it: as they are, or from some point on in TLS records.
 * What waits to be said is joined, so that many small frames share a record. One owner, no other thread. Source: ours;
 * performance rules, "RPC".
 */
final class Carrier {
    /** What is handed to the socket at once, in plaintext: some four full records. */
    private static final int PIECE_MAX = 64 << 10;
    /** The most that one record holds. Source: RFC 8446, section 5.1. */
    private static final int RECORD_MAX = 16 << 10;
    /** With so much to say the peer had better hear it now, so that both ends work at the same time: some tens of small frames. */
    private static final int MUCH = 4 << 10;

    private static final byte[] NOTHING = new byte[0];

    /** Where what is to be said waits. */
    interface Speech {
        int outputLength();

        /** The bytes that wait, to be read before anything else happens to them. */
        ByteBuffer output();

        void skipOutput(int count);
    }

    private LinkBuffers memory = new LinkBuffers();
    private byte[] raw = NOTHING;
    private @Nullable TlsCore tls;
    private @Nullable Speech speech;
    private boolean ending;

    /** What is used from now on to put pieces together. */
    void lend(LinkBuffers lent) {
        memory = lent;
        TlsCore core = tls;
        if (core != null) {
            core.lend(lent);
        }
    }

    /** Bytes that go before everything else, as they are: a type byte before TLS. */
    void sendRaw(int octet) {
        raw = Arrays.copyOf(raw, raw.length + 1);
        raw[raw.length - 1] = (byte) octet;
    }

    /** From here on everything is in records. */
    TlsCore startTls(SSLEngine engine) {
        TlsCore core = new TlsCore(engine);
        tls = core;
        core.lend(memory);
        core.begin();
        return core;
    }

    /** Whose bytes are to be sent once they can be. */
    void speak(Speech source) {
        speech = source;
    }

    @Nullable
    TlsCore tls() {
        return tls;
    }

    /**
     * Hands bytes from the socket on, opened if they are in records; returns how many it took, which is less than all where much
     * waits to be said before the next record.
     */
    int receive(byte[] bytes, int offset, int length, TlsCore.Content sink) {
        TlsCore core = tls;
        if (core == null) {
            sink.take(bytes, offset, length);
            return length;
        }
        return core.receive(bytes, offset, length, sink, this::hasMuchToSay);
    }

    private boolean hasOutput() {
        TlsCore core = tls;
        if (ending && core != null && !hasSpeech()) {
            core.close();
        }
        return raw.length > 0 || (core != null && core.hasOutput()) || (maySpeak() && hasSpeech());
    }

    /** The next piece for the socket, lent until the next call; null if there is none. */
    @Nullable
    ByteBuffer takeOutput() {
        ByteBuffer out = memory.out(raw.length).put(raw);
        raw = NOTHING;
        TlsCore core = tls;
        Speech source = maySpeak() ? speech : null;
        if (core != null) {
            out = core.takeOutput();
        }
        if (source != null && source.outputLength() > 0) {
            ByteBuffer piece = piece(source);
            int length = piece.remaining();
            if (core == null) {
                out = memory.widen(length).put(piece);
            } else {
                if (length >= MUCH && length <= RECORD_MAX) {
                    // In two records: the peer has answered the first, and we are at that, while it opens the second.
                    int end = piece.limit();
                    core.seal(piece.limit(piece.position() + length / 2));
                    piece.limit(end);
                }
                out = core.seal(piece);
            }
            source.skipOutput(length);
        }
        if (ending && core != null && !hasSpeech()) {
            core.close();
            out = core.takeOutput();
        }
        return out.position() == 0 ? null : out.flip();
    }

    /** Says farewell, where there are words for it, after what waits. */
    void endAfterOutput() {
        ending = true;
    }

    /** Drops what waits, and says farewell. */
    void endNow() {
        ending = true;
        speech = null;
    }

    /** Whether the farewell is out, and nothing is to follow. */
    boolean isFinished() {
        return ending && !hasOutput();
    }

    private boolean hasMuchToSay() {
        return speech != null && speech.outputLength() >= MUCH;
    }

    private boolean hasSpeech() {
        return speech != null && speech.outputLength() > 0;
    }

    private boolean maySpeak() {
        TlsCore core = tls;
        return core == null || (core.isEstablished() && core.end().isEmpty());
    }

    private static ByteBuffer piece(Speech source) {
        ByteBuffer piece = source.output();
        if (piece.remaining() > PIECE_MAX) {
            piece.limit(piece.position() + PIECE_MAX);
        }
        return piece;
    }
}
