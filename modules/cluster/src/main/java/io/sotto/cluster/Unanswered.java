package io.sotto.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * The questions to one pool that wait for their answer: they end with the actor system at the latest. What an actor has not taken
 * from its mailbox by then, nobody answers, and nobody is left to notice that the time is up. Safe to use from every thread.
 */
final class Unanswered {
    private final ConcurrentMap<Long, CompletableFuture<?>> open = new ConcurrentHashMap<>();
    private final AtomicLong asked = new AtomicLong();
    private volatile boolean isOver;

    Unanswered(ActorSystem<?> system) {
        // Here and below on the thread that it happens on: a stage of Pekko's would take one of the JVM's common pool.
        system.getWhenTerminated().whenCompleteAsync((terminated, failure) -> end(), Runnable::run);
    }

    /** Sees to it that {@code answer} ends; it is given back. */
    <A> CompletionStage<A> add(CompletionStage<A> answer) {
        long number = asked.incrementAndGet();
        open.put(number, answer.toCompletableFuture());
        answer.whenCompleteAsync((value, failure) -> open.remove(number), Runnable::run);
        if (isOver) {
            end();
        }
        return answer;
    }

    private void end() {
        isOver = true;
        open.values()
                .forEach(waits ->
                        waits.completeExceptionally(new IllegalStateException("the actor system has stopped")));
    }
}
