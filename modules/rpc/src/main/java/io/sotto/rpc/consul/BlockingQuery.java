package io.sotto.rpc.consul;

import io.sotto.rpc.RpcResult;
import io.sotto.rpc.application.RpcOutcome;
import io.sotto.wire.rpc.consul.QueryMeta;
import io.sotto.wire.rpc.consul.QueryOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * One query asked again and again, each time for what is newer than the last answer: the first at once, the others when
 * something has changed, or when the time is over.
 *
 * <p>An index that went backwards, as after servers were restored from a snapshot, is not waited for: the next query answers at
 * once. An index of 0 counts as 1, since to wait for more than 0 is not to wait. After anything but an answer the index stays,
 * and whoever asks should take a pause before the next.
 *
 * <p>Safe to use from every thread; one query at a time makes sense. Source: RPC specification, section 7.
 *
 * @param <A> what an answer is
 */
public final class BlockingQuery<A> {
    private final Function<QueryOptions, CompletableFuture<RpcOutcome<A>>> query;
    private final Function<A, QueryMeta> meta;
    private final QueryOptions options;
    private final Duration wait;
    private final AtomicLong index = new AtomicLong();

    private BlockingQuery(
            Function<QueryOptions, CompletableFuture<RpcOutcome<A>>> query,
            Function<A, QueryMeta> meta,
            QueryOptions options,
            Duration wait) {
        this.query = query;
        this.meta = meta;
        this.options = options;
        this.wait = wait;
    }

    /**
     * Asks by {@code query}, such as {@code o -> consul.kvGet("key", o)}.
     *
     * @param meta where an answer has its index, such as {@code Kvs.Entries::meta}
     * @param options for every query, but for what it waits for
     * @param wait for how long each waits; servers take zero for five minutes, and ten minutes are the most
     */
    public static <A> BlockingQuery<A> of(
            Function<QueryOptions, CompletableFuture<RpcOutcome<A>>> query,
            Function<A, QueryMeta> meta,
            QueryOptions options,
            Duration wait) {
        return new BlockingQuery<>(query, meta, options, wait);
    }

    /** The next answer. Cancelling the future cancels the query. */
    public CompletableFuture<RpcOutcome<A>> next() {
        long since = index.get();
        CompletableFuture<RpcOutcome<A>> asked = query.apply(options.waiting(since, wait));
        return MappedFuture.of(
                asked,
                outcome -> {
                    outcome.answer()
                            .ifPresent(answer -> index.set(
                                    nextIndex(since, meta.apply(answer).index())));
                    return outcome;
                },
                new RpcOutcome.NoAnswer<>(new RpcResult.Cancelled()));
    }

    /** What the next query waits to be passed; 0 to not wait. */
    public long index() {
        return index.get();
    }

    /** What to wait for after an answer with index {@code received} to a query for more than {@code since}, both unsigned. */
    static long nextIndex(long since, long received) {
        long atLeastOne = received == 0 ? 1 : received;
        return Long.compareUnsigned(atLeastOne, since) < 0 ? 0 : atLeastOne;
    }
}
