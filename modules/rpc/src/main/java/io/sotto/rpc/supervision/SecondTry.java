package io.sotto.rpc.supervision;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Supervision for actors whose messages may be handled twice: the one on which an actor fails is given to it once more, behind
 * those that wait already; if it fails on the same again, that message is lost. So a fault that passes costs nothing, and one that
 * does not is no loop.
 *
 * <p>Stateless; each actor has a memory of its own, which outlives its restarts.
 */
public final class SecondTry {
    /** Makes an actor fail in tests; nothing that is configured reaches it. */
    public interface Faults {
        /** Nothing fails. */
        Faults NONE = new Faults() {};

        /** Called with each message before it is handled; what it throws, the actor fails with, having done nothing. */
        default void before(Object message) {}

        /** Called with each message after it was handled; what it throws, the actor fails with, having done its work. */
        default void after(Object message) {}
    }

    private SecondTry() {}

    /**
     * A new actor that is supervised.
     *
     * @param commands what its messages are
     * @param strategy what becomes of it when it fails
     * @param faults read with each message
     * @param behavior it; made anew where {@code strategy} restarts it
     */
    public static <C> Behavior<C> of(
            Class<C> commands, SupervisorStrategy strategy, Supplier<Faults> faults, Behavior<C> behavior) {
        return Behaviors.setup(context -> {
            Memory<C> memory = new Memory<>();
            return Behaviors.supervise(Behaviors.intercept(() -> new Giving<>(commands, faults, memory), behavior))
                    .onFailure(strategy);
        });
    }

    /** Of one actor, for all its lives; read and written as the actor. */
    private static final class Memory<C> {
        /** The message that is given a second time, from the fault to the end of that. */
        private Optional<C> given = Optional.empty();
    }

    /** Runs as the actor. */
    private static final class Giving<C> extends BehaviorInterceptor<C, C> {
        private final Supplier<Faults> faults;
        private final Memory<C> memory;

        Giving(Class<C> commands, Supplier<Faults> faults, Memory<C> memory) {
            super(commands);
            this.faults = faults;
            this.memory = memory;
        }

        @Override
        public Behavior<C> aroundReceive(TypedActorContext<C> context, C message, ReceiveTarget<C> target) {
            boolean isSecond = memory.given.filter(again -> again == message).isPresent();
            try {
                Faults injected = faults.get();
                injected.before(message);
                Behavior<C> next = target.apply(context, message);
                injected.after(message);
                if (isSecond) {
                    memory.given = Optional.empty();
                }
                return next;
            } catch (RuntimeException e) {
                memory.given = isSecond ? Optional.empty() : Optional.of(message);
                if (!isSecond) {
                    context.asJava().getSelf().tell(message);
                }
                throw e;
            }
        }
    }
}
