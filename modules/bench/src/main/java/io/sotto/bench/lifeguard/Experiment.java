package io.sotto.bench.lifeguard;

import io.sotto.gossip.GossipPool;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.SerfStatus;
import io.sotto.testkit.sim.SimCluster;
import io.sotto.testkit.sim.SimMember;
import io.sotto.testkit.sim.SimTraffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * One cell under one setting: a pool forms; its slow members' messages wait for D and pass for I, over and over, for a little
 * more than a minute; then everybody rests, and one long block measures detection. Nobody ever stops, so every "dead" about
 * a healthy member is false. All chance comes from the seed.
 */
final class Experiment {
    private static final Duration PHASE = Duration.ofSeconds(66);
    private static final Duration REST = Duration.ofSeconds(30);
    private static final Duration LONG_BLOCK = Duration.ofSeconds(60);
    private static final double NANOS = 1e9;

    private final Cell cell;
    private final SimCluster cluster;
    private final Set<String> slow = new HashSet<>();
    private final List<Verdict> verdicts = new ArrayList<>();

    private record Verdict(String by, String about, Duration at) {}

    private Experiment(Cell cell, SimCluster cluster) {
        this.cell = cell;
        this.cluster = cluster;
    }

    static Found run(Cell cell, Setting setting, long seed) {
        try (SimCluster cluster = SimCluster.builder()
                .seed(seed)
                .members(cell.members())
                .swim(setting.swim)
                .claims(setting.claims)
                .build()) {
            return new Experiment(cell, cluster).run();
        }
    }

    private Found run() {
        cluster.formed();
        cluster.run(REST);
        List<SimMember> patients = choose();
        cluster.members().forEach(this::listen);

        SimTraffic before = cluster.network().traffic();
        Duration began = cluster.now();
        Duration end = began.plus(PHASE);
        while (cluster.now().compareTo(end) < 0) {
            patients.forEach(cluster.network()::block);
            cluster.run(cell.blocked());
            patients.forEach(cluster.network()::unblock);
            cluster.run(cell.open());
        }
        SimTraffic used = cluster.network().traffic().since(before);
        Duration lasted = cluster.now().minus(began);
        cluster.run(REST);
        List<Verdict> wrong = verdicts.stream()
                .filter(verdict -> !slow.contains(verdict.about))
                .toList();
        int byHealthy = (int)
                wrong.stream().filter(verdict -> !slow.contains(verdict.by)).count();

        Found detected = detect(patients);
        return new Found(
                        wrong.size(),
                        byHealthy,
                        List.of(),
                        List.of(),
                        0,
                        used.packetsSent(),
                        used.bytesSent(),
                        seconds(lasted) * cell.members())
                .plus(detected);
    }

    private Found detect(List<SimMember> patients) {
        verdicts.clear();
        Map<String, Long> unaware = patients.stream().collect(Collectors.toMap(SimMember::name, this::unaware));
        Duration began = cluster.now();
        patients.forEach(cluster.network()::block);
        cluster.run(LONG_BLOCK);
        Map<String, List<Duration>> heard = new HashMap<>();
        for (Verdict verdict : verdicts) {
            if (slow.contains(verdict.about) && !slow.contains(verdict.by)) {
                heard.computeIfAbsent(verdict.about, about -> new ArrayList<>()).add(verdict.at.minus(began));
            }
        }
        List<Double> first = new ArrayList<>();
        List<Double> all = new ArrayList<>();
        heard.forEach((patient, times) -> {
            first.add(seconds(times.get(0)));
            if (times.size() >= unaware.getOrDefault(patient, 0L)) {
                all.add(seconds(times.get(times.size() - 1)));
            }
        });
        return new Found(0, 0, first, all, cell.slow() - all.size(), 0, 0, 0);
    }

    /** Healthy members that still have to declare it dead: one that has not heard of its return yet does not say so again. */
    private long unaware(SimMember patient) {
        return cluster.members().stream()
                .filter(member -> !slow.contains(member.name()))
                .filter(member -> member.view().find(patient.name()).stream()
                        .anyMatch(record -> record.status() != SerfStatus.FAILED))
                .count();
    }

    private List<SimMember> choose() {
        List<SimMember> rest = new ArrayList<>(cluster.members());
        List<SimMember> chosen = new ArrayList<>();
        for (int i = 0; i < cell.slow(); i++) {
            chosen.add(rest.remove(cluster.random().nextInt(rest.size())));
        }
        chosen.forEach(member -> slow.add(member.name()));
        return chosen;
    }

    private void listen(SimMember member) {
        var listener = cluster.virtual()
                .spawn(
                        Behaviors.receiveMessage((MemberEvent event) -> {
                            if (event.kind() == MemberEvent.Kind.FAILED) {
                                verdicts.add(new Verdict(
                                        member.name(), event.member().name(), cluster.now()));
                            }
                            return Behaviors.same();
                        }),
                        member.name() + "-listener");
        member.pool().tell(new GossipPool.Subscribe(listener));
        cluster.virtual().settle();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }
}
