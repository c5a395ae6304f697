package io.sotto.rpc.pool;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets so many calls through per second, and so many at once. Safe to use from every thread; takes no lock.
 *
 * <p>It remembers only when the bucket would be full again: each call moves that moment by one interval, and there is no
 * room while it lies more than a whole bucket ahead.
 */
final class RateGate {
    private static final double NANOS_PER_SECOND = 1e9;

    private final long intervalNanos;
    private final long depthNanos;
    private final AtomicLong fullAt;

    /** A full bucket; {@code nowNanos} is of a clock that only advances. */
    RateGate(RpcPoolSettings.RateLimit limit, long nowNanos) {
        this.intervalNanos = limit.perSecond() < 0 ? 0 : Math.max(1, (long) (NANOS_PER_SECOND / limit.perSecond()));
        this.depthNanos = saturatedProduct(intervalNanos, limit.burst());
        this.fullAt = new AtomicLong(nowNanos);
    }

    boolean admit(long nowNanos) {
        if (intervalNanos == 0) {
            return true;
        }
        while (true) {
            long was = fullAt.get();
            long ahead = Math.max(was - nowNanos, 0);
            if (ahead > depthNanos - intervalNanos) {
                return false;
            }
            if (fullAt.compareAndSet(was, nowNanos + ahead + intervalNanos)) {
                return true;
            }
        }
    }

    private static long saturatedProduct(long a, long b) {
        // Far beyond any uptime, and far from where sums of it overflow.
        long most = Long.MAX_VALUE / 4;
        return a != 0 && b > most / a ? most : a * b;
    }
}
