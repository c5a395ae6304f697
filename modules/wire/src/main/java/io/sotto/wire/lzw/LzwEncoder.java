package io.sotto.wire.lzw;

import java.util.Arrays;

/**
 * Compresses bytes, with a leading clear code, to exactly what the real encoder gives.
 *
 * <p>The dictionary is a hash table from (code of a prefix, next byte) to the code of the longer string; a slot holds both
 * in one number. It is made only as large as the input can fill it. Source: gossip specification, section 3.2.
 */
public final class LzwEncoder {
    static final int CLEAR = 256;
    static final int END = 257;
    static final int WIDTH_MIN = 9;
    static final int WIDTH_MAX = 12;

    private static final int CODE_MAX = (1 << WIDTH_MAX) - 1;
    private static final int TABLE_BITS_MIN = 6;
    private static final int TABLE_BITS_MAX = 14;
    private static final int HASH_MULTIPLIER = 0x9e37_79b1;

    private final int[] table;
    private final int tableShift;
    private byte[] out;
    private int length;
    private int bits;
    private int bitCount;
    private int width = WIDTH_MIN;
    private int counter = END;

    private LzwEncoder(int inputLength) {
        // At most half full: an input byte makes at most one entry, and a full dictionary is cleared.
        int entries = Math.min(inputLength, 1 << WIDTH_MAX);
        int tableBits = Math.max(TABLE_BITS_MIN, Math.min(TABLE_BITS_MAX, 33 - Integer.numberOfLeadingZeros(entries)));
        this.table = new int[1 << tableBits];
        this.tableShift = 32 - tableBits;
        this.out = new byte[inputLength / 2 + 16];
    }

    /** Compresses {@code count} bytes of {@code input} from {@code offset} on. */
    public static byte[] encode(byte[] input, int offset, int count) {
        LzwEncoder encoder = new LzwEncoder(count);
        encoder.write(CLEAR);
        encoder.compress(input, offset, count);
        encoder.write(END);
        return encoder.finish();
    }

    private void compress(byte[] input, int offset, int count) {
        if (count == 0) {
            return;
        }
        int prefix = input[offset] & 0xff;
        for (int i = offset + 1; i < offset + count; i++) {
            int literal = input[i] & 0xff;
            int key = (prefix << 8) | literal;
            int slot = find(key);
            if (table[slot] != 0) {
                prefix = table[slot] & CODE_MAX;
            } else {
                write(prefix);
                if (advance()) {
                    table[slot] = (key << WIDTH_MAX) | counter;
                }
                prefix = literal;
            }
        }
        write(prefix);
        advance();
    }

    /** The slot that holds the key, or the free one where it belongs. No entry is 0: codes begin above 257. */
    private int find(int key) {
        int slot = (key * HASH_MULTIPLIER) >>> tableShift;
        while (table[slot] != 0 && table[slot] >>> WIDTH_MAX != key) {
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }

    /** Counts a code that was written; false when the dictionary was full and has been cleared. */
    private boolean advance() {
        counter++;
        if (counter == 1 << width) {
            width++;
        }
        if (counter < CODE_MAX) {
            return true;
        }
        write(CLEAR);
        width = WIDTH_MIN;
        counter = END;
        Arrays.fill(table, 0);
        return false;
    }

    private void write(int code) {
        bits |= code << bitCount;
        bitCount += width;
        while (bitCount >= 8) {
            put();
        }
    }

    private void put() {
        if (length == out.length) {
            out = Arrays.copyOf(out, 2 * length);
        }
        out[length++] = (byte) bits;
        bits >>>= 8;
        bitCount -= 8;
    }

    private byte[] finish() {
        if (bitCount > 0) {
            put();
        }
        return Arrays.copyOf(out, length);
    }
}
