package io.sotto.wire.yamux;

import io.sotto.wire.Octets;
import java.nio.ByteBuffer;

/**
 * The frames that wait to be sent, one after the other in one array that grows, so that whoever sends them can take as many as
 * fit at once.
 */
final class FrameOutput {
    private static final int SMALLEST_BYTES = 4_096;

    private byte[] array = new byte[SMALLEST_BYTES];
    private int start;
    private int end;
    private int mostWaiting;

    int length() {
        return end - start;
    }

    void frame(int type, int flags, int stream, int length) {
        reserve(YamuxFrame.HEADER_BYTES);
        YamuxFrame.write(array, end, type, flags, stream, length);
        end += YamuxFrame.HEADER_BYTES;
    }

    /** A whole data frame. */
    void data(int stream, byte[] bytes, int offset, int length) {
        reserve(YamuxFrame.HEADER_BYTES + length);
        YamuxFrame.write(array, end, YamuxFrame.DATA, 0, stream, length);
        end += YamuxFrame.HEADER_BYTES;
        System.arraycopy(bytes, offset, array, end, length);
        end += length;
    }

    /** A whole data frame of two parts. */
    void data(int stream, Octets head, Octets body) {
        int length = head.length() + body.length();
        reserve(YamuxFrame.HEADER_BYTES + length);
        YamuxFrame.write(array, end, YamuxFrame.DATA, 0, stream, length);
        end = body.copyTo(array, head.copyTo(array, end + YamuxFrame.HEADER_BYTES));
    }

    int drain(byte[] target, int offset, int max) {
        int count = Math.min(max, length());
        System.arraycopy(array, start, target, offset, count);
        skip(count);
        return count;
    }

    ByteBuffer view() {
        return ByteBuffer.wrap(array, start, length());
    }

    void skip(int count) {
        if (count < 0 || count > length()) {
            throw new IndexOutOfBoundsException(count + " of " + length() + " bytes that wait");
        }
        mostWaiting = Math.max(mostWaiting, length());
        start += count;
        if (start == end) {
            start = 0;
            end = 0;
        }
    }

    /** Gives memory back that was not needed since the last call. */
    void trim() {
        int needed = Math.max(mostWaiting, SMALLEST_BYTES);
        if (length() == 0 && array.length / 4 > needed) {
            array = new byte[needed];
            start = 0;
            end = 0;
        }
        mostWaiting = length();
    }

    private void reserve(int count) {
        if (count <= array.length - end) {
            return;
        }
        int waiting = length();
        long needed = (long) waiting + count;
        if (needed > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException("more than 2 GiB wait to be sent");
        }
        byte[] target = needed <= array.length / 2
                ? array
                : new byte[(int) Math.min(Math.max(2L * array.length, needed), Integer.MAX_VALUE - 8)];
        System.arraycopy(array, start, target, 0, waiting);
        array = target;
        start = 0;
        end = waiting;
    }
}
