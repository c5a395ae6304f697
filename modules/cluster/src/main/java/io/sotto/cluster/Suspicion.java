package io.sotto.cluster;

import io.sotto.gossip.SuspicionEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One suspicion as this node saw it.
 *
 * @param member who was suspected
 * @param accuser who said so first
 * @param start when this node heard of it, by its clock
 * @param confirmers who accused after that, as far as it counted
 * @param ownHealth this node's own health score then; 0 is healthy
 * @param outcome what came of it
 * @param end when it ended; empty while it is open
 */
public record Suspicion(
        String member,
        String accuser,
        Instant start,
        List<String> confirmers,
        int ownHealth,
        Outcome outcome,
        Optional<Instant> end) {
    /** What came of a suspicion. */
    public enum Outcome {
        /** It runs. */
        OPEN,
        /** The member contradicted it. */
        REFUTED,
        /** The member was declared dead. */
        FAILED,
        /** It ended otherwise: the member left, or this node forgot it. */
        WITHDRAWN
    }

    public Suspicion {
        confirmers = List.copyOf(confirmers);
    }

    static Suspicion of(SuspicionEntry entry) {
        Outcome outcome = switch (entry.outcome()) {
            case OPEN -> Outcome.OPEN;
            case REFUTED -> Outcome.REFUTED;
            case FAILED -> Outcome.FAILED;
            case WITHDRAWN -> Outcome.WITHDRAWN;
        };
        return new Suspicion(
                entry.member(),
                entry.accuser(),
                entry.start(),
                entry.confirmers(),
                entry.ownHealth(),
                outcome,
                entry.end());
    }
}
