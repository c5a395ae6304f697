package io.sotto.wire;

import java.nio.charset.StandardCharsets;

/**
 * Strings of the wire: UTF-8, but any bytes survive the way to a {@link String} and back.
 *
 * <p>A byte that is no part of well-formed UTF-8 becomes one lone surrogate, U+DC80 for {@code 80} to U+DCFF for {@code ff}.
 * Two names are therefore equal as strings exactly when they are equal as bytes, which is how members compare them.
 * Stateless, for any thread. Source: gossip specification, section 2.2; the mapping is that of PEP 383.
 */
public final class WireText {
    private static final char ESCAPE = 0xdc00;
    private static final char ESCAPE_FIRST = 0xdc80;
    private static final char ESCAPE_LAST = 0xdcff;

    private WireText() {}

    /** Reads bytes as text; never fails. */
    public static String decode(Octets bytes) {
        return decode(bytes.array(), bytes.arrayOffset(), bytes.length());
    }

    /** Reads {@code length} bytes from {@code offset} on as text; never fails. */
    public static String decode(byte[] bytes, int offset, int length) {
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            if (bytes[i] < 0) {
                return decodeBeyondAscii(bytes, offset, end);
            }
        }
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }

    /** The bytes of a text: those it was decoded from, if it was. */
    public static Octets encode(String text) {
        byte[] bytes = new byte[encodedLength(text)];
        encode(text, bytes, 0);
        return Octets.wrap(bytes);
    }

    /** How many bytes {@link #encode(String)} gives. */
    public static int encodedLength(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                length++;
            } else if (c < 0x800) {
                length += 2;
            } else if (isPair(text, i)) {
                length += 4;
                i++;
            } else {
                length += Character.isSurrogate(c) ? 1 : 3;
            }
        }
        return length;
    }

    /** Writes the bytes of a text to {@code target} at {@code position}; returns the position after them. */
    public static int encode(String text, byte[] target, int position) {
        int at = position;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                target[at++] = (byte) c;
            } else if (c < 0x800) {
                target[at++] = (byte) (0xc0 | (c >> 6));
                target[at++] = continuation(c);
            } else if (isPair(text, i)) {
                int point = Character.toCodePoint(c, text.charAt(++i));
                target[at++] = (byte) (0xf0 | (point >> 18));
                target[at++] = continuation(point >> 12);
                target[at++] = continuation(point >> 6);
                target[at++] = continuation(point);
            } else if (Character.isSurrogate(c)) {
                // Any other lone surrogate cannot have come from bytes, and has none.
                target[at++] = c >= ESCAPE_FIRST && c <= ESCAPE_LAST ? (byte) (c - ESCAPE) : (byte) '?';
            } else {
                target[at++] = (byte) (0xe0 | (c >> 12));
                target[at++] = continuation(c >> 6);
                target[at++] = continuation(c);
            }
        }
        return at;
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3f));
    }

    private static boolean isPair(String text, int index) {
        return Character.isHighSurrogate(text.charAt(index))
                && index + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(index + 1));
    }

    private static String decodeBeyondAscii(byte[] bytes, int offset, int end) {
        StringBuilder text = new StringBuilder(end - offset);
        int at = offset;
        while (at < end) {
            int length = sequenceLength(bytes, at, end);
            if (length == 0) {
                text.append((char) (ESCAPE + (bytes[at++] & 0xff)));
            } else {
                text.appendCodePoint(codePoint(bytes, at, length));
                at += length;
            }
        }
        return text.toString();
    }

    /** How many bytes the well-formed sequence at {@code at} has; 0 when there is none. */
    private static int sequenceLength(byte[] bytes, int at, int end) {
        int first = bytes[at] & 0xff;
        int length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        if (length == 0 || at + length > end) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int point = codePoint(bytes, at, length);
        boolean isOverlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
        boolean isNoCharacter = (point >= 0xd800 && point <= 0xdfff) || point > Character.MAX_CODE_POINT;
        return isOverlong || isNoCharacter ? 0 : length;
    }

    private static int codePoint(byte[] bytes, int at, int length) {
        int first = bytes[at] & 0xff;
        int point = length == 1 ? first : first & (0xff >> (length + 1));
        for (int i = 1; i < length; i++) {
            point = (point << 6) | (bytes[at + i] & 0x3f);
        }
        return point;
    }
}
