package io.sotto.membership;

import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.time.Instant;
import java.util.List;

/**
 * This node: its incarnation, its tags, its answers to claims about itself, its leave, and Lifeguard's health score.
 *
 * <p>Incarnations are unsigned 32-bit numbers that saturate and never wrap. Source: gossip specification, sections 10.1 to
 * 10.6, 11.3 and 17.2; Lifeguard, section IV.A.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class SelfMachine {
    /**
     * @param address as advertised
     * @param meta encoded tags
     * @param vsn the six version bytes that we advertise
     */
    public SelfMachine(PoolRules rules, NodeAddress address, Octets meta, Octets vsn) {}

    /** Becomes alive with incarnation 1. Call once, first. */
    public List<Effect> start(Instant now) {
        throw new IllegalStateException("pending");
    }

    public MemberRecord record() {
        throw new IllegalStateException("pending");
    }

    /** 0 for a healthy node, up to {@code AwarenessMaxMultiplier} − 1. */
    public int healthScore() {
        throw new IllegalStateException("pending");
    }

    /** Whether {@link #leave} was called. */
    public boolean hasLeft() {
        throw new IllegalStateException("pending");
    }

    /** Something that was said about us: refuted, ignored, or a conflict about our name. */
    public List<Effect> onClaim(SwimMessage.Claim claim, Instant now) {
        throw new IllegalStateException("pending");
    }

    /** An intent about us, our own ones included. Its time must already be witnessed. */
    public List<Effect> onIntent(SerfMessage.Intent intent) {
        throw new IllegalStateException("pending");
    }

    /**
     * Takes new tags and announces them with the next incarnation.
     *
     * @throws IllegalArgumentException if they are longer than {@code metaMaxBytes}
     */
    public List<Effect> updateMeta(Octets meta) {
        throw new IllegalStateException("pending");
    }

    /** The first half of a leave: our own leave intent ({@link IntentBook#stampLeave}), gossiped and awaited before {@link #leave}. */
    public List<Effect> beginLeave(SerfMessage.Leave intent) {
        throw new IllegalStateException("pending");
    }

    /** The second half: tells the pool that we are gone. From now on alive messages about us are ignored. */
    public List<Effect> leave(Instant now) {
        throw new IllegalStateException("pending");
    }

    /** A probe of ours ended: changes the health score by its {@code healthDelta}. */
    public List<Effect> onHealth(int delta) {
        throw new IllegalStateException("pending");
    }
}
