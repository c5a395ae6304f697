package io.sotto.wire.packet;

import io.sotto.wire.Octets;
import java.util.List;

/**
 * Several messages in one packet.
 *
 * <pre>
 *  0      1       2                2+2c              (bytes)
 *  +------+-------+----------------+-----------------
 *  |  07  | count | length u16 x c | bodies
 *  +------+-------+----------------+-----------------
 * </pre>
 *
 * <p>Source: gossip specification, section 3.1.
 */
public final class Compound {
    /** The type byte. */
    public static final int TYPE = 7;

    /** Parts of one compound at most: the count is one byte. */
    public static final int PARTS_MAX = 255;

    private Compound() {}

    /** Packs messages, type bytes first, into as few compounds as their number needs; none for no messages. */
    public static List<byte[]> pack(List<Octets> messages) {
        return io.sotto.wire.Pending.body();
    }

    /** Reads what follows the type byte. A body cut short loses itself and all later ones. */
    public static Unpacked unpack(Octets body) {
        return io.sotto.wire.Pending.body();
    }

    /** The outcome of {@link #unpack}. */
    public sealed interface Unpacked {
        /** The parts that arrived whole, empty ones included, and how many did not. */
        record Parts(List<Octets> parts, int truncated) implements Unpacked {}

        /** No count, or a table that is cut short: nothing can be had. */
        record Malformed(String detail) implements Unpacked {}
    }
}
