package io.sotto.wire.packet;

import io.sotto.wire.Octets;
import java.util.ArrayList;
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

    private static final int LENGTH_BYTES = 2;
    private static final int PART_MAX_BYTES = 0xffff;
    private static final Unpacked NO_COUNT = new Unpacked.Malformed("missing compound length byte");
    private static final Unpacked CUT_TABLE = new Unpacked.Malformed("truncated len slice");

    private Compound() {}

    /**
     * Packs messages, type bytes first, into as few compounds as their number needs; none for no messages.
     *
     * @throws IllegalArgumentException for a message longer than 65,535 bytes
     */
    public static List<byte[]> pack(List<Octets> messages) {
        List<byte[]> compounds = new ArrayList<>();
        for (int from = 0; from < messages.size(); from += PARTS_MAX) {
            compounds.add(packOne(messages.subList(from, Math.min(from + PARTS_MAX, messages.size()))));
        }
        return compounds;
    }

    /** Reads what follows the type byte. A body cut short loses itself and all later ones. */
    public static Unpacked unpack(Octets body) {
        if (body.isEmpty()) {
            return NO_COUNT;
        }
        int count = body.at(0);
        int at = 1 + LENGTH_BYTES * count;
        if (body.length() < at) {
            return CUT_TABLE;
        }
        List<Octets> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int length = (body.at(1 + LENGTH_BYTES * i) << 8) | body.at(2 + LENGTH_BYTES * i);
            if (length > body.length() - at) {
                return new Unpacked.Parts(parts, count - i);
            }
            parts.add(body.slice(at, length));
            at += length;
        }
        return new Unpacked.Parts(parts, 0);
    }

    private static byte[] packOne(List<Octets> messages) {
        int length = 2 + LENGTH_BYTES * messages.size();
        for (Octets message : messages) {
            if (message.length() > PART_MAX_BYTES) {
                throw new IllegalArgumentException("a part of " + message.length() + " bytes does not fit a compound");
            }
            length += message.length();
        }
        byte[] compound = new byte[length];
        compound[0] = TYPE;
        compound[1] = (byte) messages.size();
        int tableAt = 2;
        int bodyAt = tableAt + LENGTH_BYTES * messages.size();
        for (Octets message : messages) {
            compound[tableAt++] = (byte) (message.length() >>> 8);
            compound[tableAt++] = (byte) message.length();
            bodyAt = message.copyTo(compound, bodyAt);
        }
        return compound;
    }

    /** The outcome of {@link #unpack}. */
    public sealed interface Unpacked {
        /** The parts that arrived whole, empty ones included, and how many did not. */
        record Parts(List<Octets> parts, int truncated) implements Unpacked {}

        /** No count, or a table that is cut short: nothing can be had. */
        record Malformed(String detail) implements Unpacked {}
    }
}
