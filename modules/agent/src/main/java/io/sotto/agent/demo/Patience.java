package io.sotto.agent.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waits for what the demo wants to see, never longer than it may. Blocks the demo's own thread and no other.
 *
 * <p>It counts its own glances, not the time on the clock: where the process is kept from running, the agents in it are too.
 */
final class Patience {
    private static final long GLANCE_MILLIS = 20;

    private final Clock clock;
    private final Duration limit;
    private final long glances;
    private final CountDownLatch cancelled = new CountDownLatch(1);

    /**
     * Waits with a bound.
     *
     * @param limit how long each single thing may take, while the process runs
     */
    Patience(Clock clock, Duration limit) {
        this.clock = clock;
        this.limit = limit;
        this.glances = limit.toMillis() / GLANCE_MILLIS;
    }

    Instant now() {
        return clock.instant();
    }

    /** From now on nothing is waited for any more: every wait ends as not observed. */
    void cancel() {
        cancelled.countDown();
    }

    /** Until it is so. */
    void until(BooleanSupplier seen, Supplier<String> otherwise) throws NotObserved {
        for (long left = glances; !seen.getAsBoolean(); left--) {
            if (left == 0) {
                throw new NotObserved("not within " + limit.toSeconds() + " s: " + otherwise.get());
            }
            pause();
        }
    }

    /** Until it completes. */
    <T> T of(CompletionStage<T> stage, String what) throws NotObserved {
        CompletableFuture<T> future = stage.toCompletableFuture();
        until(future::isDone, () -> what);
        try {
            return future.get();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            throw new NotObserved(what + ": " + cause.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotObserved("interrupted while waiting: " + what);
        }
    }

    private void pause() throws NotObserved {
        try {
            if (cancelled.await(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new NotObserved("the demo was ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotObserved("interrupted");
        }
    }
}
