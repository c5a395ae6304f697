package io.sotto.gossip;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Joins the same addresses again and again until one answers: {@code trying -> waiting -> trying … -> stopped}.
 *
 * <p>Waits 1, 2, 4 … seconds between rounds, at most {@code interval}: a seed that starts a moment later is found soon, one
 * that is gone costs little. It has no state worth keeping: supervised by restart, it begins anew.
 *
 * <p>Source: agent specification, section 9 ({@code retry_join}); the short first waits are ours.
 */
final class RetryJoin {
    sealed interface Command {}

    private enum TryAgain implements Command {
        INSTANCE
    }

    private enum Overdue implements Command {
        INSTANCE
    }

    private record Tried(JoinReport report) implements Command {}

    /** Longer than any exchange lasts: no answer comes where a fault has lost it. */
    private static final Duration ANSWER_MAX = Duration.ofMinutes(3);

    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final ActorRef<Sync.Command> sync;
    private final String pool;
    private final List<String> addresses;
    private final Duration interval;
    private final int maxRounds;

    private RetryJoin(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ActorRef<Sync.Command> sync,
            String pool,
            List<String> addresses,
            Duration interval,
            int maxRounds) {
        this.context = context;
        // Pekko's timers touch the logger first and would name it after a class of theirs.
        context.setLoggerName(RetryJoin.class);
        this.timers = timers;
        this.sync = sync;
        this.pool = pool;
        this.addresses = addresses;
        this.interval = interval;
        this.maxRounds = maxRounds;
    }

    /** @param maxRounds how many rounds to try; 0 is without end */
    static Behavior<Command> create(
            ActorRef<Sync.Command> sync, String pool, List<String> addresses, Duration interval, int maxRounds) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new RetryJoin(context, timers, sync, pool, addresses, interval, maxRounds).attempt(1)));
    }

    private Behavior<Command> attempt(int round) {
        sync.tell(new Sync.Join(addresses, context.messageAdapter(JoinReport.class, Tried::new)));
        timers.startSingleTimer(Overdue.INSTANCE, ANSWER_MAX);
        return Behaviors.receive(Command.class)
                .onMessage(Tried.class, tried -> onTried(tried.report, round))
                .onMessage(Overdue.class, overdue -> onTried(new JoinReport(0, List.of()), round))
                .onMessage(TryAgain.class, late -> Behaviors.same())
                .build();
    }

    private Behavior<Command> waiting(int round) {
        return Behaviors.receive(Command.class)
                .onMessage(TryAgain.class, again -> attempt(round + 1))
                .onMessage(Overdue.class, late -> Behaviors.same())
                .onMessage(Tried.class, late -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onTried(JoinReport report, int round) {
        timers.cancel(Overdue.INSTANCE);
        if (report.contacted() > 0) {
            context.getLog()
                    .info(
                            "Join cluster completed. Synced with initial agents: cluster={} num_agents={}",
                            pool,
                            report.contacted());
            return Behaviors.stopped();
        }
        if (maxRounds > 0 && round >= maxRounds) {
            context.getLog().error("max join retry exhausted: cluster={} rounds={}", pool, round);
            return Behaviors.stopped();
        }
        Duration wait = waitAfter(round, interval);
        context.getLog().warn("Join cluster failed, will retry: cluster={} retry_interval={}s", pool, wait.toSeconds());
        timers.startSingleTimer(TryAgain.INSTANCE, wait);
        return waiting(round);
    }

    /** 1, 2, 4 … seconds, at most {@code interval}. */
    static Duration waitAfter(int round, Duration interval) {
        Duration doubled = FIRST_WAIT.multipliedBy(1L << Math.min(round - 1, 30));
        return doubled.compareTo(interval) < 0 ? doubled : interval;
    }
}
