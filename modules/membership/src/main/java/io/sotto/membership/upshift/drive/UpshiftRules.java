package io.sotto.membership.upshift.drive;

import io.sotto.membership.upshift.UpshiftGate;
import java.time.Duration;

/**
 * The times of an upshift.
 *
 * @param retry how long after a round in vain the next one begins
 * @param retryMost what that grows to while members are missing
 * @param watch how often it looks for newcomers while it waits to be told to go on
 * @param fresh how long after a question its answers still count
 * @param quiet for how long nobody must have taken in anything insecure before that is refused
 * @param patience rounds in vain after which a gate that is to be forced is forced
 */
public record UpshiftRules(
        Duration retry, Duration retryMost, Duration watch, Duration fresh, Duration quiet, int patience) {
    public UpshiftRules {
        if (retry.isNegative() || retry.isZero() || retryMost.compareTo(retry) < 0 || quiet.isNegative()) {
            throw new IllegalArgumentException(
                    "retry " + retry + ", at most " + retryMost + ", quiet " + quiet + ": not times to wait");
        }
    }

    /** Rounds a second apart at first, and the gate's minute of quiet. */
    public static UpshiftRules defaults() {
        return new UpshiftRules(
                Duration.ofSeconds(1),
                Duration.ofSeconds(15),
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                UpshiftGate.QUIET,
                4);
    }

    /** The same with another time of quiet. */
    public UpshiftRules quietFor(Duration time) {
        return new UpshiftRules(retry, retryMost, watch, fresh, time, patience);
    }

    /** How long to wait after so many rounds in vain. */
    Duration pause(int rounds) {
        Duration doubled = retry.multipliedBy(1L << Math.min(Math.max(0, rounds - patience), 16));
        return doubled.compareTo(retryMost) < 0 ? doubled : retryMost;
    }
}
