package io.sotto.membership.proof;

import java.time.Duration;
import java.time.Instant;

/** So many at once, and so many a second. One owner. Source: ours. */
final class Pace {
    private static final double NANOS = 1e9;

    private final int rate;
    private final int burst;
    private double tokens;
    private Instant at;

    Pace(int rate, int burst, Instant now) {
        this.rate = rate;
        this.burst = burst;
        this.tokens = burst;
        this.at = now;
    }

    boolean admits(Instant now) {
        if (now.isAfter(at)) {
            tokens = Math.min(burst, tokens + Duration.between(at, now).toNanos() / NANOS * rate);
            at = now;
        }
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
