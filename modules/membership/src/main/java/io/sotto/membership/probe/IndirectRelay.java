package io.sotto.membership.probe;

import io.sotto.wire.Octets;
import io.sotto.wire.message.SwimMessage;
import java.util.Optional;

/**
 * One ping made for another member. Source: gossip specification, section 11.2.
 *
 * <p>Send {@link #ping} to {@link SwimMessage.IndirectPing#target} (its port 0 means our own), and start a timer of
 * {@code ProbeTimeout}. The first of ack and timer decides; the answer goes to the requester. One owner.
 */
public final class IndirectRelay {
    private final SwimMessage.IndirectPing request;
    private final long seqNo;
    private final SwimMessage.Asker self;
    private boolean over;

    /**
     * @param request what the requester sent
     * @param seqNo a number of our own
     * @param self ourselves, whom the target answers
     */
    public IndirectRelay(SwimMessage.IndirectPing request, long seqNo, SwimMessage.Asker self) {
        this.request = request;
        this.seqNo = seqNo;
        this.self = self;
    }

    /** What to send to the target. */
    public SwimMessage.Ping ping() {
        return new SwimMessage.Ping(seqNo, request.node(), Optional.of(self));
    }

    /** The target answered: the ack to send to the requester, unless it is too late or of another number. */
    public Optional<SwimMessage.Ack> onAck(SwimMessage.Ack ack) {
        if (over || ack.seqNo() != seqNo) {
            return Optional.empty();
        }
        over = true;
        return Optional.of(new SwimMessage.Ack(request.seqNo(), Octets.empty()));
    }

    /** The time is over: the nack to send to the requester, if it wants one and there was no ack. */
    public Optional<SwimMessage.Nack> onTimeout() {
        if (over) {
            return Optional.empty();
        }
        over = true;
        return request.nack() ? Optional.of(new SwimMessage.Nack(request.seqNo())) : Optional.empty();
    }
}
