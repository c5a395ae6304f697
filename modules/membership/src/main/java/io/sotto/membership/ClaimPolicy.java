package io.sotto.membership;

import io.sotto.wire.message.SwimMessage;
import java.time.Instant;
import java.util.Optional;

/**
 * How much to believe a stranger: consulted for every claim about another member before it counts.
 *
 * <p>{@link #upstream} is the real systems' rule, under which the test vectors run. A stricter policy answers with a
 * weaker claim, such as a suspicion in place of a death, or with none. Pure; called by the owner of the machine. Source:
 * ours; the rule that stands behind {@code upstream} is the gossip specification, section 10.
 */
@FunctionalInterface
public interface ClaimPolicy {
    /**
     * The claim that counts in place of {@code claim}, or empty to ignore it.
     *
     * @param known the record so far; empty for a name never heard of
     */
    Optional<SwimMessage.Claim> weigh(SwimMessage.Claim claim, Optional<MemberRecord> known, Instant now);

    /** Every claim counts as it stands. */
    static ClaimPolicy upstream() {
        return (claim, known, now) -> Optional.of(claim);
    }
}
