package io.sotto.agent.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what the demo wants to see, never longer than it may. Blocks the demo's own thread and no other. */
final class Patience {
    private static final long GLANCE_MILLIS = 20;

    private final Clock clock;
    private final Duration limit;
    private final CountDownLatch cancelled = new CountDownLatch(1);

    /**
     * Waits with a bound.
     *
     * @param limit how long each single thing may take
     */
    Patience(Clock clock, Duration limit) {
        this.clock = clock;
        this.limit = limit;
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
        Instant end = clock.instant().plus(limit);
        while (!seen.getAsBoolean()) {
            if (clock.instant().isAfter(end)) {
                throw new NotObserved("not within " + limit.toSeconds() + " s: " + otherwise.get());
            }
            pause();
        }
    }

    /** Until it completes. */
    <T> T of(CompletionStage<T> stage, String what) throws NotObserved {
        try {
            return stage.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new NotObserved("not within " + limit.toSeconds() + " s: " + what);
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
