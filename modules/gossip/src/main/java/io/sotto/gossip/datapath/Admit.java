package io.sotto.gossip.datapath;

import io.sotto.wire.Limits;
import io.sotto.wire.Rejection.Reason;
import java.util.List;

/**
 * Lets datagrams in by size and by the network of their source, before any work is done for them.
 *
 * <p>An empty datagram, one above {@link Limits#datagramMaxBytes}, and one from outside the allowed networks are refused.
 * Source: security rules, "Rules for the packet path".
 */
record Admit(Limits limits, RejectionLog rejections) implements InboundStep<Frame> {
    @Override
    public String name() {
        return "Admit";
    }

    @Override
    public void on(Frame frame, WirePolicy policy, List<Frame> out) {
        int size = frame.bytes().length();
        if (size == 0) {
            refuse(frame, policy, Reason.SIZE, "it is empty");
        } else if (size > limits.datagramMaxBytes()) {
            refuse(frame, policy, Reason.SIZE, "it is longer than " + limits.datagramMaxBytes() + " bytes");
        } else if (!policy.allowed().admits(frame.source().getAddress())) {
            refuse(frame, policy, Reason.NOT_ALLOWED, "its source is in none of the allowed networks");
        } else {
            out.add(frame);
        }
    }
}
