package io.sotto.gossip.datapath;

import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.packet.Checksum;
import java.util.List;

/** Checks and takes off a checksum, where there is one; a wrong one is refused. Source: gossip specification, 3.3. */
record VerifyCrc(RejectionLog rejections) implements InboundStep<Frame> {
    @Override
    public String name() {
        return "VerifyCrc";
    }

    @Override
    public void on(Frame frame, WirePolicy policy, List<Frame> out) {
        Checksum.Verified verified = Checksum.verify(frame.bytes());
        if (verified instanceof Checksum.Verified.Corrupt corrupt) {
            refuse(frame, policy, Reason.CHECKSUM, corrupt.detail());
        } else if (verified instanceof Checksum.Verified.Intact intact) {
            out.add(intact.rest().length() == frame.bytes().length() ? frame : frame.with(intact.rest()));
        }
    }
}
