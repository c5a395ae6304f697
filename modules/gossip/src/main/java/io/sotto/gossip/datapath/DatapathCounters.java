package io.sotto.gossip.datapath;

import io.sotto.wire.Rejection.Reason;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What went in and out of one pool by datagram, and what was lost on our side. Numbers only grow; safe to read from any
 * thread.
 *
 * <p>Every datagram read ends in exactly one of accepted, rejected for one reason, and dropped: {@code received = accepted +
 * sum of rejected + inboundDropped + waiting}. What was wrong with parts of accepted ones, with streams, and with messages
 * later is counted in {@link RejectionLog}.
 */
public final class DatapathCounters {
    final LongAdder received = new LongAdder();
    final LongAdder receivedBytes = new LongAdder();
    final LongAdder accepted = new LongAdder();
    private final Map<Reason, LongAdder> rejected = new EnumMap<>(Reason.class);
    final LongAdder inboundDropped = new LongAdder();
    final AtomicLong inboundWaitingBytes = new AtomicLong();
    final LongAdder sent = new LongAdder();
    final LongAdder sentBytes = new LongAdder();
    final LongAdder outboxWaiting = new LongAdder();
    final LongAdder outboundDropped = new LongAdder();
    final LongAdder outboundFailed = new LongAdder();

    public DatapathCounters() {
        for (Reason reason : Reason.values()) {
            rejected.put(reason, new LongAdder());
        }
    }

    /** Counts each of {@code frames} as what it ended as; one without an end was dropped. */
    void settle(List<Frame> frames) {
        int acceptedHere = 0;
        for (int i = 0; i < frames.size(); i++) {
            Frame frame = frames.get(i);
            Reason reason = frame.rejected();
            if (frame.isAccepted()) {
                acceptedHere++;
            } else if (reason != null) {
                rejectedFor(reason).increment();
            } else {
                inboundDropped.increment();
            }
        }
        accepted.add(acceptedHere);
    }

    /** Datagrams that the channel thread read, those dropped afterwards included. */
    public long received() {
        return received.sum();
    }

    public long receivedBytes() {
        return receivedBytes.sum();
    }

    /** Datagrams that gave the router at least one message, whatever else was in them. */
    public long accepted() {
        return accepted.sum();
    }

    /** Datagrams that gave nothing, and what was wrong with them first. */
    public long rejected(Reason reason) {
        return rejectedFor(reason).sum();
    }

    /** Datagrams that gave nothing, whatever the reason. */
    public long rejected() {
        return rejected.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Datagrams read whose end has not been counted yet; momentary, and 0 once all is quiet. */
    public long waiting() {
        // The ends first: what is read meanwhile then counts as waiting, and the result is never negative.
        long ended = accepted() + rejected() + inboundDropped();
        return received() - ended;
    }

    /** Bytes of the datagrams that wait before the stages, {@value DatagramSource#DATAGRAM_OVERHEAD_BYTES} more for each. */
    public long inboundWaitingBytes() {
        return inboundWaitingBytes.get();
    }

    /** Datagrams dropped because the stages did not keep up with the channel thread, or their stream ended. */
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

    /** Datagrams that wait to be sent now. */
    public long outboxWaiting() {
        return outboxWaiting.sum();
    }

    /** What the outbox refused because it was full or its stream had ended. */
    public long outboundDropped() {
        return outboundDropped.sum();
    }

    /** Datagrams that could not be sealed, or that the network did not take. */
    public long outboundFailed() {
        return outboundFailed.sum();
    }

    private LongAdder rejectedFor(Reason reason) {
        return Objects.requireNonNull(rejected.get(reason), "every reason has a count");
    }
}
