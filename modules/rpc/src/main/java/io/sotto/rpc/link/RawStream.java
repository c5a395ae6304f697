package io.sotto.rpc.link;

import java.nio.ByteBuffer;

/** What waits to be sent on a connection without yamux. One owner. */
final class RawStream implements Carrier.Speech {
    private static final int KEPT_MAX = 64 << 10;

    private byte[] array = new byte[0];
    private int from;
    private int to;

    void write(byte[] bytes, int offset, int length) {
        if (array.length - to < length) {
            int waiting = to - from;
            byte[] wider = array.length - waiting >= length
                    ? array
                    : new byte[Math.max(waiting + length, Math.min(2 * array.length, array.length + (1 << 20)))];
            System.arraycopy(array, from, wider, 0, waiting);
            array = wider;
            from = 0;
            to = waiting;
        }
        System.arraycopy(bytes, offset, array, to, length);
        to += length;
    }

    @Override
    public int outputLength() {
        return to - from;
    }

    @Override
    public ByteBuffer output() {
        return ByteBuffer.wrap(array, from, to - from);
    }

    @Override
    public void skipOutput(int count) {
        from += count;
        if (from == to) {
            from = 0;
            to = 0;
            if (array.length > KEPT_MAX) {
                array = new byte[0];
            }
        }
    }
}
