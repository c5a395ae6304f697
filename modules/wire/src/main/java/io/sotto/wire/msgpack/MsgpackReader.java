package io.sotto.wire.msgpack;

import io.sotto.wire.Octets;
import io.sotto.wire.WireText;

/**
 * Reads the msgpack dialect of the gossip wire from bytes that may be hostile.
 *
 * <p>It never throws on what it reads. The first thing that is wrong sets {@link #fault}; from then on every call returns
 * zero, empty or false at once, so that a codec may read on and ask once at the end. No length is believed before as many
 * bytes are there; nothing recurses. Nil reads as the zero value of anything.
 *
 * <p>A struct is read as
 *
 * <pre>{@code
 * int header = reader.beginStruct();
 * for (int i = 0; i < MsgpackReader.entries(header); i++) {
 *     switch (reader.field(header, i, SHAPE)) {
 *         case 0 -> seqNo = reader.unsigned(MAX);
 *         default -> reader.skip();
 *     }
 * }
 * }</pre>
 *
 * <p>One class of this length, because every method moves the same cursor and sets the same fault, and the datagram path
 * must not pay for handing them on. One owner, no other thread. Source: gossip specification, section 2.2. Where its two generations of readers differ,
 * what either accepts is accepted.
 *
 * <p>Over 400 lines: one format, type by type.
 */
public final class MsgpackReader {
    /** What was wrong with the bytes. */
    public enum Fault {
        NONE("sound"),
        /** They ended too early; more of them could make it right. */
        TRUNCATED("ends inside a value"),
        /** A value of a type that its place does not allow. */
        TYPE("a value of the wrong type"),
        /** A number or a length that its place does not allow. */
        RANGE("a value out of range"),
        /** Containers nested too deep. */
        DEPTH("containers nested too deep");

        private final String detail;

        Fault(String detail) {
            this.detail = detail;
        }

        /** In words, for the log. */
        public String detail() {
            return detail;
        }
    }

    private static final int NIL = 0xc0;
    private static final int NOT_RAW = -1;
    private static final int FAILED = -2;

    private final byte[] array;
    private final int start;
    private final int maxDepth;
    private final int limit;
    private int position;
    private Fault fault = Fault.NONE;
    private long missing;
    /** What the containers that are open still have to bring at the very least. */
    private long owed;

    /** Whether the last integer was above 2^63 - 1. */
    private boolean isHuge;

    /** Reads {@code bytes} from {@code from} on; values that are skipped may nest {@code maxDepth} deep. */
    public MsgpackReader(Octets bytes, int from, int maxDepth) {
        this(bytes.array(), bytes.arrayOffset() + from, bytes.length() - from, maxDepth);
    }

    /** Reads {@code length} bytes of {@code array}, which is not written to meanwhile. */
    public MsgpackReader(byte[] array, int offset, int length, int maxDepth) {
        this.array = array;
        this.start = offset;
        this.position = offset;
        this.limit = offset + length;
        this.maxDepth = maxDepth;
    }

    public boolean hasFailed() {
        return fault != Fault.NONE;
    }

    public Fault fault() {
        return fault;
    }

    /** After {@code TRUNCATED}: as long as fewer than so many more bytes have arrived, trying again is in vain. */
    public long missingBytes() {
        return missing;
    }

    /** Bytes read so far. */
    public int consumed() {
        return position - start;
    }

    /** Bytes not read yet. */
    public int remaining() {
        return limit - position;
    }

    /** Begins a struct, given as a map, as a list, or as nil for one with all fields zero. */
    public int beginStruct() {
        int descriptor = next();
        if (descriptor < 0 || descriptor == NIL) {
            return 0;
        }
        long count = mapCount(descriptor);
        if (count >= 0) {
            return owe(count, 2) ? (int) count : 0;
        }
        count = listCount(descriptor);
        if (count >= 0) {
            return owe(count, 1) ? ~(int) count : 0;
        }
        fail(Fault.TYPE);
        return 0;
    }

    /** How many fields a struct with this header has. */
    public static int entries(int header) {
        return header >= 0 ? header : ~header;
    }

    /** The field that comes next, as its place in the shape; -1 for one to {@link #skip}. */
    public int field(int header, int index, StructShape shape) {
        if (header < 0) {
            owed--;
            return hasFailed() || index >= shape.size() ? -1 : index;
        }
        owed -= 2;
        int descriptor = next();
        if (descriptor < 0) {
            return -1;
        }
        int length = rawLength(descriptor);
        if (length < 0) {
            fail(Fault.TYPE);
            return -1;
        }
        int at = position;
        position += length;
        return shape.find(array, at, length, index);
    }

    /** Begins a list of at most {@code maxCount}; nil reads as empty. Each takes a byte or more, and so many are there. */
    public int beginList(int maxCount) {
        int descriptor = next();
        if (descriptor < 0 || descriptor == NIL) {
            return 0;
        }
        long count = listCount(descriptor);
        if (count < 0) {
            fail(Fault.TYPE);
            return 0;
        }
        return isBounded(count, maxCount) && isThere(count) ? (int) count : 0;
    }

