package io.sotto.gossip.datapath;

import io.sotto.wire.Limits;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.packet.Unwrapper;
import java.util.List;

/**
 * Opens compound and compressed layers within bounds, and leaves the bare messages in the frame.
 *
 * <p>Good parts go on; each bad part is counted on its own. A datagram without any good part is refused. Source: gossip specification, sections 3.1, 3.2 and 4.
 */
record Unwrap(Limits limits, RejectionLog rejections) implements InboundStep<Frame> {
    @Override
    public String name() {
        return "Unwrap";
    }

    @Override
    public void on(Frame frame, WirePolicy policy, List<Frame> out) {
        if (Unwrapper.isBare(frame.bytes())) {
            out.add(frame);
            return;
        }
        Unwrapper.Unwrapped unwrapped = Unwrapper.unwrap(frame.bytes(), limits);
        for (Unwrapper.Fault fault : unwrapped.faults()) {
            fault(frame, policy, fault.reason(), fault.detail());
        }
        if (!unwrapped.messages().isEmpty()) {
            out.add(frame.unwrapped(unwrapped.messages()));
        } else if (unwrapped.faults().isEmpty()) {
            refuse(frame, policy, Reason.COMPOUND, "a compound without parts");
        } else {
            settle(frame, policy);
        }
    }
}
