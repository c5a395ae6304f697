package io.sotto.testkit.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes msgpack, and what only looks like it: headers may announce other lengths than what follows has.
 *
 * <p>Remembers how far announced lengths reach, and where member names stand. Independent of the production writer.
 */
final class MsgpackPen {
    static final int NIL = 0xc0;
    static final int RESERVED = 0xc1;

    private static final int NAMES = 10_000;
    private static final int NAME_BYTES = 8;
    private static final byte[] BAD = "bad-".getBytes(StandardCharsets.US_ASCII);

    private byte[] array = new byte[160];
    private int length;
    private long claimedEnd;
    private int[] names = new int[4];
    private int nameCount;

    MsgpackPen octet(int value) {
        reserve(1);
        array[length++] = (byte) value;
        return this;
    }

    MsgpackPen raw(byte... bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, array, length, bytes.length);
        length += bytes.length;
        return this;
    }

    /** The last {@code width} bytes of a number. */
    MsgpackPen number(long value, int width) {
        for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
            octet((int) (value >>> shift));
        }
        return this;
    }

    /** The shortest unsigned form. */
    MsgpackPen unsigned(long value) {
        if (value >= 0 && value < 0x80) {
            return octet((int) value);
        }
        int width = value >= 0 && value <= 0xff ? 0 : value >= 0 && value <= 0xffff ? 1 : value >>> 32 == 0 ? 2 : 3;
        return octet(0xcc + width).number(value, 1 << width);
    }

    /** Any form that holds the number, longer than it need be. */
    MsgpackPen integer(long value, Chance chance) {
        if (!chance.oneIn(4) || value < 0) {
            return value < 0 ? octet(0xd3).number(value, 8) : unsigned(value);
        }
        int shortest = value <= 0xff ? 0 : value <= 0xffff ? 1 : value >>> 32 == 0 ? 2 : 3;
        int width = chance.between(shortest, 3);
        long signedMax = (1L << (8 * (1 << width) - 1)) - 1;
        boolean signed = chance.random().nextBoolean() && value <= signedMax;
        return octet((signed ? 0xd0 : 0xcc) + width).number(value, 1 << width);
    }

    /** The header of text or bytes that announces {@code declared} bytes. */
    MsgpackPen rawHeader(long declared) {
        if (declared < 32) {
            octet(0xa0 | (int) declared);
        } else if (declared <= 0xffff) {
            octet(0xda).number(declared, 2);
        } else {
            octet(0xdb).number(declared, 4);
        }
        claim(declared);
        return this;
    }

    /** Text, in the old form or in any newer one. */
    MsgpackPen text(byte[] bytes, Chance chance) {
        return chance.oneIn(6)
                ? wide(0xd9, bytes, chance)
                : rawHeader(bytes.length).raw(bytes);
    }

    /** Bytes, in the old form of text or in any form that bytes may have. */
    MsgpackPen bytes(byte[] bytes, Chance chance) {
        if (bytes.length == 0 && chance.random().nextBoolean()) {
            return octet(NIL);
        }
        if (bytes.length > 0 && bytes.length < 16 && chance.oneIn(16)) {
            octet(0x90 | bytes.length);
            for (byte b : bytes) {
                unsigned(b & 0xff);
            }
            return this;
        }
        return chance.oneIn(6)
                ? wide(chance.random().nextBoolean() ? 0xc4 : 0xd9, bytes, chance)
                : rawHeader(bytes.length).raw(bytes);
    }

    private MsgpackPen wide(int first, byte[] bytes, Chance chance) {
        int width = chance.between(bytes.length <= 0xff ? 0 : bytes.length <= 0xffff ? 1 : 2, 2);
        return octet(first + width).number(bytes.length, 1 << width).raw(bytes);
    }

    /** The header of a map, or with {@code 0x90} of a list, in the shortest form. */
    MsgpackPen containerHeader(int fix, long count) {
        if (count < 16) {
            return octet(fix | (int) count);
        }
        int first = fix == 0x80 ? 0xde : 0xdc;
        return count <= 0xffff
                ? octet(first).number(count, 2)
                : octet(first + 1).number(count, 4);
    }

    MsgpackPen map(long count) {
        return containerHeader(0x80, count);
    }

    MsgpackPen list(long count) {
        return containerHeader(0x90, count);
    }

    MsgpackPen key(String name) {
        return rawHeader(name.length()).raw(name.getBytes(StandardCharsets.US_ASCII));
    }

    /** Containers inside one another, and a nil at the bottom. */
    MsgpackPen nested(int depth, boolean maps) {
        for (int i = 0; i < depth; i++) {
            octet(maps ? 0x81 : 0x91);
            if (maps) {
                octet(0xa0);
            }
        }
        return octet(NIL);
    }

    /** The name of a member that does not exist, which {@link #condemn} still changes. */
    MsgpackPen memberName(Chance chance) {
        if (nameCount == names.length) {
            names = Arrays.copyOf(names, 2 * nameCount);
        }
        octet(0xa0 | NAME_BYTES);
        names[nameCount++] = length;
        int number = chance.below(NAMES);
        raw("may-".getBytes(StandardCharsets.US_ASCII));
        for (int unit = NAMES / 10; unit > 0; unit /= 10) {
            octet('0' + number / unit % 10);
        }
        return this;
    }

    /** Gives the members that do not exist the name of those that must never be listed. */
    void condemn() {
        for (int i = 0; i < nameCount; i++) {
            if (names[i] + BAD.length <= length) {
                System.arraycopy(BAD, 0, array, names[i], BAD.length);
            }
        }
    }

    /** Something just written announces {@code more} bytes from here on. */
    void claim(long more) {
        claimedEnd = Math.max(claimedEnd, more > Integer.MAX_VALUE ? Long.MAX_VALUE : length + more);
    }

    /** Whether something announced more bytes than there are now. */
    boolean isOverclaimed() {
        return claimedEnd > length;
    }

    int length() {
        return length;
    }

    /** Gives up all but the first bytes. */
    void cut(int newLength) {
        length = newLength;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(array, length);
    }

    private void reserve(int more) {
        if (length + more > array.length) {
            array = Arrays.copyOf(array, Math.max(2 * array.length, length + more));
        }
    }
}
