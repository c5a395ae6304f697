package io.sotto.membership.rotation;

import java.time.Duration;

/**
 * The times and bounds of a rotation.
 *
 * @param grace how long the old key is kept once every member seals with the new one
 * @param retry how long after an unfinished round the next one begins
 * @param retryMost what that grows to while members are missing
 * @param fresh how long the answer of a member proves what it holds
 * @param patience rounds after which who is silent is taken for one that does not hear us
 * @param rescuesMax how often it goes back to the old key for the sake of a member that cannot read the new one
 * @param keysMax keys that are removed at the end, at most
 */
public record RotationRules(
        Duration grace, Duration retry, Duration retryMost, Duration fresh, int patience, int rescuesMax, int keysMax) {
    public RotationRules {
        if (grace.isNegative() || retry.isNegative() || retry.isZero() || retryMost.compareTo(retry) < 0) {
            throw new IllegalArgumentException(
                    "grace " + grace + ", retry " + retry + ", at most " + retryMost + ": not times to wait");
        }
    }

    /** A minute of grace, and rounds a second apart at first. */
    public static RotationRules defaults() {
        return new RotationRules(
                Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofSeconds(15), Duration.ofMinutes(2), 4, 3, 64);
    }

    public RotationRules withGrace(Duration other) {
        return new RotationRules(other, retry, retryMost, fresh, patience, rescuesMax, keysMax);
    }

    /** How long to wait after so many rounds in vain. */
    Duration pause(int rounds) {
        Duration doubled = retry.multipliedBy(1L << Math.min(Math.max(0, rounds - patience), 16));
        return doubled.compareTo(retryMost) < 0 ? doubled : retryMost;
    }
}
