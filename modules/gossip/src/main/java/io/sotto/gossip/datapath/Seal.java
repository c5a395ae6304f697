package io.sotto.gossip.datapath;

import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Sealer;
import java.util.List;
import java.util.Optional;

/**
 * Seals with the primary key, with the label as associated data; without keys, or with verification of outgoing traffic
 * off, the datagram stays plain, unless it is one that must not.
 *
 * <p>The sealer and its nonces are this stage's own. A datagram that cannot be sealed is lost, never sent plain. Source:
 * gossip specification, sections 4, 6 and 7.
 */
record Seal(Sealer sealer, DatapathCounters counters) implements OutboundStep<OutFrame> {
    @Override
    public String name() {
        return "Seal";
    }

    @Override
    public void on(OutFrame frame, WirePolicy policy, List<OutFrame> out) {
        boolean always = frame.sealing() == Sealing.ALWAYS;
        Optional<GossipKey> key = always ? policy.ring().primary() : policy.sealingKey();
        if (key.isEmpty()) {
            if (always) {
                counters.outboundFailed.increment();
            } else {
                out.add(frame);
            }
        } else {
            byte[] plain = frame.bytes();
            out.add(frame.with(sealer.seal(key.get(), plain, 0, plain.length, policy.label())));
        }
    }
}
