package io.sotto.membership.admission;

import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SwimMessage;

/**
 * A node as an alive message or a push/pull record describes it, before it is believed. Source: ours.
 *
 * @param meta encoded tags
 * @param vsn versions as received, of any length
 */
public record Candidate(String name, NodeAddress address, Octets meta, Octets vsn, NodeState state) {
    public static Candidate of(SwimMessage.Alive alive) {
        return new Candidate(alive.node(), alive.address(), alive.meta(), alive.vsn(), NodeState.ALIVE);
    }

    public static Candidate of(PushPull.Node node) {
        return new Candidate(node.name(), node.address(), node.meta(), node.vsn(), node.state());
    }
}
