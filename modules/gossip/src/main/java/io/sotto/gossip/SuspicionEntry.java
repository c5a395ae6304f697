package io.sotto.gossip;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One suspicion as this node saw it, for operators. Source: ours.
 *
 * @param member who was suspected
 * @param accuser who said so first
 * @param start when this node heard of it, by its wall clock
 * @param confirmers who accused after that, as far as it counted
 * @param ownHealth this node's own health score when it began; 0 is healthy
 * @param outcome what came of it
 * @param end when it ended; empty while it is open
 */
public record SuspicionEntry(
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

    public SuspicionEntry {
        confirmers = List.copyOf(confirmers);
    }

    SuspicionEntry confirmedBy(List<String> all) {
        return new SuspicionEntry(member, accuser, start, all, ownHealth, outcome, end);
    }

    SuspicionEntry ended(Outcome how, Instant when) {
        return new SuspicionEntry(member, accuser, start, confirmers, ownHealth, how, Optional.of(when));
    }
}
