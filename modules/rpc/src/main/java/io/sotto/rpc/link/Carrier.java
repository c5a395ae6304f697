package io.sotto.rpc.link;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one connection between the socket and what is said on it: as they are, or from some point on in TLS records.
 * What waits to be said is joined, so that many small frames share a record. One owner, no other thread. Source: ours;
 * performance rules, "RPC".
 */
final class Carrier {
    /** What is handed to the socket at once, in plaintext. Four full records. */
    private static final int PIECE_MAX = 64 << 10;

    /** Where what is to be said waits. */
    interface Speech {
        int outputLength();

        /** The bytes that wait, to be read before anything else happens to them. */
        ByteBuffer output();

        void skipOutput(int count);
    }

    private byte[] raw = new byte[0];
    private @Nullable TlsCore tls;
    private @Nullable Speech speech;
    private boolean ending;

    /** Bytes that go before everything else, as they are: a type byte before TLS. */
    void sendRaw(int octet) {
        raw = Arrays.copyOf(raw, raw.length + 1);
        raw[raw.length - 1] = (byte) octet;
    }

    /** From here on everything is in records. */
    TlsCore startTls(SSLEngine engine) {
        TlsCore core = new TlsCore(engine);
        tls = core;
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

    /** Hands bytes from the socket on, opened if they are in records. */
    void receive(byte[] bytes, int offset, int length, TlsCore.Content sink) {
        TlsCore core = tls;
        if (core == null) {
            sink.take(bytes, offset, length);
        } else {
            core.receive(bytes, offset, length, sink);
        }
    }

    boolean hasOutput() {
        TlsCore core = tls;
        if (ending && core != null && !hasSpeech()) {
            core.close();
        }
        return raw.length > 0 || (core != null && core.outputLength() > 0) || (maySpeak() && hasSpeech());
    }

    /** The next piece for the socket; null if there is none. */
    @Nullable
    ByteString takeOutput() {
        TlsCore core = tls;
        if (core == null) {
            return takePlain();
        }
        if (raw.length > 0) {
            return takeRaw();
        }
        Speech source = speech;
        if (source != null && maySpeak()) {
            ByteBuffer piece = piece(source);
            int length = piece.remaining();
            if (length > 0) {
                core.seal(piece);
                source.skipOutput(length);
            }
        }
        if (ending && !hasSpeech()) {
            core.close();
        }
        return core.outputLength() == 0 ? null : ByteString.fromArrayUnsafe(core.takeOutput());
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

    private boolean hasSpeech() {
        return speech != null && speech.outputLength() > 0;
    }

    private boolean maySpeak() {
        TlsCore core = tls;
        return core == null || (core.isEstablished() && core.end().isEmpty());
    }

    private @Nullable ByteString takePlain() {
        Speech source = speech;
        if (source == null || source.outputLength() == 0) {
            return raw.length == 0 ? null : takeRaw();
        }
        ByteBuffer piece = piece(source);
        int length = piece.remaining();
        byte[] bytes = Arrays.copyOf(raw, raw.length + length);
        piece.get(bytes, raw.length, length);
        raw = new byte[0];
        source.skipOutput(length);
        return ByteString.fromArrayUnsafe(bytes);
    }

    private ByteString takeRaw() {
        ByteString bytes = ByteString.fromArrayUnsafe(raw);
        raw = new byte[0];
        return bytes;
    }

    private static ByteBuffer piece(Speech source) {
        ByteBuffer piece = source.output();
        if (piece.remaining() > PIECE_MAX) {
            piece.limit(piece.position() + PIECE_MAX);
        }
        return piece;
    }
}
