package io.sotto.gossip.datapath;

import java.util.concurrent.atomic.LongAdder;

/**
 * What went in and out of one pool by datagram, and what was lost on our side. Rejections are counted in {@link
 * RejectionLog}. Numbers only grow; safe to read from any thread.
 */
public final class DatapathCounters {
    final LongAdder received = new LongAdder();
    final LongAdder receivedBytes = new LongAdder();
    final LongAdder inboundDropped = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder sentBytes = new LongAdder();
    final LongAdder outboundDropped = new LongAdder();
    final LongAdder outboundFailed = new LongAdder();

    /** Datagrams that the channel thread read, those dropped afterwards included. */
    public long received() {
        return received.sum();
    }

    public long receivedBytes() {
        return receivedBytes.sum();
    }

    /** Datagrams dropped because the stages did not keep up with the channel thread. */
    public long inboundDropped() {
        return inboundDropped.sum();
    }

    /** Datagrams that the network took. */
    public long sent() {
        return sent.sum();
    }

    public long sentBytes() {
        return sentBytes.sum();
    }

    /** What the outbox refused because it was full or its stream had ended. */
    public long outboundDropped() {
        return outboundDropped.sum();
    }

    /** Datagrams that could not be sealed, or that the network did not take. */
    public long outboundFailed() {
        return outboundFailed.sum();
    }
}
