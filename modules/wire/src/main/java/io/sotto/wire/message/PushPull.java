package io.sotto.wire.message;

import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import java.util.List;

/**
 * A whole view of the pool, exchanged over a stream: on join, and now and then between any two members.
 *
 * <p>Source: gossip specification, section 5.2; Demers et al., "Epidemic algorithms for replicated database maintenance",
 * anti-entropy.
 *
 * @param join whether the asker is joining; the answer repeats the flag of the request
 * @param nodes every member known, the sender and those that are gone included
 * @param userState Serf's part ({@link SerfMessage.PushPullState} with its type byte), or empty
 */
public record PushPull(boolean join, List<Node> nodes, Octets userState) {
    public PushPull {
        nodes = List.copyOf(nodes);
    }

    /** One member as the sender believes it to be. */
    public record Node(String name, NodeAddress address, Octets meta, long incarnation, NodeState state, Octets vsn) {}
}
