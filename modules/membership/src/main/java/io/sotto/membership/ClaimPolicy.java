package io.sotto.membership;

import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How much to believe a stranger: consulted for every claim before it counts.
 *
 * <p>{@link #upstream} is the real systems' rule, under which the test vectors run; {@link #guarded} is ours, stricter. Both
 * have their table in the internals. Pure; called by the owner of a machine. Source: ours; the rule that stands behind
 * {@code upstream} is the gossip specification, section 10; {@code guarded}: security rules, "Rules for the packet path".
 */
public interface ClaimPolicy {
    /**
     * What a claim about another member comes to.
     *
     * @param known the record so far; empty for a name never heard of
     */
    Ruling weigh(SwimMessage.Claim claim, Optional<MemberRecord> known, Grounds grounds);

    /** Whether this node, at incarnation {@code own}, moves on when it is told of {@code told} as its own. */
    boolean follows(long told, long own);

    /** Whether anything is asked of who says something, before it counts. */
    boolean isGuarded();

    /** The same under protocol periods that may change; {@code probeInterval} gives the one in force. */
    ClaimPolicy under(Supplier<Duration> probeInterval);

    /** Every claim counts as it stands. */
    static ClaimPolicy upstream() {
        return UpstreamClaims.INSTANCE;
    }

    /** Ours, for protocol periods of this length. */
    static ClaimPolicy guarded(GuardSettings settings, Duration probeInterval) {
        return new GuardedClaims(settings.incarnationJumpMax(), () -> probeInterval);
    }
}
