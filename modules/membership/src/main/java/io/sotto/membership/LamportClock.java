package io.sotto.membership;

/**
 * A Lamport clock over unsigned 64-bit times, which saturates and never wraps: one forged message with the last time of
 * all must not put the clock back to zero. One owner.
 *
 * <p>Source: gossip specification, section 17.1; Lamport, "Time, clocks, and the ordering of events".
 */
public final class LamportClock {
    private static final long LAST = -1;
    private static final long FARTHEST_AHEAD = 1L << 32;

    private long time;

    /** @param start the first time; Serf's clocks start at 1 */
    public LamportClock(long start) {
        this.time = start;
    }

    /** The time that the next message is stamped with. */
    public long time() {
        return time;
    }

    /** Advances by one; answers the new time. */
    public long increment() {
        time = next(time);
        return time;
    }

    /** Somebody else's time: ours is greater from now on. */
    public void witness(long other) {
        if (Long.compareUnsigned(other, time) >= 0) {
            time = next(other);
        }
    }

    /**
     * Whether {@code other} is further ahead of {@code time} than members get. Where claims are guarded nobody believes one:
     * nothing that honest members say could be later.
     */
    public static boolean isFarAhead(long other, long time) {
        return Long.compareUnsigned(other, time) > 0 && Long.compareUnsigned(other - time, FARTHEST_AHEAD) > 0;
    }

    private static long next(long value) {
        return value == LAST ? LAST : value + 1;
    }
}
