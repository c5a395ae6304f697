package io.sotto.cluster.server;

import io.sotto.rpc.Cancellation;
import io.sotto.rpc.RpcAnswer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Answers that come later: of queries that wait for a change, and of what waits for a leader. A caller that has gone is not
 * waited for. Source: RPC specification, sections 7 and 9.
 */
final class Waiting {
    private static final int SPREAD = 16;

    private final Later later;
    private final RandomGenerator random;

    Waiting(Later later, RandomGenerator random) {
        this.later = later;
        this.random = random;
    }

    /** The answer once {@code changes} is past what the request knows, or as it is when the request's time is over. */
    CompletionStage<RpcAnswer> changed(
            ReadRequest request, ChangeIndex changes, Cancellation cancelled, Supplier<RpcAnswer> answer) {
        if (request.minIndex() == 0) {
            return CompletableFuture.completedFuture(answer.get());
        }
        CompletableFuture<RpcAnswer> answered = new CompletableFuture<>();
        Runnable wake = () -> answered.complete(answer.get());
        Runnable stop = later.schedule(spread(time(request.maxNanos())), wake);
        CompletionStage<RpcAnswer> stage = answered;
        stage.whenComplete((done, cancel) -> {
            changes.forget(wake);
            stop.run();
        });
        cancelled.onCancel(() -> answered.cancel(false));
        changes.whenPast(request.minIndex(), wake);
        return answered;
    }

    /** This answer after that time and a little more. */
    CompletionStage<RpcAnswer> after(Duration time, Cancellation cancelled, RpcAnswer answer) {
        CompletableFuture<RpcAnswer> answered = new CompletableFuture<>();
        Runnable stop = later.schedule(spread(time), () -> answered.complete(answer));
        CompletionStage<RpcAnswer> stage = answered;
        stage.whenComplete((done, cancel) -> stop.run());
        cancelled.onCancel(() -> answered.cancel(false));
        return answered;
    }

    /** How long an answer to this may take, if the server keeps to the rules; zero if it does not wait. */
    static Duration longest(ReadRequest request) {
        return request.minIndex() == 0
                ? Duration.ZERO
                : time(request.maxNanos()).multipliedBy(SPREAD + 1).dividedBy(SPREAD);
    }

    private static Duration time(long nanos) {
        if (nanos <= 0) {
            return ServerSettings.QUERY_TIME;
        }
        return Duration.ofNanos(Math.min(nanos, ServerSettings.QUERY_TIME_MAX.toNanos()));
    }

    private Duration spread(Duration time) {
        long most = time.toNanos() / SPREAD;
        return most <= 0 ? time : time.plusNanos(random.nextLong(most));
    }
}
