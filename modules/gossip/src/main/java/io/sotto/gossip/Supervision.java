package io.sotto.gossip;

import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The ways in which the actors of a pool are supervised, each of which counts: who lives, and what became of whoever
 * failed. So operators and tests can see that nothing died unnoticed.
 *
 * <p>A message costs one more call; only starts, ends and failures are counted. May be read from any thread.
 */
final class Supervision {
    /** What becomes of an actor that fails. */
    enum Aftermath {
        /** It begins anew, and loses what it had. */
        RESTARTED,
        /** It goes on with what it had; the message is lost. */
        RESUMED,
        /** It ends. */
        STOPPED
    }

    /** Makes actors fail in tests; nothing that is configured reaches it. */
    interface Faults {
        /** Called with each message before it is handled; what it throws, the actor fails with, and the message is lost. */
        default void before(ActorKind kind, Object message) {}

        /** Called with each message after it was handled; what it throws, the actor fails with, having done its work. */
        default void after(ActorKind kind, Object message) {}
    }

    private static final Faults NONE = new Faults() {};

    private volatile Faults faults = NONE;
    private final Counts<ActorKind> started = Counts.of(ActorKind.class);
    private final Counts<ActorKind> ended = Counts.of(ActorKind.class);
    private final Counts<ActorKind> restarted = Counts.of(ActorKind.class);
    private final Counts<ActorKind> resumed = Counts.of(ActorKind.class);
    private final Counts<ActorKind> stopped = Counts.of(ActorKind.class);

    /** How many live now; an actor that waits to be restarted does not. */
    long live(ActorKind kind) {
        // The ends first: who starts meanwhile then counts as living, and the result is never negative.
        long gone = ended.count(kind);
        return started.count(kind) - gone;
    }

    /** How many failures had this end. */
    long failures(ActorKind kind, Aftermath aftermath) {
        return counts(aftermath).count(kind);
    }

    /** For tests: what happens to each message of each actor from now on. */
    void inject(Faults newFaults) {
        faults = newFaults;
    }

    /** For an actor whose state is changed only by calls that return, and so stays good. */
    <C> Behavior<C> resume(ActorKind kind, Class<C> commands, Behavior<C> behavior) {
        return resume(kind, commands, behavior, Optional.empty());
    }

    /**
     * The same, for an actor that something depends on which the lost message would have done.
     *
     * @param amend what it is told after each failure but of this message itself: to make good what was lost
     */
    <C> Behavior<C> resume(ActorKind kind, Class<C> commands, Behavior<C> behavior, C amend) {
        return resume(kind, commands, behavior, Optional.of(amend));
    }

    private <C> Behavior<C> resume(ActorKind kind, Class<C> commands, Behavior<C> behavior, Optional<C> amend) {
        return Behaviors.supervise(counting(kind, commands, behavior, Aftermath.RESUMED, amend))
                .onFailure(SupervisorStrategy.resume());
    }

    /** For an actor that can begin anew at any time. */
    <C> Behavior<C> restart(ActorKind kind, Class<C> commands, Behavior<C> behavior) {
        return Behaviors.supervise(counting(kind, commands, behavior, Aftermath.RESTARTED))
                .onFailure(SupervisorStrategy.restart());
    }

    /**
     * For an actor that needs something from outside, and is restarted ever more patiently until it has that. Without chance:
     * nobody else waits for the same.
     */
    <C> Behavior<C> restartPatiently(
            ActorKind kind, Class<C> commands, Behavior<C> behavior, Duration first, Duration most) {
        return Behaviors.supervise(counting(kind, commands, behavior, Aftermath.RESTARTED))
                .onFailure(SupervisorStrategy.restartWithBackoff(first, most, 0));
    }

    /** For an actor that nobody misses. */
    <C> Behavior<C> stop(ActorKind kind, Class<C> commands, Behavior<C> behavior) {
        return counting(kind, commands, behavior, Aftermath.STOPPED);
    }

    private <C> Behavior<C> counting(ActorKind kind, Class<C> commands, Behavior<C> behavior, Aftermath aftermath) {
        return counting(kind, commands, behavior, aftermath, Optional.empty());
    }

    private <C> Behavior<C> counting(
            ActorKind kind, Class<C> commands, Behavior<C> behavior, Aftermath aftermath, Optional<C> amend) {
        return Behaviors.intercept(() -> new Counting<>(commands, kind, aftermath, amend), behavior);
    }

    private Counts<ActorKind> counts(Aftermath aftermath) {
        return switch (aftermath) {
            case RESTARTED -> restarted;
            case RESUMED -> resumed;
            case STOPPED -> stopped;
        };
    }

    /** Sees one life of one actor, from its start, or restart, to its end. Runs as the actor. */
    private final class Counting<C> extends BehaviorInterceptor<C, C> {
        private final ActorKind kind;
        private final Aftermath aftermath;
        private final Optional<C> amend;
        private boolean lives;

        Counting(Class<C> commands, ActorKind kind, Aftermath aftermath, Optional<C> amend) {
            super(commands);
            this.kind = kind;
            this.aftermath = aftermath;
            this.amend = amend;
        }

        @Override
        public Behavior<C> aroundStart(TypedActorContext<C> context, PreStartTarget<C> target) {
            Behavior<C> behavior;
            try {
                behavior = target.start(context);
            } catch (RuntimeException | Error e) {
                // An actor that fails before it has begun has nothing to go on with.
                count(e, aftermath == Aftermath.RESUMED ? Aftermath.STOPPED : aftermath);
                throw e;
            }
            if (Behavior.isAlive(behavior)) {
                lives = true;
                started.increment(kind);
            }
            return behavior;
        }

        @Override
        public Behavior<C> aroundReceive(TypedActorContext<C> context, C message, ReceiveTarget<C> target) {
            try {
                Faults injected = faults;
                injected.before(kind, message);
                Behavior<C> next = target.apply(context, message);
                injected.after(kind, message);
                return next;
            } catch (RuntimeException | Error e) {
                count(e, aftermath);
                amend.filter(command -> !command.equals(message))
                        .ifPresent(command -> context.asJava().getSelf().tell(command));
                throw e;
            }
        }

        @Override
        public Behavior<C> aroundSignal(TypedActorContext<C> context, Signal signal, SignalTarget<C> target) {
            try {
                return target.apply(context, signal);
            } catch (RuntimeException | Error e) {
                count(e, aftermath);
                throw e;
            } finally {
                if (lives && (signal instanceof PostStop || signal instanceof PreRestart)) {
                    lives = false;
                    ended.increment(kind);
                }
            }
        }

        /** Pekko supervises exceptions; an error ends the actor under every strategy. */
        private void count(Throwable failure, Aftermath expected) {
            counts(failure instanceof Error ? Aftermath.STOPPED : expected).increment(kind);
        }
    }
}
