package io.sotto.testkit.schedule;

import io.sotto.testkit.invariant.Disturbances;
import io.sotto.testkit.invariant.Disturbances.Kind;
import io.sotto.testkit.sim.Latency;
import io.sotto.testkit.sim.SimCluster;
import io.sotto.testkit.sim.SimMember;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Carries out the steps of a schedule on a cluster, and writes down what it disturbs. Cuts, splits, loss and slowness may
 * overlap; what a step asks of a member that does not run is left out. One owner.
 */
final class Director {
    /** A leave is undisturbed if nothing else was done for so long before and after it began. */
    private static final Duration LEAVE_BEFORE = Duration.ofSeconds(5);

    private static final Duration LEAVE_AFTER = Duration.ofSeconds(13);

    /** What is slower than this may make a probe fail. */
    private static final Duration SLOW_FROM = Duration.ofMillis(20);

    private final SimCluster cluster;
    private final Disturbances disturbances;
    private final Set<Way> cuts = new HashSet<>();
    private final Map<String, Duration> slow = new HashMap<>();
    private final Set<Pair> disturbedPairs = new HashSet<>();
    private final Map<String, Duration> leaves = new HashMap<>();
    private final Set<String> leavers = new TreeSet<>();
    private double loss;

    /** One direction. */
    private record Way(String from, String to) {}

    /** Both directions, the smaller name first. */
    private record Pair(String one, String other) {}

    Director(SimCluster cluster, Disturbances disturbances) {
        this.cluster = cluster;
        this.disturbances = disturbances;
    }

    /** Starts all, who then join the first. */
    void begin() {
        Duration now = cluster.now();
        cluster.members().forEach(member -> disturbances.touch(member.name(), Kind.JOINING, now));
        cluster.start();
        cluster.joinAll();
    }

    void apply(Action action) {
        cluster.note("step: " + action.text());
        Duration now = cluster.now();
        disturbLeaves(now, action.verb() == Action.Verb.LEAVE ? action.some() : List.of());
        switch (action.verb()) {
            case LOSS -> {
                loss = action.amount();
                refreshLinks();
            }
            case CUT -> {
                cut(action.some(), action.others());
                refreshLinks();
            }
            case SPLIT -> {
                cut(action.some(), action.others());
                cut(action.others(), action.some());
                refreshLinks();
            }
            case MEND -> {
                cuts.clear();
                refreshLinks();
            }
            case KILL -> running(action.some()).forEach(this::kill);
            case RESTART -> there(action.some()).forEach(member -> restart(member, action.others()));
            case PAUSE ->
                running(action.some()).forEach(member -> {
                    disturbances.begin(member.name(), Kind.PAUSED, now);
                    cluster.pause(member);
                });
            case RESUME -> running(action.some()).forEach(this::resume);
            case BLOCK ->
                running(action.some()).forEach(member -> {
                    disturbances.begin(member.name(), Kind.BLOCKED, now);
                    cluster.network().block(member);
                });
            case UNBLOCK -> there(action.some()).forEach(this::unblock);
            case SLOW -> {
                action.some().forEach(name -> slow.put(name, action.millis()));
                refreshLinks();
            }
            case HURRY -> {
                slow.clear();
                refreshLinks();
            }
            case CLOCK -> there(action.some()).forEach(member -> cluster.jumpClock(member, action.seconds()));
            case ADD -> action.some().forEach(name -> add(name, action.others()));
            case LEAVE -> running(action.some()).forEach(this::leave);
            case INTRUDE -> action.some().forEach(name -> intrude(name, action.others()));
        }
    }

    /** Undoes all that can be undone; intruders end, and who knows nobody joins once more. */
    void heal() {
        Duration now = cluster.now();
        if (isAnythingWrong()) {
            disturbLeaves(now, List.of());
        }
        loss = 0;
        cuts.clear();
        slow.clear();
        refreshLinks();
        for (SimMember member : cluster.members()) {
            if (member.isPaused()) {
                resume(member);
            }
            unblock(member);
            if (Intruder.isIntruder(member.name())) {
                kill(member);
                disturbances.end(Intruder.claimed(member.name()), Kind.CONTESTED, now);
            }
        }
    }

    /** Who runs and knows nobody else, although others run, joins the first of these. */
    void rejoin() {
        List<SimMember> running = cluster.running();
        for (SimMember member : running) {
            if (member.view().poolSize() == 1 && !leaves.containsKey(member.name())) {
                running.stream()
                        .filter(other -> !other.name().equals(member.name()))
                        .findFirst()
                        .ifPresent(other -> join(member, other));
            }
        }
    }

    /** Whether somebody is still on its way out. */
    boolean isAnybodyLeaving() {
        return leaves.keySet().stream().anyMatch(name -> cluster.member(name).isRunning());
    }

    /** Notices who has left; call after each moment. */
    void look() {
        for (String name : leaves.keySet()) {
            if (!cluster.member(name).isRunning() && !disturbances.is(name, Kind.STOPPED)) {
                disturbances.begin(name, Kind.STOPPED, cluster.now());
                disturbances.end(name, Kind.LEAVING, cluster.now());
            }
        }
    }

    /** Who left while nothing else was amiss, and has not come back. */
    Set<String> leavers() {
        return leavers;
    }

