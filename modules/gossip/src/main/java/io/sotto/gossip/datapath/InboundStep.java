package io.sotto.gossip.datapath;

import io.sotto.wire.Rejection;
import io.sotto.wire.Rejection.Reason;

/**
 * The body of a stage of the way in: what it refuses is counted under a reason, and the rest of the batch goes on.
 *
 * <p>Each frame that a step takes, it either passes on, refuses, or settles as accepted: see {@link Frame}.
 */
interface InboundStep<O> extends Step<Frame, O> {
    RejectionLog rejections();

    /** Refuses the whole datagram; the first reason is the one that counts. */
    default void refuse(Frame frame, WirePolicy policy, Reason reason, String detail) {
        if (frame.reject(reason)) {
            rejections().datagram(rejection(frame, reason, detail), policy);
        } else {
            rejections().part(rejection(frame, reason, detail), policy);
        }
    }

    /** Counts what is wrong with a part; for the first such part, once it is known whether another one is good. */
    default void fault(Frame frame, WirePolicy policy, Reason reason, String detail) {
        if (!frame.keep(new Frame.Fault(reason, detail))) {
            rejections().part(rejection(frame, reason, detail), policy);
        }
    }

    /** Ends a datagram whose parts have all been looked at. */
    default void settle(Frame frame, WirePolicy policy) {
        Frame.Fault first = frame.firstFault();
        if (first != null) {
            refuse(frame, policy, first.reason(), first.detail());
        }
    }

    private static Rejection rejection(Frame frame, Reason reason, String detail) {
        return new Rejection(reason, detail, frame.source(), frame.bytes().length());
    }

    @Override
    default void failed(Frame frame, WirePolicy policy, Throwable failure) {
        refuse(frame, policy, Reason.MALFORMED, text(name(), failure));
    }

    /** Only the kind of the failure: its message might quote what the peer sent. */
    static String text(String step, Throwable failure) {
        return step + " failed with " + failure.getClass().getSimpleName();
    }
}
