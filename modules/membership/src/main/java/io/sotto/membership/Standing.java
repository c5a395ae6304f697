package io.sotto.membership;

import java.time.Duration;

/**
 * How this node stands when it decides about another member. Source: ours.
 *
 * @param poolSize n of all formulas: records with {@link MemberRecord#pooled}, ourselves included
 * @param healthScore Lifeguard's score of this node; 0 is healthy
 * @param lost all the time since the pool started in which this node could not hear what others said; it only grows, but
 *     for the time that silence alone accounts for, which is taken back when patience with oneself ends
 */
public record Standing(int poolSize, int healthScore, Duration lost) {
    /** A node that is well and has missed nothing. */
    public static Standing healthy(int poolSize) {
        return new Standing(poolSize, 0, Duration.ZERO);
    }
}
