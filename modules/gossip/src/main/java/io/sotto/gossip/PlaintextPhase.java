package io.sotto.gossip;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A time in which this node holds a key and takes plaintext in all the same.
 *
 * @param since when it began, by this node's wall clock
 * @param deadline when it was to be over, if anybody said so
 */
public record PlaintextPhase(Instant since, Optional<Instant> deadline) {
    /** How long the phase has gone on past its deadline; zero while it has not. */
    public Duration overdue(Instant now) {
        return deadline.filter(now::isAfter)
                .map(end -> Duration.between(end, now))
                .orElse(Duration.ZERO);
    }
}
