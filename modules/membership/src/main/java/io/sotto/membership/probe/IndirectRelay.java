package io.sotto.membership.probe;

import io.sotto.wire.message.SwimMessage;
import java.util.Optional;

/**
 * One ping made for another member. Source: gossip specification, section 11.2.
 *
 * <p>Send {@link #ping} to {@link SwimMessage.IndirectPing#target} (its port 0 means our own), and start a timer of
 * {@code ProbeTimeout}. The first of ack and timer decides; the answer goes to the requester.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class IndirectRelay {
    /**
     * @param request what the requester sent
     * @param seqNo a number of our own
     * @param self ourselves, whom the target answers
     */
    public IndirectRelay(SwimMessage.IndirectPing request, long seqNo, SwimMessage.Asker self) {}

    public SwimMessage.Ping ping() {
        throw new IllegalStateException("pending");
    }

    /** The target answered: the ack to send to the requester, unless it is too late or of another number. */
    public Optional<SwimMessage.Ack> onAck(SwimMessage.Ack ack) {
        throw new IllegalStateException("pending");
    }

    /** The time is over: the nack to send to the requester, if it wants one and there was no ack. */
    public Optional<SwimMessage.Nack> onTimeout() {
        throw new IllegalStateException("pending");
    }
}