    /** Begins a map of at most {@code maxCount}; nil reads as empty. Each takes two bytes or more, and so many are there. */
    public int beginMap(int maxCount) {
        int descriptor = next();
        if (descriptor < 0 || descriptor == NIL) {
            return 0;
        }
        long count = mapCount(descriptor);
        if (count < 0) {
            fail(Fault.TYPE);
            return 0;
        }
        return isBounded(count, maxCount) && isThere(2 * count) ? (int) count : 0;
    }

    /** The descriptor byte of the next value, which stays; -1 when there is none. */
    public int peek() {
        return position < limit ? array[position] & 0xff : -1;
    }

    /** Whether the next value is nil; takes it if so. */
    public boolean takeNil() {
        if (position < limit && (array[position] & 0xff) == NIL) {
            position++;
            return true;
        }
        return false;
    }

    /** Text of at most {@code maxBytes}; see {@link WireText} for what is not UTF-8. */
    public String text(int maxBytes) {
        int descriptor = next();
        if (descriptor < 0 || descriptor == NIL) {
            return "";
        }
        int length = rawLength(descriptor, maxBytes);
        if (length <= 0) {
            failUnlessRaw(length);
            return "";
        }
        int at = position;
        position += length;
        return WireText.decode(array, at, length);
    }

    /** As {@link #text}, but not from the family that is for bytes alone, which the readers of calls turn away. */
    public String textOnly(int maxBytes) {
        int descriptor = position < limit ? array[position] & 0xff : NIL;
        if (descriptor >= 0xc4 && descriptor <= 0xc6) {
            fail(Fault.TYPE);
            return "";
        }
        return text(maxBytes);
    }

    /** A copy of at most {@code maxBytes} bytes, given as such, as text, or as a list of small integers. */
    public Octets bytes(int maxBytes) {
        return bytes(maxBytes, true);
    }

    /** As {@link #bytes}, but where it can be without a copy: the result keeps the whole input alive. */
    public Octets bytesInPlace(int maxBytes) {
        return bytes(maxBytes, false);
    }

    private Octets bytes(int maxBytes, boolean copies) {
        int descriptor = next();
        if (descriptor < 0 || descriptor == NIL) {
            return Octets.empty();
        }
        int length = rawLength(descriptor, maxBytes);
        if (length == NOT_RAW) {
            return bytesFromList(descriptor, maxBytes);
        }
        if (length <= 0) {
            return Octets.empty();
        }
        int at = position;
        position += length;
        return copies ? Octets.copyOf(array, at, length) : Octets.wrap(array, at, length);
    }

    /** An integer of any width from 0 to {@code max}. */
    public long unsigned(long max) {
        long value = integer();
        if (isHuge || value < 0 || value > max) {
            fail(Fault.RANGE);
            return 0;
        }
        return value;
    }

    /** An unsigned 64-bit integer of any width. */
    public long unsigned64() {
        long value = integer();
        if (!isHuge && value < 0) {
            fail(Fault.RANGE);
            return 0;
        }
        return value;
    }

    /** A signed 64-bit integer of any width. */
    public long signed() {
        long value = integer();
        if (isHuge) {
            fail(Fault.RANGE);
            return 0;
        }
        return value;
    }

    /** A double, given as such, as a single or as an integer of any width; whatever its bits say, infinities included. */
    public double float64() {
        if (position < limit && (array[position] & 0xff) == 0xcb) {
            position++;
            return Double.longBitsToDouble(fixed(8));
        }
        if (position < limit && (array[position] & 0xff) == 0xca) {
            position++;
            return Float.intBitsToFloat((int) fixed(4));
        }
        long value = integer();
        return isHuge ? 0x1p64 + value : value;
    }

    /** A boolean, given as such or as 0 or 1. */
    public boolean bool() {
        int descriptor = next();
        if (descriptor == 0xc3 || descriptor == 1) {
            return true;
        }
        if (descriptor >= 0 && descriptor != 0xc2 && descriptor != 0 && descriptor != NIL) {
            position--;
            return unsigned(1) == 1;
        }
        return false;
    }

    /** Passes over the next value, whatever it is, and all inside it. */
    public void skip() {
        long inside = skipOne();
        if (inside > 0) {
            skipInside(inside);
        }
    }

    private void skipInside(long values) {
        long[] open = new long[maxDepth];
        int depth = 0;
        long pending = owe(values, 1) ? values : 0;
        while (!hasFailed()) {
            while (pending == 0) {
                if (depth == 0) {
                    return;
                }
                pending = open[--depth];
            }
            pending--;
            owed--;
            long inside = skipOne();
            if (inside > 0 && depth + 1 >= maxDepth) {
                fail(Fault.DEPTH);
            } else if (inside > 0 && owe(inside, 1)) {
                open[depth++] = pending;
                pending = inside;
            }
        }
    }

