package io.sotto.wire.crypto;

/**
 * Judges whether bytes begin like a plaintext message. A guess, for the order in which keys are tried, and nothing more:
 * what no real writer writes, such as a struct as a list, counts as unlikely though it would be read.
 *
 * <p>About one random block in a thousand passes. Source: gossip specification, sections 2.1, 3 and 16, for the forms.
 */
final class MessageBeginnings {
    private static final int CHECKSUM = 12;
    private static final int CHECKSUM_BYTES = 5;
    private static final int SERF_TYPE_MAX = 9;

    private MessageBeginnings() {}

    /**
     * @param known how many of {@code bytes} are known
     * @param total how long the message is
     */
    static boolean isLikely(byte[] bytes, int known, int total) {
        if (known == 0) {
            return true;
        }
        if (bytes[0] == CHECKSUM) {
            return known <= CHECKSUM_BYTES || isMessage(bytes, CHECKSUM_BYTES, known, total);
        }
        return isMessage(bytes, 0, known, total);
    }

    private static boolean isMessage(byte[] bytes, int at, int known, int total) {
        int type = bytes[at] & 0xff;
        return switch (type) {
            case 0, 1, 2, 3, 4, 5, 6, 9, 11, 13 -> isStruct(bytes, at + 1, known);
            case 7 -> isCompound(bytes, at + 1, known, total);
            case 8 ->
                isStruct(bytes, at + 1, known)
                        || ((bytes[at + 1] & 0xff) <= SERF_TYPE_MAX && isStruct(bytes, at + 2, known));
            default -> false;
        };
    }

    /** A map with few entries, and a short text as its first key; or nil. */
    private static boolean isStruct(byte[] bytes, int at, int known) {
        if (at >= known) {
            return true;
        }
        int descriptor = bytes[at] & 0xff;
        if ((descriptor & 0xf0) != 0x80) {
            return descriptor == 0xc0;
        }
        return at + 1 >= known || (bytes[at + 1] & 0xe0) == 0xa0;
    }

    /** A count whose table fits, and a first part that does. */
    private static boolean isCompound(byte[] bytes, int at, int known, int total) {
        if (at + 2 >= known) {
            return true;
        }
        int tableEnd = at + 1 + 2 * (bytes[at] & 0xff);
        int first = ((bytes[at + 1] & 0xff) << 8) | (bytes[at + 2] & 0xff);
        return bytes[at] != 0 && tableEnd + first <= total;
    }
}
