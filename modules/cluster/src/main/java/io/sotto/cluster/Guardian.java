package io.sotto.cluster;

import io.sotto.gossip.GossipPool;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSource;

/**
 * The way from the API to the actors of one pool. Nothing here throws: where the actor system has stopped, questions fail, streams
 * end, and subscribers are told nothing.
 *
 * @param ref who is asked
 * @param unanswered what it was asked
 */
record Guardian(ActorSystem<?> system, ActorRef<GossipPool.Command> ref, Unanswered unanswered) {
    /** Longer than any start, join or leave can take within its own bounds. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Names relays, since actor names are unique in a system. */
    private static final AtomicLong RELAYS = new AtomicLong();

    /** Ends a stream; nobody but {@link #stream} knows it. */
    private static final Object END = new Object();

    Guardian(ActorSystem<?> system, ActorRef<GossipPool.Command> ref) {
        this(system, ref, new Unanswered(system));
    }

    /** Fails when no answer comes, or when the actor system stops before it does. */
    <A> CompletionStage<A> ask(Function<ActorRef<A>, GossipPool.Command> question) {
        try {
            return unanswered.add(
                    AskPattern.<GossipPool.Command, A>ask(ref, question::apply, PATIENCE, system.scheduler()));
        } catch (IllegalStateException stopped) {
            return CompletableFuture.failedFuture(stopped);
        }
    }

    /**
     * The same, in other words. On the system's dispatcher, since what follows an ask without an executor runs in the JVM's common
     * pool or on a new thread.
     */
    <A, R> CompletionStage<R> ask(Function<ActorRef<A>, GossipPool.Command> question, Function<A, R> words) {
        return this.<A>ask(question).thenApplyAsync(words, system.executionContext());
    }

    void tell(GossipPool.Command command) {
        ref.tell(command);
    }

    /**
     * Tells a subscriber what the pool tells, until it stops.
     *
     * @param subscribe has the pool tell the actor that it is given
     * @param words from the pool's to the application's
     */
    <P, A> void relay(
            ActorRef<A> subscriber, Function<ActorRef<P>, GossipPool.Command> subscribe, Function<P, A> words) {
        relay(subscriber, subscribe, words, () -> {});
    }

    private <P, A> void relay(
            ActorRef<A> subscriber,
            Function<ActorRef<P>, GossipPool.Command> subscribe,
            Function<P, A> words,
            Runnable ended) {
        try {
            system.systemActorOf(
                    Relay.<P, A>create(subscriber, relay -> ref.tell(subscribe.apply(relay)), words, ended),
                    "sotto-relay-" + RELAYS.incrementAndGet(),
                    Props.empty());
        } catch (IllegalStateException stopped) {
            ended.run();
        }
    }

    /** The same as a stream, that asks anew at each run and ends with the actor system; the oldest gives way. */
    @SuppressWarnings("unchecked") // but for END, it is told nothing but what words gave
    <P, A> Source<A, NotUsed> stream(
            Function<ActorRef<P>, GossipPool.Command> subscribe, Function<P, A> words, int buffered) {
        return ActorSource.<Object>actorRef(
                        message -> message == END, message -> Optional.empty(), buffered, OverflowStrategy.dropHead())
                .mapMaterializedValue(told -> {
                    relay(told, subscribe, (Function<P, Object>) (Function<P, ?>) words, () -> told.tell(END));
                    return NotUsed.getInstance();
                })
                .map(element -> (A) element);
    }
}
