package io.sotto.gossip.datapath;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.packet.Unwrapper;
import java.util.List;

/**
 * Opens compound and compressed layers within bounds: one datagram in, its bare messages out.
 *
 * <p>Good parts go on; each bad part is a rejection of its own. Source: gossip specification, sections 3.1, 3.2 and 4.
 */
record Unwrap(Limits limits, RejectionLog rejections) implements InboundStep<Frame> {
    @Override
    public String name() {
        return "Unwrap";
    }

    @Override
    public void on(Frame frame, WirePolicy policy, List<Frame> out) {
        Unwrapper.Unwrapped unwrapped = Unwrapper.unwrap(frame.bytes(), limits);
        for (Octets message : unwrapped.messages()) {
            out.add(frame.with(message));
        }
        for (Unwrapper.Fault fault : unwrapped.faults()) {
            refuse(frame, policy, fault.reason(), fault.detail());
        }
    }
}
