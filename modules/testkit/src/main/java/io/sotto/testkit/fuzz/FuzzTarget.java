package io.sotto.testkit.fuzz;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import java.util.Optional;

/**
 * What is known of the node under test: verdicts depend on it. Verification of incoming traffic is on wherever there is a
 * key. Immutable.
 *
 * @param name the node's own name, so that some cases are about it
 * @param key the gossip key that it has, if it has one
 * @param label its label, or empty
 * @param limits its bounds
 */
public record FuzzTarget(String name, Optional<GossipKey> key, Octets label, Limits limits) {

    /** A node without key and label, with the default limits. */
    public static FuzzTarget plain(String name) {
        return new FuzzTarget(name, Optional.empty(), Octets.empty(), Limits.defaults());
    }

    /** As {@link #plain}, with a key and both verify flags on. */
    public static FuzzTarget sealed(String name, GossipKey key) {
        return new FuzzTarget(name, Optional.of(key), Octets.empty(), Limits.defaults());
    }

    /** The same with a label. */
    public FuzzTarget labelled(Octets newLabel) {
        return new FuzzTarget(name, key, newLabel, limits);
    }
}
