package io.sotto.wire.msgpack;

import io.sotto.wire.Octets;
import io.sotto.wire.WireText;
import java.util.Arrays;

/**
 * Writes the msgpack dialect of the gossip wire: the old raw family for text and bytes alike, integers in their shortest
 * unsigned form.
 *
 * <p>The order of a struct's keys is the caller's: ascending. One owner, no other thread. Source: gossip specification,
 * section 2.1 (generation A).
 */
public final class MsgpackWriter {
    private byte[] array;
    private int position;

    /** Begins empty, with room for {@code expectedBytes}; grows as needed. */
    public MsgpackWriter(int expectedBytes) {
        this.array = new byte[Math.max(expectedBytes, 16)];
    }

    /** Bytes written so far. */
    public int length() {
        return position;
    }

    public byte[] toByteArray() {
        return position == array.length ? array : Arrays.copyOf(array, position);
    }

    public Octets toOctets() {
        return Octets.copyOf(array, 0, position);
    }

    /** One byte as it is, such as the type byte in front of a message. */
    public MsgpackWriter octet(int value) {
        reserve(1);
        array[position++] = (byte) value;
        return this;
    }

    /** Bytes as they are, without a header. */
    public MsgpackWriter append(Octets bytes) {
        reserve(bytes.length());
        position = bytes.copyTo(array, position);
        return this;
    }

    public MsgpackWriter map(int entries) {
        return container(entries, 0x80, 0xde);
    }

    public MsgpackWriter list(int elements) {
        return container(elements, 0x90, 0xdc);
    }

    public MsgpackWriter nil() {
        return octet(0xc0);
    }

    public MsgpackWriter bool(boolean value) {
        return octet(value ? 0xc3 : 0xc2);
    }

    public MsgpackWriter text(String text) {
        int length = WireText.encodedLength(text);
        rawHeader(length);
        reserve(length);
        position = WireText.encode(text, array, position);
        return this;
    }

    /** A key or a tag name; the same as {@link #text}. */
    public MsgpackWriter key(String name) {
        return text(name);
    }

    public MsgpackWriter bytes(Octets bytes) {
        rawHeader(bytes.length());
        return append(bytes);
    }

    /** Bytes, or nil when there are none: what the real writers have for a field that was never set. */
    public MsgpackWriter bytesOrNil(Octets bytes) {
        return bytes.isEmpty() ? nil() : bytes(bytes);
    }

    /** Text as the newer dialect has it: with one byte of length from 32 bytes on. Source: msgpack specification, str 8. */
    public MsgpackWriter shortText(String text) {
        int length = WireText.encodedLength(text);
        if (length < 32 || length > 0xff) {
            return text(text);
        }
        octet(0xd9).octet(length);
        reserve(length);
        position = WireText.encode(text, array, position);
        return this;
    }

    /** Bytes as the newer dialect has them: a family of their own. Source: msgpack specification, bin family. */
    public MsgpackWriter binary(Octets bytes) {
        int length = bytes.length();
        if (length <= 0xff) {
            octet(0xc4).fixed(length, 1);
        } else if (length <= 0xffff) {
            octet(0xc5).fixed(length, 2);
        } else {
            octet(0xc6).fixed(length, 4);
        }
        return append(bytes);
    }

    /** An unsigned 64-bit number. */
    public MsgpackWriter unsigned(long value) {
        if (value >= 0 && value < 0x80) {
            return octet((int) value);
        }
        if (value >= 0 && value <= 0xff) {
            return octet(0xcc).fixed(value, 1);
        }
        if (value >= 0 && value <= 0xffff) {
            return octet(0xcd).fixed(value, 2);
        }
        if (value >= 0 && value <= 0xffff_ffffL) {
            return octet(0xce).fixed(value, 4);
        }
        return octet(0xcf).fixed(value, 8);
    }

    /** A signed 64-bit number; one that is not negative is written as an unsigned one. */
    public MsgpackWriter signed(long value) {
        if (value >= 0) {
            return unsigned(value);
        }
        if (value >= -32) {
            return octet((int) value);
        }
        if (value >= Byte.MIN_VALUE) {
            return octet(0xd0).fixed(value, 1);
        }
        if (value >= Short.MIN_VALUE) {
            return octet(0xd1).fixed(value, 2);
        }
        if (value >= Integer.MIN_VALUE) {
            return octet(0xd2).fixed(value, 4);
        }
        return octet(0xd3).fixed(value, 8);
    }

    /** A double, always in eight bytes. */
    public MsgpackWriter float64(double value) {
        return octet(0xcb).fixed(Double.doubleToRawLongBits(value), 8);
    }

    private void rawHeader(int length) {
        if (length < 32) {
            octet(0xa0 | length);
        } else if (length <= 0xffff) {
            octet(0xda).fixed(length, 2);
        } else {
            octet(0xdb).fixed(length, 4);
        }
    }

    private MsgpackWriter container(int count, int fixed, int wide) {
        if (count < 16) {
            return octet(fixed | count);
        }
        return count <= 0xffff ? octet(wide).fixed(count, 2) : octet(wide + 1).fixed(count, 4);
    }

    private MsgpackWriter fixed(long value, int width) {
        reserve(width);
        for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
            array[position++] = (byte) (value >>> shift);
        }
        return this;
    }

    private void reserve(int count) {
        int needed = Math.addExact(position, count);
        if (needed > array.length) {
            array = Arrays.copyOf(array, (int) Math.min(Math.max(2L * array.length, needed), Integer.MAX_VALUE - 8));
        }
    }
}
