package io.sotto.bench;

import io.sotto.gossip.PoolSettings;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.testkit.sim.SimCluster;
import io.sotto.testkit.sim.SimMember;
import io.sotto.testkit.sim.SimTraffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What P13 to P15 ask of a pool, in the simulator: production pools in virtual time, under the settings of agents. */
final class Convergence {
    /** Who joins at once does so within this time. */
    private static final Duration AT_ONCE = Duration.ofMillis(100);

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration CALM = Duration.ofMinutes(2);

    /** One run: how long, and what each member sent meanwhile on average; streams are bytes only. */
    record Outcome(double seconds, double packets, double bytes, double streamBytes, boolean falseDeath) {}

    /** Whether acks carry coordinates, as Serf's do and memberlist's do not. */
    enum Coordinates {
        KEPT,
        FORGONE
    }

    private Convergence() {}

    /** All start at once and join the first; until all see all. */
    static Outcome join(int members, long seed) {
        try (SimCluster cluster =
                SimCluster.builder().seed(seed).members(members).build()) {
            cluster.start();
            SplittableRandom random = new SplittableRandom(seed);
            List<SimMember> all = cluster.members();
            long[] offsets =
                    random.longs(members - 1L, 0, AT_ONCE.toNanos()).sorted().toArray();
            Duration start = cluster.now().plusNanos(offsets[0]);
            long passed = 0;
            for (int i = 1; i < members; i++) {
                cluster.run(Duration.ofNanos(offsets[i - 1] - passed));
                passed = offsets[i - 1];
                cluster.join(all.get(i), all.get(0));
            }
            cluster.runUntil("all to see all", cluster::seesItself, PATIENCE);
            Duration taken = cluster.now().minus(start);
            return outcome(cluster, taken, SimTraffic.none(), members, all);
        }
    }

    /** One of a calm pool ends abruptly; until all others know. */
    static Outcome kill(int members, long seed) {
        try (SimCluster cluster =
                SimCluster.builder().seed(seed).members(members).build()) {
            cluster.formed();
            cluster.run(CALM.plusNanos(cluster.random().nextLong(1_000_000_000L)));
            SimMember victim = cluster.members().get(cluster.random().nextInt(members));
            SimTraffic before = cluster.network().traffic();
            cluster.kill(victim);
            List<SimMember> others = new ArrayList<>(cluster.members());
            others.remove(victim);
            Duration taken = cluster.runUntil("all others to know", () -> know(others, victim), PATIENCE);
            return outcome(cluster, taken, before, members, others);
        }
    }

    /** A calm pool, for so long. */
    static Outcome idle(int members, Duration time, Coordinates coordinates, long seed) {
        SimCluster.Builder builder = SimCluster.builder().seed(seed).members(members);
        if (coordinates == Coordinates.FORGONE) {
            builder.change(settings -> settings.withCoordinates(PoolSettings.NetworkCoordinates.OFF));
        }
        try (SimCluster cluster = builder.build()) {
            cluster.formed();
            cluster.run(CALM);
            SimTraffic before = cluster.network().traffic();
            cluster.run(time);
            return outcome(cluster, time, before, members, cluster.members());
        }
    }

    private static boolean know(List<SimMember> others, SimMember victim) {
        for (SimMember one : others) {
            if (one.view()
                    .find(victim.name())
                    .filter(record -> record.status() == SerfStatus.FAILED)
                    .isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static Outcome outcome(
            SimCluster cluster, Duration taken, SimTraffic before, int members, List<SimMember> healthy) {
        SimTraffic traffic = cluster.network().traffic().since(before);
        return new Outcome(
                taken.toNanos() / 1e9,
                (double) traffic.packetsSent() / members,
                (double) traffic.bytesSent() / members,
                (double) traffic.streamBytesSent() / members,
                healthy.stream().anyMatch(one -> isFalselyDead(one, healthy)));
    }

    /** Whether anybody who runs takes this one, who runs, for dead; or did, which shows in its incarnation. */
    private static boolean isFalselyDead(SimMember member, List<SimMember> healthy) {
        return healthy.stream()
                .anyMatch(other -> other.view()
                        .find(member.name())
                        .filter(MemberRecord::pooled)
                        .filter(record -> record.status() == SerfStatus.FAILED)
                        .isPresent());
    }
}
