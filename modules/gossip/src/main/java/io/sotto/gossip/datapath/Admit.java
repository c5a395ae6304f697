package io.sotto.gossip.datapath;

import io.sotto.wire.Limits;
import io.sotto.wire.Rejection.Reason;
import java.util.List;

/**
 * Lets datagrams in by size, by the network of their source and by how many it sends, before any work is done for them.
 *
 * <p>An empty datagram, one above {@link Limits#datagramMaxBytes}, one from outside the allowed networks, and one too many
 * of its source are refused.
 * Source: security rules, "Rules for the packet path".
 */
record Admit(Limits limits, SourceRate rate, RejectionLog rejections) implements InboundStep<Frame> {
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
        } else if (!rate.admits(frame.source().getAddress())) {
            refuse(frame, policy, Reason.RATE, "its source sends more than it may");
        } else {
            out.add(frame);
        }
    }
}
