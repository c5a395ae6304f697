package io.sotto.cluster;

import io.sotto.rpc.application.RpcMethod;
import io.sotto.rpc.application.RpcOutcome;
import io.sotto.rpc.pool.Callee;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** Calls a method again and again, from every member to every callee, and remembers what did not work. */
final class RpcProbes {
    private static final Duration EVERY = Duration.ofMillis(20);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final RpcMethod<String, String> method;
    private final List<Cancellable> running = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final Map<String, Seen> seen = new HashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private int answered;

    /** What came back last on one way, and how often in a row, since somebody began to look. */
    record Seen(String answer, int times) {}

    private record Waiting(Predicate<Map<String, Seen>> condition, CompletableFuture<Void> met) {}

    RpcProbes(RpcMethod<String, String> method) {
        this.method = method;
    }

    synchronized void start(ActorSystem<?> system, String way, Rpc from, Callee to) {
        seen.put(way, new Seen("", 0));
        running.add(Source.tick(Duration.ZERO, EVERY, way)
                .mapAsync(8, tick -> from.call(to, method, "probe", TIMEOUT))
                .to(Sink.foreach(outcome -> record(way, outcome)))
                .run(system));
    }

    /** Completes once what is seen from now on is so. */
    synchronized CompletableFuture<Void> until(Predicate<Map<String, Seen>> condition) {
        seen.replaceAll((way, before) -> new Seen("", 0));
        CompletableFuture<Void> met = new CompletableFuture<>();
        waiting.add(new Waiting(condition, met));
        return met;
    }

    private synchronized void record(String way, RpcOutcome<String> outcome) {
        if (outcome instanceof RpcOutcome.Answer<String> answer) {
            answered++;
            seen.merge(
                    way,
                    new Seen(answer.value(), 1),
                    (before, now) -> before.answer.equals(now.answer) ? new Seen(now.answer, before.times + 1) : now);
        } else {
            failures.add(way + ": " + outcome);
        }
        waiting.removeIf(wait -> {
            boolean isMet = wait.condition.test(Map.copyOf(seen));
            if (isMet) {
                wait.met.complete(null);
            }
            return isMet;
        });
    }

    synchronized void stop() {
        running.forEach(Cancellable::cancel);
    }

    synchronized int answered() {
        return answered;
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }
}
