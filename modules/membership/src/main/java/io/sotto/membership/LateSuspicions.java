package io.sotto.membership;

import io.sotto.wire.NodeState;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Suspicions of one member that come after its death. Who tells of one has heard neither the accusations nor the death, which
 * were gossiped a few times only; nobody else suspects any more, so that nobody would confirm it, and it would wait for the
 * longest time there is. Where claims are guarded, we confirm it: to that member alone, since it is news to nobody else. A
 * suspicion, and not the death, leaves its time to whoever is alive after all.
 *
 * <p>Not while the news of the death is on its way, and once in a protocol period. One owner. Source: ours; the
 * confirmation is that of the gossip specification, section 11.4.
 */
public final class LateSuspicions {
    private final PoolRules rules;
    private Instant confirmedAt = Instant.MIN;

    public LateSuspicions(PoolRules rules) {
        this.rules = rules;
    }

    /**
     * What to tell whoever told us of the suspicion, if anything.
     *
     * @param known the member as we know it
     */
    public Optional<SwimMessage.Suspect> confirm(SwimMessage.Suspect told, MemberRecord known, Instant now) {
        boolean isLate = rules.claims().isGuarded()
                && known.pooled()
                && known.state() == NodeState.DEAD
                && told.incarnation() <= known.incarnation()
                && isAPeriodAgo(known.changedAt(), now);
        if (!isLate || !isAPeriodAgo(confirmedAt, now)) {
            return Optional.empty();
        }
        confirmedAt = now;
        return Optional.of(new SwimMessage.Suspect(known.incarnation(), known.name(), rules.self()));
    }

    private boolean isAPeriodAgo(Instant at, Instant now) {
        return Duration.between(at, now).compareTo(rules.swim().probeInterval()) >= 0;
    }
}
