package io.sotto.membership;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The time that one suspect has left, which independent accusers shorten.
 *
 * <p>The first accuser is no confirmation; each other one counts once, up to the number expected. Under {@link Caution} it
 * counts only the time in which this node could have heard a refutation, begins anew with each answer of the suspect to us,
 * and is a little shorter where this node has testimony of its own. Source: gossip specification, section 11.4; Lifeguard,
 * section IV.B; ours.
 */
final class Suspicion {
    /** Testimonies, our own silence apart, that make a failed probe of ours certain. */
    private static final int CERTAIN_FROM = 2;

    private final String accuser;
    private final Instant openedAt;
    private final Set<String> confirmers = new LinkedHashSet<>();
    private final int expected;
    private final Duration min;
    private final Duration sureMin;
    private final Duration max;
    private Instant startedAt;
    private Duration lostBefore = Duration.ZERO;
    private int witnesses;

    private Suspicion(String accuser, int expected, Duration min, Duration sureMin, Duration max, Instant startedAt) {
        this.accuser = accuser;
        this.expected = expected;
        this.min = min;
        this.sureMin = sureMin;
        this.max = max;
        this.openedAt = startedAt;
        this.startedAt = startedAt;
    }

    static Suspicion start(String accuser, SwimSettings settings, Standing standing, Instant now) {
        int poolSize = standing.poolSize();
        Duration min = Formulas.suspicionMin(settings.suspicionMult(), poolSize, settings.probeInterval());
        Suspicion started = new Suspicion(
                accuser,
                Formulas.expectedConfirmations(settings.suspicionMult(), poolSize),
                min,
                Formulas.sureSuspicionMin(settings, min),
                min.multipliedBy(settings.suspicionMaxTimeoutMult()),
                now);
        started.lostBefore = standing.lost();
        return started;
    }

    /** Whether this accuser was news; then {@link #remaining} is shorter than before. */
    boolean confirm(String other) {
        return confirmers.size() < expected && !other.equals(accuser) && confirmers.add(other);
    }

    /** A probe of our own has failed, and so many helpers say that the target did not answer them either. */
    void testify(int newWitnesses) {
        witnesses = Math.max(witnesses, newWitnesses);
    }

    /** The suspect answered us, so it has all its time again. */
    void answered(Standing standing, Instant now) {
        startedAt = now;
        lostBefore = standing.lost();
        witnesses = 0;
    }

    /** What is left; never negative. */
    Duration remaining(Standing standing, Instant now) {
        Duration least = witnesses >= CERTAIN_FROM && standing.healthScore() == 0 ? sureMin : min;
        Duration left = Formulas.suspicionTotal(confirmers.size(), expected, least, max)
                .plus(lost(standing))
                .minus(Duration.between(startedAt, now));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** How much of its time so far this node could not hear. */
    Duration lost(Standing standing) {
        Duration since = standing.lost().minus(lostBefore);
        return since.isNegative() ? Duration.ZERO : since;
    }

    Accusation accusation() {
        return new Accusation(accuser, openedAt, new ArrayList<>(confirmers));
    }
}
