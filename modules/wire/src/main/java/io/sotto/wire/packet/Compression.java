package io.sotto.wire.packet;

import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;

/**
 * A compressed message: the type byte {@code 09}, then msgpack {@code {Algo: 0, Buf: bytes}} with LZW inside.
 *
 * <p>Source: gossip specification, section 3.2.
 */
public final class Compression {
    /** The type byte. */
    public static final int TYPE = 9;

    private Compression() {}

    /** The whole compress message around {@code length} bytes of {@code plain}, even when that is longer. */
    public static byte[] compress(byte[] plain, int offset, int length) {
        return io.sotto.wire.Pending.body();
    }

    /** As {@link #compress}, but {@code message} itself when compressing does not make it shorter: the rule for packets. */
    public static byte[] compressIfShorter(byte[] message) {
        return io.sotto.wire.Pending.body();
    }

    /**
     * Reads what follows the type byte.
     *
     * @param maxBytes what it may unpack to
     */
    public static Decompressed decompress(Octets body, int maxBytes, int msgpackMaxDepth) {
        return io.sotto.wire.Pending.body();
    }

    /** The outcome of {@link #decompress}. */
    public sealed interface Decompressed {
        /** The bytes, possibly none. */
        record Plain(Octets plain) implements Decompressed {}

        /** {@code COMPRESSION} for what cannot be unpacked, {@code EXPANSION} for what unpacks to more than is allowed. */
        record Refused(Rejection.Reason reason, String detail) implements Decompressed {}
    }
}
