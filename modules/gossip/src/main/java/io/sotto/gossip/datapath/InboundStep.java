package io.sotto.gossip.datapath;

import io.sotto.wire.Rejection;
import io.sotto.wire.Rejection.Reason;

/** The body of a stage of the way in: what it refuses is counted under a reason, and the rest of the batch goes on. */
interface InboundStep<O> extends Step<Frame, O> {
    RejectionLog rejections();

    default void refuse(Frame frame, WirePolicy policy, Reason reason, String detail) {
        rejections()
                .datagram(
                        new Rejection(
                                reason, detail, frame.source(), frame.bytes().length()),
                        policy);
    }

    @Override
    default void failed(Frame frame, WirePolicy policy, Throwable failure) {
        // Only the kind of the failure: its message might quote what the peer sent.
        refuse(
                frame,
                policy,
                Reason.MALFORMED,
                name() + " failed with " + failure.getClass().getSimpleName());
    }
}
