package io.sotto.testkit.schedule;

import io.sotto.gossip.MembersView;
import io.sotto.gossip.PoolState;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.membership.Claims;
import io.sotto.testkit.invariant.Agreement;
import io.sotto.testkit.invariant.Bounds;
import io.sotto.testkit.invariant.Calm;
import io.sotto.testkit.invariant.Disturbances;
import io.sotto.testkit.invariant.Life;
import io.sotto.testkit.invariant.Moment;
import io.sotto.testkit.invariant.Picture;
import io.sotto.testkit.invariant.Sight;
import io.sotto.testkit.invariant.Tally;
import io.sotto.testkit.invariant.TrueLeaves;
import io.sotto.testkit.invariant.Violation;
import io.sotto.testkit.invariant.Watch;
import io.sotto.testkit.sim.Latency;
import io.sotto.testkit.sim.SimCluster;
import io.sotto.testkit.sim.SimMember;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.crypto.GossipKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Runs one schedule on a cluster of production pools in virtual time, every invariant watching: it forms, suffers, heals;
 * then all must agree within {@link Bounds#convergence}, and nothing may happen any more. One use, on one thread; several
 * may run side by side on threads of their own.
 */
public final class ScheduleRun {
    /** Of every link that nothing is done to. */
    static final Latency LATENCY = Latency.uniform(Duration.ofNanos(200_000), Duration.ofMillis(2));

    private static final Duration LATENCY_MAX = Duration.ofMillis(2);
    /** Between looks at pools that have not changed, which only time can make wrong. */
    private static final Duration IDLE_LOOK = Duration.ofMillis(200);

    private static final Duration COUNT_INTERVAL = Duration.ofSeconds(2);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int TICKS_PER_REJOIN = 5;
    private static final Duration CALM = Duration.ofSeconds(3);
    private static final int TURNS_WATCHED_MAX = 8;
    private static final int LAST_LOG_LINES = 25;
    private static final int WHAT_LINES = 8;
    private static final byte[] KEY = new byte[16];

    private final Schedule schedule;
    private final SimCluster cluster;
    private final Disturbances disturbances = new Disturbances();
    private final TrueLeaves leaves = new TrueLeaves();
    private final Director director;
    private final Bounds bounds;
    private final Watch watch;
    private final IdentityHashMap<PoolState, Seen> seen = new IdentityHashMap<>();
    private Optional<Watch> calm = Optional.empty();
    private Moment present = new Moment(Duration.ZERO, List.of());
    private Duration nextCount = COUNT_INTERVAL;
    private boolean isOver;
    private int lives;
    private int step;
    private Duration healing = Duration.ZERO;

    private ScheduleRun(Schedule schedule) {
        this.schedule = schedule;
        this.bounds = new Bounds(schedule.timing().swim(), schedule.timing().serf(), LATENCY_MAX, Claims.GUARDED);
        this.watch = Watch.all(bounds, disturbances, leaves);
        KeySettings keys = schedule.sealed()
                ? new KeySettings(Optional.of(GossipKey.of(KEY)), Optional.empty(), true, true)
                : KeySettings.none();
        this.cluster = SimCluster.builder()
                .seed(schedule.seed())
                .members(schedule.members())
                .swim(bounds.swim())
                .serf(bounds.serf())
                .keys(keys)
                .claims(bounds.claims())
                .change(Intruder::disguise)
                .build();
        this.director = new Director(cluster, disturbances);
    }

    /** What became of a schedule. */
    public record Outcome(Schedule schedule, Optional<Failure> failure, Duration virtual, Duration healing) {}

    /**
     * Why a schedule failed.
     *
     * @param step the last step that was done, from 1; 0 before the first
     * @param at virtual time
     * @param log what happened, as the cluster tells it
     */
    public record Failure(Schedule schedule, int step, Duration at, List<String> what, List<String> log) {
        /** For people: the seed, the step, the time, what was violated, the schedule, and how to run it again. */
        public String text() {
            StringBuilder text = new StringBuilder();
            text.append("schedule ")
                    .append(schedule.seed())
                    .append(" failed after step ")
                    .append(step)
                    .append(" at ");
            text.append(Action.number(at.toMillis() / 1000.0)).append(" s of virtual time:\n");
            what.stream()
                    .limit(WHAT_LINES)
                    .forEach(line -> text.append("  ").append(line).append('\n'));
            if (what.size() > WHAT_LINES) {
                text.append("  and ").append(what.size() - WHAT_LINES).append(" more\n");
            }
            text.append("the last of what happened:\n");
            log.subList(Math.max(0, log.size() - LAST_LOG_LINES), log.size())
                    .forEach(line -> text.append("  ").append(line).append('\n'));
            text.append("the schedule:\n");
            schedule.text()
                    .lines()
                    .forEach(line -> text.append("  ").append(line).append('\n'));
            text.append("to run it again: modules/bench/run schedules -n 1 -from ")
                    .append(schedule.seed());
            return text.append('\n').toString();
        }
    }

    /** Thrown at the moment of a violation: what comes after it tells nothing. */
    private static final class Violated extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Violated(String message) {
            super(message, null, false, false);
        }
    }

    /** What was last seen of one process. */
    private record Seen(MembersView view, Sight sight) {}

    /** Runs it from beginning to end, or to the first violation. */
    public static Outcome run(Schedule schedule) {
        ScheduleRun run = new ScheduleRun(schedule);
        try (SimCluster cluster = run.cluster) {
            Optional<Failure> failure = run.play();
            run.isOver = true;
            return new Outcome(schedule, failure, cluster.now(), run.healing);
        }
    }

    private Optional<Failure> play() {
        cluster.network().everyLink(link -> link.latency(LATENCY));
        cluster.onStep(this::look);
        try {
            director.begin();
            for (Schedule.Step next : schedule.steps()) {
                runTo(next.at());
                director.apply(next.action());
                step++;
            }
            runTo(schedule.healAt());
            director.heal();
            return converge();
        } catch (Violated violated) {
            List<Violation> violations = new ArrayList<>(watch.violations());
            calm.ifPresent(watching -> violations.addAll(watching.violations()));
            return failure(violations.stream().map(Violation::toString).toList());
        }
    }

    private Optional<Failure> converge() {
        Duration healedAt = cluster.now();
        Duration deadline = healedAt.plus(
                bounds.convergence(cluster.members().size(), cluster.members().size()));
        // What was under way when all agreed may still change something: a probe, a stream.
        Duration grace =
                longer(bounds.longestProbe(), bounds.swim().tcpTimeout()).plus(TICK);
        Duration agreedSince = Duration.ofDays(1);
        for (int tick = 0; cluster.now().compareTo(deadline) < 0; tick++) {
            cluster.run(TICK);
            if (tick % TICKS_PER_REJOIN == 0) {
                director.rejoin();
            }
            boolean agreed = !director.isAnybodyLeaving() && objections().isEmpty();
            if (!agreed) {
                agreedSince = Duration.ofDays(1);
            } else if (agreedSince.compareTo(cluster.now()) > 0) {
                agreedSince = cluster.now();
                healing = cluster.now().minus(healedAt);
            } else if (cluster.now().minus(agreedSince).compareTo(grace) >= 0) {
                return remainCalm();
            }
        }
        List<String> what = new ArrayList<>();
        what.add("all agree in time: " + cluster.now().minus(healedAt) + " after all healed they do not:");
        what.addAll(objections());
        return failure(what);
    }

    private Optional<Failure> remainCalm() {
        Watch watching = Watch.of(List.of(new Calm(bounds)));
        watching.look(present);
        calm = Optional.of(watching);
        countAll();
        // In a large pool the turns of all would take longer than they are worth.
        int running = cluster.running().size();
        cluster.run(running <= TURNS_WATCHED_MAX ? bounds.turns(running).plus(CALM) : CALM);
        countAll();
        List<String> objections = new ArrayList<>(objections());
        objections.addAll(leaves.objections(director.leavers(), present));
        return objections.isEmpty() ? Optional.empty() : failure(objections);
    }

    private List<String> objections() {
        return Agreement.objections(present, director.leavers());
    }

    private Optional<Failure> failure(List<String> what) {
        return Optional.of(new Failure(schedule, step, cluster.now(), what, events()));
    }

    /** What happened, without the lines that only account for packets. */
    private List<String> events() {
        return cluster.log().stream()
                .filter(line -> !line.contains(" cluster has delivered "))
                .toList();
    }

    private void runTo(Duration at) {
        if (at.compareTo(cluster.now()) > 0) {
            cluster.run(at.minus(cluster.now()));
        }
    }

    /** After each moment of virtual time. */
    private void look() {
        if (isOver) {
            return;
        }
        director.look();
        boolean changed = false;
        List<Sight> sights = new ArrayList<>(present.sights().size());
        for (SimMember member : cluster.members()) {
            if (member.isRunning()) {
                changed |= hasChanged(member);
                sights.add(sightOf(member));
            }
        }
        changed |= sights.size() != present.sights().size();
        Duration at = cluster.now();
        if (changed || at.minus(present.at()).compareTo(IDLE_LOOK) >= 0) {
            present = new Moment(at, sights);
            watch.look(present);
            calm.ifPresent(watching -> watching.look(present));
            if (at.compareTo(nextCount) >= 0) {
                nextCount = at.plus(COUNT_INTERVAL);
                countAll();
            }
            stopIfViolated();
        }
    }

    @SuppressWarnings("ReferenceEquality") // A view that was not published anew is the same object.
    private boolean hasChanged(SimMember member) {
        PoolState state = member.state();
        Seen known = seen.get(state);
        if (known != null
                && known.view == state.members()
                && known.sight.claimsQueued() == state.queues().claims()
                && known.sight.intentsQueued() == state.queues().intents()
                && known.sight.awake() != member.isPaused()) {
            return false;
        }
        MembersView view = state.members();
        Life life = known == null
                ? new Life(view.self().name(), ++lives, NodeAddress.of(member.address()))
                : known.sight.life();
        Picture picture = known != null && known.view == view ? known.sight.picture() : Picture.of(view);
        seen.put(
                state,
                new Seen(
                        view,
                        new Sight(
                                life,
                                picture,
                                state.queues().claims(),
                                state.queues().intents(),
                                !member.isPaused())));
        return true;
    }

    private Sight sightOf(SimMember member) {
        Seen known = seen.get(member.state());
        if (known == null) {
            throw new IllegalStateException(member + " was not looked at");
        }
        return known.sight;
    }

    private void countAll() {
        for (SimMember member : cluster.running()) {
            Sight sight = sightOf(member);
            Tally tally = Tally.of(member.state(), to -> packets(member, to));
            watch.count(present, sight, tally);
            calm.ifPresent(watching -> watching.count(present, sight, tally));
        }
        stopIfViolated();
    }

    private long packets(SimMember from, NodeAddress address) {
        long packets = 0;
        for (SimMember to : cluster.members()) {
            if (NodeAddress.of(to.address()).equals(address)) {
                packets += cluster.network().link(from, to).packets();
            }
        }
        return packets;
    }

    private void stopIfViolated() {
        if (!watch.isQuiet() || calm.filter(watching -> !watching.isQuiet()).isPresent()) {
            throw new Violated("an invariant does not hold");
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
