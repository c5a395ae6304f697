package io.sotto.gossip;

import io.sotto.membership.MemberEvent;
import io.sotto.membership.event.Coalescing;
import io.sotto.membership.event.UserEvent;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * A subscriber of a pool that passes on to another, later, what matters in the end: what Serf's agent calls coalescing. An
 * application that wants it spawns one for itself; the pool knows nothing of it. It stops when its target does.
 *
 * <p>It keeps the events held back; where it fails they are lost, and what then happens is for its spawner to decide.
 * Source: gossip specification, section 17.9.
 */
public final class CoalescedEvents {
    /** As long as the Serf agent holds events back at most. */
    public static final Duration PERIOD = Duration.ofSeconds(3);

    /** As long as it does while nothing comes. */
    public static final Duration QUIET = Duration.ofSeconds(1);

    /** What it is told; nobody but the pool and its own timer tells it anything. */
    public sealed interface Command {}

    private record MemberChanged(MemberEvent event) implements Command {}

    private record UserEventCame(UserEvent event) implements Command {}

    private enum Due implements Command {
        INSTANCE
    }

    private CoalescedEvents() {}

    /** Member events: of one member the latest, and none twice in a row. The current view comes first, as JOINED events. */
    public static Behavior<Command> ofMembers(
            ActorRef<GossipPool.Command> pool,
            ActorRef<MemberEvent> target,
            Duration period,
            Duration quiet,
            PoolTime time) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.watch(target);
            pool.tell(new GossipPool.Subscribe(context.messageAdapter(MemberEvent.class, MemberChanged::new)));
            Coalescing<MemberEvent> held = Coalescing.ofMembers(period, quiet);
            return Behaviors.receive(Command.class)
                    .onMessage(
                            MemberChanged.class,
                            changed -> tell(held.on(changed.event, time.now()), held, target, timers, time))
                    .onMessage(UserEventCame.class, others -> Behaviors.same())
                    .onMessage(Due.class, due -> tell(held.onTimer(time.now()), held, target, timers, time))
                    .onSignal(Terminated.class, gone -> Behaviors.stopped())
                    .build();
        }));
    }

    /** User events: of those of one name that were sent to be coalesced the latest, all others at once. */
    public static Behavior<Command> ofUserEvents(
            ActorRef<GossipPool.Command> pool,
            ActorRef<UserEvent> target,
            Duration period,
            Duration quiet,
            PoolTime time) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.watch(target);
            pool.tell(new GossipPool.SubscribeEvents(context.messageAdapter(UserEvent.class, UserEventCame::new)));
            Coalescing<UserEvent> held = Coalescing.ofUserEvents(period, quiet);
            return Behaviors.receive(Command.class)
                    .onMessage(
                            UserEventCame.class,
                            came -> tell(held.on(came.event, time.now()), held, target, timers, time))
                    .onMessage(MemberChanged.class, others -> Behaviors.same())
                    .onMessage(Due.class, due -> tell(held.onTimer(time.now()), held, target, timers, time))
                    .onSignal(Terminated.class, gone -> Behaviors.stopped())
                    .build();
        }));
    }

    private static <E> Behavior<Command> tell(
            List<E> events, Coalescing<E> held, ActorRef<E> target, TimerScheduler<Command> timers, PoolTime time) {
        events.forEach(target::tell);
        held.due()
                .ifPresentOrElse(
                        at -> timers.startSingleTimer(Due.INSTANCE, Duration.between(time.now(), at)),
                        () -> timers.cancel(Due.INSTANCE));
        return Behaviors.same();
    }
}
