package io.sotto.wire.stream;

import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackReader;
import java.util.Arrays;

/**
 * The bytes of a stream that arrived and have not been used yet. Its memory follows what arrived: at most twice as much.
 *
 * <p>Once a layer has been opened, its content takes the place of the bytes, is complete, and nothing is added any more.
 */
final class StreamBuffer {
    private byte[] array = new byte[0];
    private int start;
    private int end;
    private boolean isWhole;

    int available() {
        return end - start;
    }

    /** Whether no more bytes can come. */
    boolean isWhole() {
        return isWhole;
    }

    void append(Octets chunk) {
        int needed = available() + chunk.length();
        if (start > 0 && end + chunk.length() > array.length) {
            System.arraycopy(array, start, array, 0, available());
            end -= start;
            start = 0;
        }
        if (needed > array.length) {
            array = Arrays.copyOf(array, (int) Math.max(needed, Math.min(2L * array.length, Integer.MAX_VALUE - 8)));
        }
        end = chunk.copyTo(array, end);
    }

    /** Goes on with the content of a layer instead. */
    void replace(Octets content) {
        array = content.array();
        start = content.arrayOffset();
        end = start + content.length();
        isWhole = true;
    }

    int at(int index) {
        return array[start + index] & 0xff;
    }

    void skip(int count) {
        start += count;
    }

    /** A view that is good until the next call of {@link #append}. */
    Octets view(int from, int count) {
        return Octets.wrap(array, start + from, count);
    }

    /** A copy of the next bytes, which count as used. */
    Octets take(int count) {
        Octets taken = Octets.copyOf(array, start, count);
        start += count;
        return taken;
    }

    MsgpackReader reader(int maxDepth) {
        return new MsgpackReader(array, start, available(), maxDepth);
    }
}
