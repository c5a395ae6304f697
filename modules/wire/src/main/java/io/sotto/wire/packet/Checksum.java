package io.sotto.wire.packet;

import io.sotto.wire.Octets;
import java.util.zip.CRC32;

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

    private static final Verified MISMATCH = new Verified.Corrupt("the checksum does not match");

    private Checksum() {}

    /** Puts the checksum in front. */
    public static byte[] add(byte[] message) {
        byte[] checked = new byte[OVERHEAD_BYTES + message.length];
        long crc = crc(message, 0, message.length);
        checked[0] = TYPE;
        for (int i = 1; i < OVERHEAD_BYTES; i++) {
            checked[i] = (byte) (crc >>> (8 * (OVERHEAD_BYTES - 1 - i)));
        }
        System.arraycopy(message, 0, checked, OVERHEAD_BYTES, message.length);
        return checked;
    }

    /** Checks and takes off the checksum of a packet that has one; any other packet comes back as it is. */
    public static Verified verify(Octets packet) {
        if (packet.length() < OVERHEAD_BYTES || packet.at(0) != TYPE) {
            return new Verified.Intact(packet);
        }
        long claimed = 0;
        for (int i = 1; i < OVERHEAD_BYTES; i++) {
            claimed = (claimed << 8) | packet.at(i);
        }
        Octets rest = packet.slice(OVERHEAD_BYTES, packet.length() - OVERHEAD_BYTES);
        return claimed == crc(rest.array(), rest.arrayOffset(), rest.length()) ? new Verified.Intact(rest) : MISMATCH;
    }

    private static long crc(byte[] bytes, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, offset, length);
        return crc.getValue();
    }

    /** The outcome of {@link #verify}. */
    public sealed interface Verified {
        /** What the checksum was about; or the packet itself, when it has none. */
        record Intact(Octets rest) implements Verified {}

        /** Altered on the way, or never right. */
        record Corrupt(String detail) implements Verified {}
    }
}
