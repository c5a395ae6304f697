package io.sotto.cluster;

import io.sotto.rpc.link.LinkEnvironment;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;

/**
 * Where the calls of a node take time, chance, connections and actors from.
 *
 * @param nanos a clock that only advances
 * @param randoms gives whoever asks a generator of its own
 * @param links the world that its connections live in
 * @param actors starts what serves its calls
 */
public record NodeEnvironment(
        LongSupplier nanos, Supplier<RandomGenerator> randoms, LinkEnvironment links, Actors actors) {
    /** Starts actors that live as long as the node. */
    public interface Actors {
        /**
         * Starts one.
         *
         * @param name unique in the actor system, if the node's own name is
         */
        <T> ActorRef<T> start(Behavior<T> behavior, String name);
    }

    /** This machine's sockets, and actors on one dispatcher. */
    static NodeEnvironment machine(
            ActorSystem<?> system,
            LongSupplier nanos,
            Supplier<RandomGenerator> randoms,
            DispatcherSelector dispatcher) {
        return new NodeEnvironment(nanos, randoms, LinkEnvironment.machine(system), new Actors() {
            @Override
            public <T> ActorRef<T> start(Behavior<T> behavior, String name) {
                return system.systemActorOf(behavior, name, dispatcher);
            }
        });
    }
}
