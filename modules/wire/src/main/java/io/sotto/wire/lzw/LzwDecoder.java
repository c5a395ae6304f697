package io.sotto.wire.lzw;

import io.sotto.wire.Octets;
import java.util.Arrays;

/**
 * Decompresses bytes that may be hostile, with or without a leading clear code, up to a bound.
 *
 * <p>Every string of the dictionary is a run of what has been put out already (the string before it and one byte more), so
 * an entry is a place and a length in the output. Source: gossip specification, section 3.2.
 */
public final class LzwDecoder {
    private static final int NONE = -1;
    private static final int MORE_THAN_ALLOWED = -2;

    private final byte[] in;
    private final int end;
    private final int maxBytes;
    private final int[] starts;
    private final int[] lengths;
    private byte[] out;
    private int length;
    private int at;
    private int bits;
    private int bitCount;

    private LzwDecoder(byte[] in, int offset, int count, int maxBytes) {
        this.in = in;
        this.at = offset;
        this.end = offset + count;
        this.maxBytes = maxBytes;
        int entries = (int) Math.min(1 << LzwEncoder.WIDTH_MAX, LzwEncoder.END + 2 + 8L * count / LzwEncoder.WIDTH_MIN);
        this.starts = new int[entries];
        this.lengths = new int[entries];
        this.out = new byte[(int) Math.min(maxBytes, 2L * count + 16)];
    }

    /** What became of the input. */
    public sealed interface Result {
        /** The bytes, possibly none. What follows the end code was ignored. */
        record Plain(Octets plain) implements Result {}

        /** A code that cannot be there, or no end code; {@code detail} is what the real decoder says. */
        record Malformed(String detail) implements Result {}

        /** There is more in it than was allowed. */
        enum TooLong implements Result {
            INSTANCE
        }
    }

    /** Decompresses {@code packed} to at most {@code maxBytes}. */
    public static Result decode(Octets packed, int maxBytes) {
        return new LzwDecoder(packed.array(), packed.arrayOffset(), packed.length(), maxBytes).decode();
    }

    private Result decode() {
        int width = LzwEncoder.WIDTH_MIN;
        int next = LzwEncoder.END;
        int lastStart = NONE;
        int lastLength = 0;
        while (true) {
            int code = code(width);
            if (code == NONE) {
                return new Result.Malformed("unexpected EOF");
            }
            if (code == LzwEncoder.END) {
                return new Result.Plain(Octets.wrap(out, 0, length));
            }
            if (code == LzwEncoder.CLEAR) {
                width = LzwEncoder.WIDTH_MIN;
                next = LzwEncoder.END;
                lastStart = NONE;
                continue;
            }
            if (code > next) {
                return new Result.Malformed("lzw: invalid code");
            }
            int start = length;
            int written = code < LzwEncoder.CLEAR
                    ? literal(code)
                    : code == next && lastStart != NONE
                            ? copy(lastStart, lastLength, 1)
                            : copy(starts[code], lengths[code], 0);
            if (written == MORE_THAN_ALLOWED) {
                return Result.TooLong.INSTANCE;
            }
            if (lastStart != NONE) {
                starts[next] = lastStart;
                lengths[next] = lastLength + 1;
            }
            lastStart = start;
            lastLength = written;
            next++;
            if (next == 1 << width) {
                if (width < LzwEncoder.WIDTH_MAX) {
                    width++;
                } else {
                    next--;
                    lastStart = NONE;
                }
            }
        }
    }

    /** The next code, or {@code NONE} at the end of the input. */
    private int code(int width) {
        while (bitCount < width) {
            if (at == end) {
                return NONE;
            }
            bits |= (in[at++] & 0xff) << bitCount;
            bitCount += 8;
        }
        int code = bits & ((1 << width) - 1);
        bits >>>= width;
        bitCount -= width;
        return code;
    }

    private int literal(int code) {
        if (!makeRoom(1)) {
            return MORE_THAN_ALLOWED;
        }
        out[length++] = (byte) code;
        return 1;
    }

    /** Puts out once more what stands at {@code start}, and then, with {@code again} 1, its first byte. */
    private int copy(int start, int count, int again) {
        if (!makeRoom(count + again)) {
            return MORE_THAN_ALLOWED;
        }
        System.arraycopy(out, start, out, length, count);
        length += count;
        if (again == 1) {
            out[length++] = out[start];
        }
        return count + again;
    }

    private boolean makeRoom(int count) {
        if (count > maxBytes - length) {
            return false;
        }
        if (length + count > out.length) {
            out = Arrays.copyOf(out, (int) Math.min(maxBytes, Math.max(2L * out.length, (long) length + count)));
        }
        return true;
    }
}
