package io.sotto.gossip;

import io.sotto.membership.SwimSettings;
import io.sotto.membership.doubt.PauseWatch;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Notices that this process stood still, and tells those who would otherwise blame others for it: {@code watching}. One
 * message in half a protocol period.
 *
 * <p>A member that wakes up raises its health score, gives up the probe that ran, and gives its suspects the time that it
 * missed and a moment more. Supervised by restart: it begins to watch anew. Source: ours.
 */
final class PauseDetector {
    sealed interface Command {}

    private enum Tick implements Command {
        INSTANCE
    }

    /** What it needs of its pool. */
    record Links(
            ActorRef<ProbeScheduler.Command> probes,
            ActorRef<LocalMember.Command> local,
            Hearing hearing,
            Supplier<SwimSettings> swim,
            PoolTime time,
            Consumer<PoolState.Pause> published) {}

    private final ActorContext<Command> context;
    private final Links links;
    private final SwimSettings swim;
    private final PauseWatch watch;

    private PauseDetector(ActorContext<Command> context, Links links, SwimSettings swim, PauseWatch watch) {
        this.context = context;
        // Pekko's timers touch the logger first and would name it after a class of theirs.
        context.setLoggerName(PauseDetector.class);
        this.links = links;
        this.swim = swim;
        this.watch = watch;
    }

    static Behavior<Command> create(Links links) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            SwimSettings swim = links.swim.get();
            Duration interval = swim.probeInterval().dividedBy(2);
            timers.startTimerWithFixedDelay(Tick.INSTANCE, interval);
            return new PauseDetector(
                            context,
                            links,
                            swim,
                            new PauseWatch(
                                    interval,
                                    swim.caution().lateAfter(),
                                    swim.probeInterval().multipliedBy(2),
                                    links.time.now(),
                                    links.time.wall()))
                    .watching();
        }));
    }

    private Behavior<Command> watching() {
        return Behaviors.receive(Command.class)
                .onMessage(Tick.class, tick -> onTick())
                .build();
    }

    private Behavior<Command> onTick() {
        watch.onTick(links.time.now(), links.time.wall()).ifPresent(pause -> {
            links.hearing.paused(pause);
            links.probes.tell(ProbeScheduler.Paused.INSTANCE);
            links.local.tell(new LocalMember.HealthChange(1));
            links.published.accept(new PoolState.Pause(pause.length(), links.time.wall()));
            context.getLog()
                    .warn(
                            "this process stood still for {} ms: it accuses nobody of what it missed meanwhile",
                            pause.length().toMillis());
        });
        // Another rhythm is watched from the next tick on.
        return links.swim.get().equals(swim) ? Behaviors.same() : create(links);
    }
}
