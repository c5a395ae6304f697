package io.sotto.wire.packet;

import io.sotto.wire.Octets;

/**
 * The checksum layer of datagrams.
 *
 * <pre>
 *  0      1              5     (bytes)
 *  +------+--------------+------
 *  |  0c  | CRC-32 u32   | rest
 *  +------+--------------+------
 * </pre>
 *
 * <p>Source: gossip specification, section 3.3. Only peers whose {@code pmax} is at least 5 read it.
 */
public final class Checksum {
    /** The type byte. */
    public static final int TYPE = 12;

    /** What the header takes. */
    public static final int OVERHEAD_BYTES = 5;

    /** The least {@code pmax} of a peer that reads checksums. */
    public static final int PMAX_MIN = 5;

    private Checksum() {}

    public static byte[] add(byte[] message) {
        return io.sotto.wire.Pending.body();
    }

    /** Checks and takes off the checksum of a packet that has one; any other packet comes back as it is. */
    public static Verified verify(Octets packet) {
        return io.sotto.wire.Pending.body();
    }

    /** The outcome of {@link #verify}. */
    public sealed interface Verified {
        record Intact(Octets rest) implements Verified {}

        record Corrupt(String detail) implements Verified {}
    }
}
