package io.sotto.rpc.link;

import java.nio.ByteBuffer;

/**
 * Memory that all links of one thread use in turn: it holds nothing of a link from one call on its core to the next, so that
 * thousands of links that rest hold no buffers. One owner, no other thread.
 */
final class LinkBuffers {
    private static final int READ_BYTES = 128 << 10;
    private static final int SMALLEST_BYTES = 32 << 10;
    private static final ThreadLocal<LinkBuffers> OF_THREAD = ThreadLocal.withInitial(LinkBuffers::new);

    private byte[] received = new byte[0];
    private byte[] content = new byte[0];
    private ByteBuffer out = ByteBuffer.allocate(0);

    /** Those of this thread. */
    static LinkBuffers ofThread() {
        return OF_THREAD.get();
    }

    /** Where a socket is read into. */
    byte[] received() {
        if (received.length == 0) {
            received = new byte[READ_BYTES];
        }
        return received;
    }

    /** Where a record is opened into; of no less than so many bytes. */
    byte[] content(int atLeast) {
        if (content.length < atLeast) {
            content = new byte[atLeast];
        }
        return content;
    }

    /** Where what is to be sent is put together; empty, of no less than so many bytes. */
    ByteBuffer out(int atLeast) {
        if (out.capacity() < atLeast) {
            out = ByteBuffer.allocate(Math.max(atLeast, SMALLEST_BYTES));
        }
        return out.clear();
    }

    /** The same with what is in it, and room for so many bytes more. */
    ByteBuffer widen(int more) {
        if (out.remaining() < more) {
            ByteBuffer wider = ByteBuffer.allocate(Math.max(out.capacity() * 2, out.position() + more));
            out = wider.put(out.flip());
        }
        return out;
    }
}
