package io.sotto.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable run of bytes, compared by content: addresses, meta, versions, payloads and encoded messages.
 *
 * <p>{@link #copyOf} copies, {@link #wrap} does not: whoever wraps an array gives it away and must not write to it again.
 * Values are safe to share between threads. Source: ours.
 */
public final class Octets {
    private static final Octets EMPTY = new Octets(new byte[0], 0, 0);

    private final byte[] array;
    private final int offset;
    private final int length;

    private Octets(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    public static Octets empty() {
        return EMPTY;
    }

    public static Octets copyOf(byte[] bytes) {
        return wrap(bytes.clone());
    }

    public static Octets copyOf(byte[] bytes, int offset, int length) {
        return wrap(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    /** Takes ownership of {@code bytes}, which nobody may write to from now on. */
    public static Octets wrap(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Octets(bytes, 0, bytes.length);
    }

    /** Takes ownership of a range of {@code bytes}, which nobody may write to from now on. */
    public static Octets wrap(byte[] bytes, int offset, int length) {
        if (offset < 0 || length < 0 || offset > bytes.length - length) {
            throw new IndexOutOfBoundsException("range " + offset + "+" + length + " of " + bytes.length + " bytes");
        }
        return length == 0 ? EMPTY : new Octets(bytes, offset, length);
    }

    /** The UTF-8 bytes of {@code text}; of a name that was none, the bytes that it came from: see {@link WireText}. */
    public static Octets utf8(String text) {
        return WireText.encode(text);
    }

    /** Reads lower- or upper-case hexadecimal without separators. */
    public static Octets hex(String digits) {
        return wrap(HexFormat.of().parseHex(digits));
    }

    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /** The byte at {@code index}, as 0 to 255. */
    public int at(int index) {
        if (index < 0 || index >= length) {
            throw new IndexOutOfBoundsException("index " + index + " of " + length + " bytes");
        }
        return array[offset + index] & 0xff;
    }

    /** A view of {@code count} bytes from {@code from}; shares the bytes, which never change. */
    public Octets slice(int from, int count) {
        if (from < 0 || count < 0 || from > length - count) {
            throw new IndexOutOfBoundsException("range " + from + "+" + count + " of " + length + " bytes");
        }
        return count == 0 ? EMPTY : new Octets(array, offset + from, count);
    }

    /** A fresh copy of the bytes. */
    public byte[] toArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** Copies all bytes to {@code target} at {@code position}; returns the position after them. */
    public int copyTo(byte[] target, int position) {
        System.arraycopy(array, offset, target, position, length);
        return position + length;
    }

    /** A view for channels; nobody can write through it. */
    public ByteBuffer asReadOnlyBuffer() {
        return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
    }

    public String toHex() {
        return HexFormat.of().formatHex(array, offset, offset + length);
    }

    /**
     * The array that holds the bytes, to be read from {@link #arrayOffset} on and never written to: for ciphers, checksums
     * and codecs, which work on arrays and must not copy.
     */
    public byte[] array() {
        return array;
    }

    /** Where in {@link #array} the bytes begin. */
    public int arrayOffset() {
        return offset;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets that
                && Arrays.equals(array, offset, offset + length, that.array, that.offset, that.offset + that.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    /** Short content in hexadecimal, long content as its length only: never more than a log line can bear. */
    @Override
    public String toString() {
        return length <= 32 ? toHex() : length + " bytes";
    }
}
