package io.sotto.gossip;

import io.sotto.membership.Roster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Finds the pool again that this node was a member of in an earlier life: {@code trying -> waiting -> trying … -> stopped}.
 *
 * <p>Tries the members that were alive then, in random order and one at a time, until one answers. When none does it waits
 * as long as between two tries to reach a failed member, and begins anew, unless somebody has come by meanwhile: after a
 * power failure all are away at first. It has no state worth keeping: supervised by restart, it begins anew.
 *
 * <p>Source: Serf, serf.go, which tries once; gossip specification, section 17.8. Further rounds are ours.
 */
final class Rejoin {
    sealed interface Command {}

    private record Tried(JoinReport report) implements Command {}

    private enum Overdue implements Command {
        INSTANCE
    }

    private enum TryAgain implements Command {
        INSTANCE
    }

    /**
     * What it needs of its pool.
     *
     * @param addresses the members that were alive, as {@link JoinTarget} reads them; not this node
     */
    record Links(
            List<String> addresses,
            ActorRef<Sync.Command> sync,
            Supplier<MembersView> view,
            Duration interval,
            RandomGenerator random,
            PoolCounters counters) {
        Links {
            addresses = List.copyOf(addresses);
        }
    }

    /** Longer than any exchange lasts: no answer comes where a fault has lost it. */
    private static final Duration ANSWER_MAX = Duration.ofMinutes(3);

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Links links;

    private Rejoin(ActorContext<Command> context, TimerScheduler<Command> timers, Links links) {
        this.context = context;
        // Pekko's timers touch the logger first and would name it after a class of theirs.
        context.setLoggerName(Rejoin.class);
        this.timers = timers;
        this.links = links;
    }

    static Behavior<Command> create(Links links) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Rejoin(context, timers, links).begin()));
    }

    private Behavior<Command> begin() {
        List<String> shuffled = new ArrayList<>(links.addresses);
        Roster.shuffle(shuffled, links.random);
        return next(shuffled, 0);
    }

    private Behavior<Command> next(List<String> addresses, int at) {
        if (at == addresses.size()) {
            context.getLog()
                    .warn(
                            "serf: Failed to re-join any previously known node; trying again in {} s",
                            links.interval.toSeconds());
            timers.startSingleTimer(TryAgain.INSTANCE, links.interval);
            return waiting();
        }
        String address = addresses.get(at);
        context.getLog().debug("serf: Attempting re-join to previously known node: {}", Printable.of(address));
        links.sync.tell(new Sync.Rejoin(address, context.messageAdapter(JoinReport.class, Tried::new)));
        timers.startSingleTimer(Overdue.INSTANCE, ANSWER_MAX);
        return trying(addresses, at);
    }

    private Behavior<Command> trying(List<String> addresses, int at) {
        return Behaviors.receive(Command.class)
                .onMessage(Tried.class, tried -> onTried(tried.report, addresses, at))
                .onMessage(Overdue.class, overdue -> next(addresses, at + 1))
                .onMessage(TryAgain.class, late -> Behaviors.same())
                .build();
    }

    private Behavior<Command> waiting() {
        return Behaviors.receive(Command.class)
                .onMessage(TryAgain.class, again -> links.view.get().hasCompany() ? Behaviors.stopped() : begin())
                .onMessage(Tried.class, late -> Behaviors.same())
                .onMessage(Overdue.class, late -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onTried(JoinReport report, List<String> addresses, int at) {
        timers.cancel(Overdue.INSTANCE);
        if (report.contacted() == 0) {
            links.counters.rejoins.increment(PoolCounters.Rejoined.UNANSWERED);
            return next(addresses, at + 1);
        }
        links.counters.rejoins.increment(PoolCounters.Rejoined.ANSWERED);
        context.getLog().info("serf: Re-joined to previously known node: {}", Printable.of(addresses.get(at)));
        return Behaviors.stopped();
    }
}
