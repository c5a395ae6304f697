package io.sotto.membership;

import java.time.Duration;
import java.util.Optional;

/**
 * What a {@link ClaimPolicy} may go by besides the claim and the record. Source: ours.
 *
 * @param teller who stands behind the claim
 * @param probeFailed whether a probe or ping of our own has gone unanswered since the member was last known to be well
 * @param answered how long ago the member answered a ping that we sent because of such a claim; empty if it never did
 * @param leaving for how long the member's intent to leave has been known; empty if it has none
 */
public record Grounds(Teller teller, boolean probeFailed, Optional<Duration> answered, Optional<Duration> leaving) {
    /** Nothing but who says so. */
    public static Grounds of(Teller teller) {
        return new Grounds(teller, false, Optional.empty(), Optional.empty());
    }
}
