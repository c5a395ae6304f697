package io.sotto.membership;

import java.time.Duration;

/**
 * Lifeguard's local health: how much this node should distrust its own timing. One owner.
 *
 * <p>Source: gossip specification, section 11.3; Lifeguard, section IV.A.
 */
public final class HealthScore {
    private final int maxMultiplier;
    private int score;

    /** @param maxMultiplier one more than the highest score */
    public HealthScore(int maxMultiplier) {
        if (maxMultiplier < 1) {
            throw new IllegalArgumentException("maxMultiplier must be at least 1, not " + maxMultiplier);
        }
        this.maxMultiplier = maxMultiplier;
    }

    /** 0 when healthy. */
    public int score() {
        return score;
    }

    /** Adds {@code delta}, clamped to the range; answers whether the score changed. */
    public boolean apply(int delta) {
        int before = score;
        score = (int) Math.max(0, Math.min(maxMultiplier - 1L, (long) score + delta));
        return score != before;
    }

    /** {@code duration} × (score + 1). */
    public static Duration scale(Duration duration, int score) {
        return duration.multipliedBy(score + 1L);
    }
}
