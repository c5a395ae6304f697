package io.sotto.wire.crypto;

import io.sotto.wire.WireText;
import java.util.Arrays;

/**
 * Standard base64 as the real agents read it: padding is required, carriage returns and line feeds are passed over, and
 * bits after the last byte are not looked at. The JDK's decoder is too lenient in the first and too strict in the second.
 *
 * <p>Source: the agent's documented behaviour for {@code encrypt}; RFC 4648, section 4.
 */
final class PaddedBase64 {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private PaddedBase64() {}

    /** @throws IllegalArgumentException "illegal base64 data at input byte N", without the data */
    static byte[] decode(String text) {
        byte[] bytes = new byte[text.length() / 4 * 3 + 3];
        int written = 0;
        int digits = 0;
        int group = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '=') {
                requireEnd(text, at, digits);
                break;
            }
            int digit = ALPHABET.indexOf(c);
            if (digit >= 0) {
                group = (group << 6) | digit;
                digits++;
            } else if (c != '\n' && c != '\r') {
                throw illegal(text, at);
            }
            if (digits == 4) {
                written = put(bytes, written, group, 3);
                digits = 0;
                group = 0;
            }
            at++;
        }
        if (at == text.length() && digits > 0) {
            throw illegal(text, text.length() - digits);
        }
        if (digits > 0) {
            written = put(bytes, written, group << (6 * (4 - digits)), digits - 1);
        }
        byte[] exact = Arrays.copyOf(bytes, written);
        Arrays.fill(bytes, (byte) 0);
        return exact;
    }

    /** Checks that the padding sign at {@code at} is in its place and that nothing but its like comes after it. */
    private static void requireEnd(String text, int at, int digits) {
        if (digits < 2) {
            throw illegal(text, at);
        }
        int next = skipLineEnds(text, at + 1);
        if (digits == 2) {
            if (next == text.length()) {
                throw illegal(text, text.length());
            }
            if (text.charAt(next) != '=') {
                throw illegal(text, next - 1);
            }
            next = skipLineEnds(text, next + 1);
        }
        if (next < text.length()) {
            throw illegal(text, next);
        }
    }

    private static int skipLineEnds(String text, int from) {
        int at = from;
        while (at < text.length() && (text.charAt(at) == '\n' || text.charAt(at) == '\r')) {
            at++;
        }
        return at;
    }

    private static int put(byte[] bytes, int written, int group, int count) {
        for (int i = 0; i < count; i++) {
            bytes[written + i] = (byte) (group >>> (16 - 8 * i));
        }
        return written + count;
    }

    private static IllegalArgumentException illegal(String text, int at) {
        int bytesBefore = WireText.encodedLength(text.substring(0, at));
        return new IllegalArgumentException("illegal base64 data at input byte " + bytesBefore);
    }
}
