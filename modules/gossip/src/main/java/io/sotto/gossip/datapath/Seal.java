package io.sotto.gossip.datapath;

import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Sealer;
import java.util.List;
import java.util.Optional;

/**
 * Seals with the primary key, with the label as associated data; without keys, or with verification of outgoing traffic
 * off, the datagram stays plain.
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
        Optional<GossipKey> key = policy.sealingKey();
        if (key.isEmpty()) {
            out.add(frame);
        } else {
            byte[] plain = frame.bytes();
            out.add(frame.with(sealer.seal(key.get(), plain, 0, plain.length, policy.label())));
        }
    }
}
