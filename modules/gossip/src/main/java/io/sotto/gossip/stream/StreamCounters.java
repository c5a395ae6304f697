package io.sotto.gossip.stream;

import java.util.concurrent.atomic.LongAdder;

/**
 * What came of the connections that others opened to a pool. Why one was refused is counted by reason in {@link
 * io.sotto.gossip.datapath.RejectionLog}; here is how.
 *
 * <p>Each ends in exactly one way, so {@code accepted = served + refused + displaced + firstByteTimeouts + totalTimeouts +
 * abandoned + open}. Gauges are {@link #open} and {@link #bufferedBytes}; all else only grows. Safe to read from any thread.
 */
public final class StreamCounters {
    final LongAdder accepted = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder displaced = new LongAdder();
    final LongAdder firstByteTimeouts = new LongAdder();
    final LongAdder totalTimeouts = new LongAdder();
    final LongAdder abandoned = new LongAdder();
    final LongAdder served = new LongAdder();
    final LongAdder receivedBytes = new LongAdder();
    final LongAdder sentBytes = new LongAdder();
    final LongAdder open = new LongAdder();
    final LongAdder bufferedBytes = new LongAdder();

    /** Connections taken from the kernel, whatever came of them. */
    public long accepted() {
        return accepted.sum();
    }

    /** Connections closed without a look at a byte, or over what they sent, or for want of room. */
    public long refused() {
        return refused.sum();
    }

    /** Connections closed before their request was whole, so that a newer one could have the place. */
    public long displaced() {
        return displaced.sum();
    }

    /** Connections closed because they sent nothing in time. */
    public long firstByteTimeouts() {
        return firstByteTimeouts.sum();
    }

    /** Connections closed because their request was not whole, or its answer not taken, in time. */
    public long totalTimeouts() {
        return totalTimeouts.sum();
    }

    /** Connections that the peer closed, or lost, without a request, as port checks do, or before it took its answer. */
    public long abandoned() {
        return abandoned.sum();
    }

    /** Requests handled and, where an answer belongs to them, answered. */
    public long served() {
        return served.sum();
    }

    public long receivedBytes() {
        return receivedBytes.sum();
    }

    public long sentBytes() {
        return sentBytes.sum();
    }

    /** Connections open now. */
    public long open() {
        return open.sum();
    }

    /** Bytes that requests being read and answers being written hold now. */
    public long bufferedBytes() {
        return bufferedBytes.sum();
    }
}
