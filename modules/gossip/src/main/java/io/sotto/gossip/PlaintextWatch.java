package io.sotto.gossip;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Says in the log that plaintext is taken in though there is a key: {@code quiet <-> open}.
 *
 * <p>As a warning when such a phase begins and each hour, as an error each minute once its deadline is past, and as news
 * when it ends. It never ends a phase itself. Supervised by restart: it keeps only what it said last. Source: security
 * rules, "every phase of an upshift is visible and can have an end date".
 */
final class PlaintextWatch {
    sealed interface Command {}

    /** The policy may have changed. */
    enum Look implements Command {
        INSTANCE
    }

    private enum Tick implements Command {
        INSTANCE
    }

    private static final Duration REMINDED_EVERY = Duration.ofHours(1);
    private static final Duration LOUD_EVERY = Duration.ofMinutes(1);

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Supplier<Optional<PlaintextPhase>> phase;
    private final PoolTime time;

    private PlaintextWatch(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Supplier<Optional<PlaintextPhase>> phase,
            PoolTime time) {
        this.context = context;
        context.setLoggerName(GossipPool.class);
        this.timers = timers;
        this.phase = phase;
        this.time = time;
    }

    static Behavior<Command> create(Supplier<Optional<PlaintextPhase>> phase, PoolTime time) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            PlaintextWatch watch = new PlaintextWatch(context, timers, phase, time);
            return phase.get().map(watch::begin).orElseGet(watch::quiet);
        }));
    }

    private Behavior<Command> quiet() {
        return Behaviors.receive(Command.class)
                .onMessage(Look.class, look -> phase.get().map(this::begin).orElseGet(Behaviors::same))
                .onMessage(Tick.class, stale -> Behaviors.same())
                .build();
    }

    private Behavior<Command> begin(PlaintextPhase begun) {
        say(begun);
        return open(begun);
    }

    private Behavior<Command> open(PlaintextPhase known) {
        return Behaviors.receive(Command.class)
                .onMessage(Look.class, look -> onLook(known))
                .onMessage(Tick.class, tick -> {
                    say(known);
                    return Behaviors.same();
                })
                .build();
    }

    private Behavior<Command> onLook(PlaintextPhase known) {
        Optional<PlaintextPhase> present = phase.get();
        if (present.isEmpty()) {
            timers.cancel(Tick.INSTANCE);
            context.getLog().info("memberlist: plaintext is no longer accepted");
            return quiet();
        }
        return present.get().equals(known) ? Behaviors.same() : begin(present.get());
    }

    private void say(PlaintextPhase present) {
        Instant now = time.wall();
        Optional<Instant> deadline = present.deadline();
        Duration overdue = present.overdue(now);
        if (!overdue.isZero()) {
            context.getLog()
                    .error(
                            "memberlist: plaintext is still accepted {} s past its deadline {}: turn"
                                    + " encrypt_verify_incoming on, or move plaintext-until",
                            overdue.toSeconds(),
                            deadline.orElse(now));
        } else {
            context.getLog()
                    .warn(
                            "memberlist: plaintext is accepted beside sealed packets {}: encrypt_verify_incoming is off",
                            deadline.map(end -> "until " + end).orElse("without end"));
        }
        // A millisecond later, since at the deadline it is not past yet.
        Duration next = overdue.isZero()
                ? deadline.map(end -> Duration.between(now, end).plusMillis(1))
                        .filter(left -> left.compareTo(REMINDED_EVERY) < 0)
                        .orElse(REMINDED_EVERY)
                : LOUD_EVERY;
        timers.startSingleTimer(Tick.INSTANCE, Tick.INSTANCE, next);
    }
}
