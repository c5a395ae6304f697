package io.sotto.membership;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * The time that one suspect has left, which independent accusers shorten.
 *
 * <p>The first accuser is no confirmation; each other one counts once, up to the number expected. Source: gossip
 * specification, section 11.4; Lifeguard, section IV.B.
 */
final class Suspicion {
    private final Set<String> accusers = new HashSet<>();
    private final int expected;
    private final Duration min;
    private final Duration max;
    private final Instant startedAt;
    private int confirmations;

    Suspicion(String accuser, int expected, Duration min, Duration max, Instant startedAt) {
        accusers.add(accuser);
        this.expected = expected;
        this.min = min;
        this.max = max;
        this.startedAt = startedAt;
    }

    static Suspicion start(String accuser, SwimSettings settings, int poolSize, Instant now) {
        Duration min = Formulas.suspicionMin(settings.suspicionMult(), poolSize, settings.probeInterval());
        return new Suspicion(
                accuser,
                Formulas.expectedConfirmations(settings.suspicionMult(), poolSize),
                min,
                min.multipliedBy(settings.suspicionMaxTimeoutMult()),
                now);
    }

    /** Whether this accuser was news; then {@link #remaining} is shorter than before. */
    boolean confirm(String accuser) {
        if (confirmations >= expected || !accusers.add(accuser)) {
            return false;
        }
        confirmations++;
        return true;
    }

    /** What is left; never negative. */
    Duration remaining(Instant now) {
        Duration left =
                Formulas.suspicionTotal(confirmations, expected, min, max).minus(Duration.between(startedAt, now));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
