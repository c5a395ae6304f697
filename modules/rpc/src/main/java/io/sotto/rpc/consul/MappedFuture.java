package io.sotto.rpc.consul;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A future with another's end in other words. Cancelling it cancels the other, which is why it is not simply chained: of two
 * chained futures the first never hears that nobody waits for the second.
 */
final class MappedFuture<T, U> extends CompletableFuture<U> {
    private final CompletableFuture<T> first;

    private MappedFuture(CompletableFuture<T> first) {
        this.first = first;
    }

    /** Ends as {@code meaning} says, and with {@code cancelled} if {@code first} was cancelled. */
    static <T, U> CompletableFuture<U> of(CompletableFuture<T> first, Function<T, U> meaning, U cancelled) {
        MappedFuture<T, U> mapped = new MappedFuture<>(first);
        var unused = first.handle((end, failure) -> failure == null ? meaning.apply(end) : cancelled)
                .whenComplete((end, fault) -> {
                    if (fault == null) {
                        mapped.complete(end);
                    } else {
                        mapped.completeExceptionally(fault);
                    }
                });
        return mapped;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean isCancelled = super.cancel(mayInterruptIfRunning);
        first.cancel(mayInterruptIfRunning);
        return isCancelled;
    }
}
