package io.sotto.membership;

import java.time.Duration;

/**
 * The protocol's formulas, with the real systems' truncations. Stateless.
 *
 * <p>Source: gossip specification, sections 11.4, 12.1 and 13.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class Formulas {
    private Formulas() {}

    /** The least time that a suspect has in a pool of {@code poolSize}. */
    public static Duration suspicionMin(int suspicionMult, int poolSize, Duration probeInterval) {
        throw new IllegalStateException("pending");
    }

    /** Confirmations that shorten a suspicion all the way to its least time. */
    public static int expectedConfirmations(int suspicionMult, int poolSize) {
        throw new IllegalStateException("pending");
    }

    /** What is left after {@code confirmations} of {@code expected} and {@code elapsed}; zero or less means now. */
    public static Duration suspicionRemaining(
            int confirmations, int expected, Duration elapsed, Duration min, Duration max) {
        throw new IllegalStateException("pending");
    }

    /** Transmissions of one broadcast; zero in effect means one. */
    public static int retransmitLimit(int retransmitMult, int poolSize) {
        throw new IllegalStateException("pending");
    }

    /** Time between push/pulls, which grows with the pool. */
    public static Duration pushPullInterval(Duration interval, int poolSize) {
        throw new IllegalStateException("pending");
    }
}
