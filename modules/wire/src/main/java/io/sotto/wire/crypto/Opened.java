package io.sotto.wire.crypto;

import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;

/** The outcome of opening an envelope. Source: gossip specification, section 6.3. */
public sealed interface Opened {
    /** Authentic bytes, possibly none, and the key that opened them. */
    record Plain(Octets plain, GossipKey key) implements Opened {}

    /** Not opened; {@code detail} is what the real system says. */
    record Refused(Rejection.Reason reason, String detail) implements Opened {}
}
