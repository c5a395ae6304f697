package io.sotto.membership.upshift;

/**
 * A member because of which the pool should not go on yet.
 *
 * @param member its name
 * @param ground how that is known
 * @param why in words that follow the name
 */
public record Obstacle(String member, Ground ground, String why) {
    /** How something about a member is known. */
    public enum Ground {
        /** A sealed report says so. */
        REPORT,
        /** Traffic that seems to be the member's shows it. */
        HINT,
        /** Nothing shows the contrary. */
        UNKNOWN
    }
}
