package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Unsigned;
import java.time.Duration;

/**
 * How a read is to be answered: part of every request that reads.
 *
 * @param token of the access control list; empty for none
 * @param minQueryIndex wait until the index of the answer is above this one; 0 to not wait
 * @param maxQueryTime for how long to wait; zero for the server's five minutes
 * @param allowStale whether a server that does not lead may answer
 * @param requireConsistent whether the leader has to make sure that it still leads
 * @param useCache whether an agent may answer from its cache
 * @param maxStaleDuration how old an answer with {@code allowStale} may be
 * @param maxAge how old a cached answer may be
 * @param mustRevalidate whether a cached answer must be looked up again
 * @param staleIfError for how long a cached answer does if there is no other
 * @param filter an expression that entries must meet; empty for none
 */
public record QueryOptions(
        String token,
        @Unsigned long minQueryIndex,
        Duration maxQueryTime,
        boolean allowStale,
        boolean requireConsistent,
        boolean useCache,
        Duration maxStaleDuration,
        Duration maxAge,
        boolean mustRevalidate,
        Duration staleIfError,
        String filter) {
    private static final QueryOptions DEFAULTS = new QueryOptions(
            "", 0, Duration.ZERO, false, false, false, Duration.ZERO, Duration.ZERO, false, Duration.ZERO, "");

    /** The leader answers, at once, for anyone. */
    public static QueryOptions defaults() {
        return DEFAULTS;
    }

    /** Any server may answer, if it heard from the leader within {@code age}; zero for however long ago. */
    public QueryOptions stale(Duration age) {
        return new QueryOptions(
                token,
                minQueryIndex,
                maxQueryTime,
                true,
                false,
                useCache,
                age,
                maxAge,
                mustRevalidate,
                staleIfError,
                filter);
    }

    /** The leader answers, after it made sure that it leads. */
    public QueryOptions consistent() {
        return new QueryOptions(
                token,
                minQueryIndex,
                maxQueryTime,
                false,
                true,
                useCache,
                maxStaleDuration,
                maxAge,
                mustRevalidate,
                staleIfError,
                filter);
    }

    /** The answer waits until there is one with an index above {@code index}, or until {@code time} has passed. */
    public QueryOptions waiting(long index, Duration time) {
        return new QueryOptions(
                token,
                index,
                time,
                allowStale,
                requireConsistent,
                useCache,
                maxStaleDuration,
                maxAge,
                mustRevalidate,
                staleIfError,
                filter);
    }

    public QueryOptions withToken(String next) {
        return new QueryOptions(
                next,
                minQueryIndex,
                maxQueryTime,
                allowStale,
                requireConsistent,
                useCache,
                maxStaleDuration,
                maxAge,
                mustRevalidate,
                staleIfError,
                filter);
    }

    public QueryOptions withFilter(String next) {
        return new QueryOptions(
                token,
                minQueryIndex,
                maxQueryTime,
                allowStale,
                requireConsistent,
                useCache,
                maxStaleDuration,
                maxAge,
                mustRevalidate,
                staleIfError,
                next);
    }

    /** Without the token, which is a secret. */
    @Override
    public String toString() {
        return "QueryOptions[minQueryIndex=" + Long.toUnsignedString(minQueryIndex) + ", maxQueryTime=" + maxQueryTime
                + ", allowStale=" + allowStale + ", requireConsistent=" + requireConsistent + ", filter=" + filter
                + "]";
    }
}
