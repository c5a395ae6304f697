package io.sotto.rpc.consul;

import io.sotto.wire.rpc.consul.QueryOptions;
import java.time.Duration;
import java.util.Map;

/** For how long servers keep a query waiting. Source: RPC specification, section 7. */
final class Waits {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration DEFAULT = Duration.ofMinutes(5);

    /** Servers add a random part of the time that was asked for, at most one in so many. */
    private static final int EXTRA = 16;

    private Waits() {}

    static Duration of(QueryOptions options) {
        return of(options.minQueryIndex() != 0, options.maxQueryTime());
    }

    /** The same for a request as a tree. */
    static Duration of(Object request) {
        if (request instanceof Map<?, ?> fields
                && fields.get("MinQueryIndex") instanceof Number index
                && fields.get("MaxQueryTime") instanceof Number nanos) {
            return of(index.doubleValue() != 0, Duration.ofNanos(nanos.longValue()));
        }
        return Duration.ZERO;
    }

    private static Duration of(boolean waits, Duration asked) {
        if (!waits) {
            return Duration.ZERO;
        }
        boolean isGiven = !asked.isZero() && !asked.isNegative();
        Duration wait = isGiven ? asked.compareTo(LONGEST) > 0 ? LONGEST : asked : DEFAULT;
        return wait.plus(wait.dividedBy(EXTRA));
    }
}
