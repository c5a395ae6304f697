package io.sotto.gossip.datapath;

import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.packet.Label;
import java.util.List;

/**
 * Takes one label header off and compares it with our own label, and while the label changes with the others taken.
 *
 * <p>Another label, a missing one, one where none is configured, and a header that is cut short are refused. Source:
 * gossip specification, section 8.
 */
record StripLabel(RejectionLog rejections) implements InboundStep<Frame> {
    @Override
    public String name() {
        return "StripLabel";
    }

    @Override
    public void on(Frame frame, WirePolicy policy, List<Frame> out) {
        Label.Admitted admitted =
                Label.admit(frame.bytes(), policy.label(), policy.otherLabels(), policy.skipInboundLabelCheck());
        if (admitted instanceof Label.Admitted.Refused refused) {
            refuse(frame, policy, Reason.LABEL, refused.detail());
        } else if (admitted instanceof Label.Admitted.Rest rest) {
            out.add(frame.labelled(rest.label(), rest.rest()));
        }
    }
}