    /** Passes over a scalar, or over the header of a container; returns how many values are inside. */
    private long skipOne() {
        int descriptor = next();
        if (descriptor < 0) {
            return 0;
        }
        int length = rawLength(descriptor);
        if (length != NOT_RAW) {
            position += Math.max(length, 0);
            return 0;
        }
        long count = mapCount(descriptor);
        if (count >= 0) {
            return 2 * count;
        }
        count = listCount(descriptor);
        if (count >= 0) {
            return count;
        }
        int payload = scalarLength(descriptor);
        if (payload < 0) {
            fail(Fault.TYPE);
        } else if (isThere(payload)) {
            position += payload;
        }
        return 0;
    }

    private static int scalarLength(int descriptor) {
        if (descriptor < 0x80 || descriptor >= 0xe0) {
            return 0;
        }
        return switch (descriptor) {
            case NIL, 0xc2, 0xc3 -> 0;
            case 0xcc, 0xd0 -> 1;
            case 0xcd, 0xd1 -> 2;
            case 0xce, 0xd2, 0xca -> 4;
            case 0xcf, 0xd3, 0xcb -> 8;
            case 0xd4 -> 2;
            case 0xd5 -> 3;
            case 0xd6 -> 5;
            case 0xd7 -> 9;
            case 0xd8 -> 17;
            default -> -1;
        };
    }

    private long integer() {
        isHuge = false;
        int descriptor = next();
        if (descriptor < 0x80) {
            return Math.max(descriptor, 0);
        }
        if (descriptor >= 0xe0) {
            return (byte) descriptor;
        }
        return switch (descriptor) {
            case NIL -> 0;
            case 0xcc -> fixed(1);
            case 0xcd -> fixed(2);
            case 0xce -> fixed(4);
            case 0xcf -> {
                long value = fixed(8);
                isHuge = value < 0;
                yield value;
            }
            case 0xd0 -> (byte) fixed(1);
            case 0xd1 -> (short) fixed(2);
            case 0xd2 -> (int) fixed(4);
            case 0xd3 -> fixed(8);
            default -> {
                fail(Fault.TYPE);
                yield 0;
            }
        };
    }

    private Octets bytesFromList(int descriptor, int maxBytes) {
        long count = listCount(descriptor);
        if (count < 0) {
            fail(Fault.TYPE);
            return Octets.empty();
        }
        if (!isBounded(count, maxBytes) || !isThere(count)) {
            return Octets.empty();
        }
        byte[] bytes = new byte[(int) count];
        owed += count;
        for (int i = 0; i < bytes.length && !hasFailed(); i++) {
            owed--;
            bytes[i] = (byte) unsigned(0xff);
        }
        return hasFailed() ? Octets.empty() : Octets.wrap(bytes);
    }

    private void failUnlessRaw(int length) {
        if (length == NOT_RAW) {
            fail(Fault.TYPE);
        }
    }

    private int rawLength(int descriptor) {
        return rawLength(descriptor, Integer.MAX_VALUE);
    }

    /** The length of a text or byte value whose bytes are all there; or {@code NOT_RAW}, or {@code FAILED}. */
    private int rawLength(int descriptor, int maxBytes) {
        long length;
        if ((descriptor & 0xe0) == 0xa0) {
            length = descriptor & 0x1f;
        } else {
            int width = switch (descriptor) {
                case 0xd9, 0xc4 -> 1;
                case 0xda, 0xc5 -> 2;
                case 0xdb, 0xc6 -> 4;
                default -> 0;
            };
            if (width == 0) {
                return NOT_RAW;
            }
            length = fixed(width);
        }
        return isBounded(length, maxBytes) && isThere(length) ? (int) length : FAILED;
    }

    private long mapCount(int descriptor) {
        if ((descriptor & 0xf0) == 0x80) {
            return descriptor & 0x0f;
        }
        return descriptor == 0xde ? fixed(2) : descriptor == 0xdf ? fixed(4) : -1;
    }

    private long listCount(int descriptor) {
        if ((descriptor & 0xf0) == 0x90) {
            return descriptor & 0x0f;
        }
        return descriptor == 0xdc ? fixed(2) : descriptor == 0xdd ? fixed(4) : -1;
    }

    /** The descriptor byte of the next value, or -1 when there is none. */
    private int next() {
        return isThere(1) ? array[position++] & 0xff : -1;
    }

    private long fixed(int width) {
        if (!isThere(width)) {
            return 0;
        }
        long value = 0;
        for (int end = position + width; position < end; position++) {
            value = (value << 8) | (array[position] & 0xff);
        }
        return value;
    }

    private boolean owe(long count, int bytesEach) {
        if (!isThere(count * bytesEach)) {
            return false;
        }
        owed += count * bytesEach;
        return true;
    }

    private boolean isBounded(long count, int maxCount) {
        if (count > maxCount) {
            fail(Fault.RANGE);
        }
        return !hasFailed();
    }

    private boolean isThere(long count) {
        if (count <= limit - position) {
            return !hasFailed();
        }
        if (!hasFailed()) {
            missing = count - (limit - position) + Math.max(owed, 0);
            fail(Fault.TRUNCATED);
        }
        return false;
    }

    private void fail(Fault what) {
        if (fault == Fault.NONE) {
            fault = what;
            position = limit;
        }
    }
}
