package io.sotto.cluster;

import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Tells one subscriber of the application what happens in a pool, in the application's words; stops with the subscriber.
 * It keeps nothing, so it is not supervised: a subscriber that is told nothing more has stopped.
 */
final class Relay {
    private Relay() {}

    /**
     * @param subscribe has the pool tell the actor that it is given
     * @param translate from the pool's words to the application's
     * @param ended run when nothing more will be told
     */
    static <P, A> Behavior<P> create(
            ActorRef<A> subscriber, Consumer<ActorRef<P>> subscribe, Function<P, A> translate, Runnable ended) {
        return Behaviors.setup(context -> {
            context.watch(subscriber);
            subscribe.accept(context.getSelf());
            return Behaviors.receive(
                    (same, said) -> {
                        subscriber.tell(translate.apply(said));
                        return Behaviors.same();
                    },
                    (same, signal) -> {
                        if (signal instanceof PostStop) {
                            ended.run();
                        }
                        return signal instanceof Terminated ? Behaviors.stopped() : Behaviors.same();
                    });
        });
    }
}
