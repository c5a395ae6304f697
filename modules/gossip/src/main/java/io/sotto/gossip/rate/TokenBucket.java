package io.sotto.gossip.rate;

/**
 * Lets something happen at most so many times at once and so many times a second in the long run. One owner.
 *
 * <p>It keeps one number: the moment at which the bucket will be full again. Source: ours; the method is the generic cell
 * rate algorithm of ITU-T I.371.
 */
public final class TokenBucket {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long intervalNanos;
    private final long toleranceNanos;
    private long originNanos;
    private boolean started;
    private long fullAtNanos;

    private TokenBucket(long intervalNanos, long toleranceNanos) {
        this.intervalNanos = intervalNanos;
        this.toleranceNanos = toleranceNanos;
    }

    /**
     * A full bucket.
     *
     * @param perSecond what comes back in a second; 0 for a bucket that admits everything
     * @param burst what it holds, 1 or more
     */
    public static TokenBucket create(int perSecond, int burst) {
        return new TokenBucket(intervalNanos(perSecond), toleranceNanos(perSecond, burst));
    }

    /** Takes one token, if there is one. {@code nowNanos} is monotonic, from any origin. */
    public boolean admits(long nowNanos) {
        if (intervalNanos == 0) {
            return true;
        }
        if (!started) {
            started = true;
            originNanos = nowNanos;
        }
        long now = nowNanos - originNanos;
        long fullAt = Math.max(fullAtNanos, now);
        if (fullAt - now > toleranceNanos) {
            return false;
        }
        fullAtNanos = fullAt + intervalNanos;
        return true;
    }

    /** Nanoseconds between two tokens; 0 for no limit. */
    static long intervalNanos(int perSecond) {
        if (perSecond < 0) {
            throw new IllegalArgumentException("a rate of " + perSecond + " a second");
        }
        return perSecond == 0 ? 0 : Math.max(1, NANOS_PER_SECOND / perSecond);
    }

    /** How far ahead of time the last of {@code burst} tokens taken at once is. */
    static long toleranceNanos(int perSecond, int burst) {
        if (burst < 1) {
            throw new IllegalArgumentException("a burst of " + burst);
        }
        return intervalNanos(perSecond) * (burst - 1L);
    }
}