    private boolean isAnythingWrong() {
        return !disturbedPairs.isEmpty()
                || cluster.running().stream()
                        .anyMatch(member -> member.isPaused()
                                || disturbances.is(member.name(), Kind.BLOCKED)
                                || Intruder.isIntruder(member.name()));
    }

    private void disturbLeaves(Duration now, List<String> leaving) {
        leavers.removeIf(name -> now.minus(leaves.getOrDefault(name, now)).compareTo(LEAVE_AFTER) < 0);
        boolean isCalm = now.minus(disturbances.lastAnywhere(now)).compareTo(LEAVE_BEFORE) > 0;
        running(leaving).forEach(member -> {
            leaves.put(member.name(), now);
            if (isCalm && leaving.size() == 1) {
                leavers.add(member.name());
            }
        });
    }

    private void kill(SimMember member) {
        if (member.isRunning()) {
            cluster.kill(member);
        }
        disturbances.begin(member.name(), Kind.STOPPED, cluster.now());
        disturbances.end(member.name(), Kind.PAUSED, cluster.now());
        disturbances.end(member.name(), Kind.LEAVING, cluster.now());
        unblock(member);
    }

    private void restart(SimMember member, List<String> targets) {
        kill(member);
        leaves.remove(member.name());
        leavers.remove(member.name());
        cluster.restart(member);
        disturbances.end(member.name(), Kind.STOPPED, cluster.now());
        refreshLinks();
        join(member, targets);
    }

    private void resume(SimMember member) {
        cluster.resume(member);
        disturbances.end(member.name(), Kind.PAUSED, cluster.now());
    }

    private void unblock(SimMember member) {
        if (disturbances.is(member.name(), Kind.BLOCKED)) {
            cluster.network().unblock(member);
            disturbances.end(member.name(), Kind.BLOCKED, cluster.now());
        }
    }

    private void add(String name, List<String> targets) {
        disturbances.touch(name, Kind.JOINING, cluster.now());
        SimMember member = cluster.add(name);
        refreshLinks();
        join(member, targets);
    }

    private void leave(SimMember member) {
        disturbances.begin(member.name(), Kind.LEAVING, cluster.now());
        cluster.leave(member);
    }

    private void intrude(String name, List<String> targets) {
        disturbances.begin(Intruder.claimed(name), Kind.CONTESTED, cluster.now());
        // The name of one who left is free; what becomes of it from now on is the intruder's.
        leavers.remove(Intruder.claimed(name));
        add(name, targets);
    }

    private void join(SimMember member, List<String> targets) {
        running(targets).forEach(target -> join(member, target));
    }

    private void join(SimMember member, SimMember target) {
        disturbances.touch(member.name(), Kind.JOINING, cluster.now());
        cluster.join(member, target);
    }

    /** Those of these that have been added by now: an episode may begin before another's newcomers are there. */
    private List<SimMember> there(List<String> names) {
        return cluster.members().stream()
                .filter(member -> names.contains(member.name()))
                .toList();
    }

    private List<SimMember> running(List<String> names) {
        return there(names).stream().filter(SimMember::isRunning).toList();
    }

    private void cut(List<String> from, List<String> to) {
        for (String one : from) {
            for (String other : to) {
                cuts.add(new Way(one, other));
            }
        }
    }

    /** Brings every link to what is asked of it now. */
    private void refreshLinks() {
        List<SimMember> members = cluster.members();
        for (int i = 0; i < members.size(); i++) {
            for (int j = i + 1; j < members.size(); j++) {
                refreshPair(members.get(i), members.get(j));
            }
        }
    }

    private void refreshPair(SimMember one, SimMember other) {
        Duration slowness =
                longer(slow.getOrDefault(one.name(), Duration.ZERO), slow.getOrDefault(other.name(), Duration.ZERO));
        refreshWay(one, other, slowness);
        refreshWay(other, one, slowness);
        boolean disturbed = loss > 0 || slowness.compareTo(SLOW_FROM) > 0 || isCut(one, other) || isCut(other, one);
        Pair pair = new Pair(one.name(), other.name());
        if (disturbed && disturbedPairs.add(pair)) {
            disturbances.beginLink(one.name(), other.name(), cluster.now());
        } else if (!disturbed && disturbedPairs.remove(pair)) {
            disturbances.endLink(one.name(), other.name(), cluster.now());
        }
        noteSlowness(one);
        noteSlowness(other);
    }

    private void noteSlowness(SimMember member) {
        boolean isSlow = slow.getOrDefault(member.name(), Duration.ZERO).compareTo(SLOW_FROM) > 0;
        if (isSlow != disturbances.is(member.name(), Kind.SLOW)) {
            if (isSlow) {
                disturbances.begin(member.name(), Kind.SLOW, cluster.now());
            } else {
                disturbances.end(member.name(), Kind.SLOW, cluster.now());
            }
        }
    }

    private void refreshWay(SimMember from, SimMember to, Duration slowness) {
        cluster.network()
                .link(from, to)
                .up(!isCut(from, to))
                .loss(loss)
                .latency(slowness.isZero() ? ScheduleRun.LATENCY : Latency.uniform(slowness, slowness.multipliedBy(2)));
    }

    private boolean isCut(SimMember from, SimMember to) {
        return cuts.contains(new Way(from.name(), to.name()));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
