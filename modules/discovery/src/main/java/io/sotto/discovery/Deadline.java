package io.sotto.discovery;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;

/** Stages that end in time, by the clock of the actor system. */
final class Deadline {
    private Deadline() {}

    /** What {@code stage} ends with, or {@code late} if it has not ended by then. */
    static <T> CompletionStage<T> within(
            ActorSystem<?> system, CompletionStage<T> stage, Duration most, Supplier<? extends Exception> late) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Cancellable timer = system.scheduler()
                .scheduleOnce(most, () -> result.completeExceptionally(late.get()), system.executionContext());
        stage.whenComplete((value, failure) -> {
            timer.cancel();
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(cause(failure));
            }
        });
        return result;
    }

    /** What failed, without the wrapping that stages give it. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
