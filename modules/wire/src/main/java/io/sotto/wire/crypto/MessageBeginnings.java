package io.sotto.wire.crypto;

/**
 * Judges whether bytes begin like a plaintext message. A guess, for the order in which keys are tried, and nothing more.
 *
 * <p>About one random block in a hundred passes. Source: gossip specification, section 3, for the types.
 */
final class MessageBeginnings {
    private static final int CHECKSUM_BYTES = 5;

    private MessageBeginnings() {}

    /**
     * @param known how many of {@code bytes} are known
     * @param total how long the message is
     */
    static boolean isLikely(byte[] bytes, int known, int total) {
        if (known == 0) {
            return true;
        }
        if (bytes[0] == 12) {
            return known > CHECKSUM_BYTES && isLikely(bytes, CHECKSUM_BYTES, known, total);
        }
        return isLikely(bytes, 0, known, total);
    }

    private static boolean isLikely(byte[] bytes, int at, int known, int total) {
        int type = bytes[at] & 0xff;
        if (at + 1 >= known) {
            return type <= 13;
        }
        int next = bytes[at + 1] & 0xff;
        return switch (type) {
            case 0, 1, 2, 3, 4, 5, 6, 9, 11, 13 -> isStruct(next);
            case 7 -> next > 0 && at + 2 + 2 * next <= total;
            case 8 -> next <= 9 || isStruct(next);
            default -> false;
        };
    }

    /** Whether a struct can begin like that: a map, a list, or nil. */
    private static boolean isStruct(int descriptor) {
        return (descriptor >= 0x80 && descriptor < 0xa0)
                || descriptor == 0xc0
                || (descriptor >= 0xdc && descriptor < 0xe0);
    }
}
