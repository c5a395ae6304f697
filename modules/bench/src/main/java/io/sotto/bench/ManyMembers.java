package io.sotto.bench;

import io.sotto.membership.MemberRecord;
import io.sotto.testkit.sim.SimCluster;
import io.sotto.testkit.sim.SimMember;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * A thousand simulated members, production pools all: they join in a burst, are cut into halves for ten minutes and healed,
 * and a tenth of them stops at once. Each scene must end with everybody seeing exactly those who run.
 */
final class ManyMembers {
    private static final Duration CUT = Duration.ofMinutes(10);
    private static final Duration BURST = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    /** What a scene took, in virtual time and in processor time. */
    record Scene(String what, double virtualSeconds, double coreSeconds, boolean converged) {}

    private final SimCluster cluster;
    private final PrintStream progress;
    private final int members;

    private ManyMembers(SimCluster cluster, int members, PrintStream progress) {
        this.cluster = cluster;
        this.members = members;
        this.progress = progress;
    }

    static List<Scene> play(int members, long seed, PrintStream progress) {
        try (SimCluster cluster =
                SimCluster.builder().seed(seed).members(members).build()) {
            ManyMembers play = new ManyMembers(cluster, members, progress);
            Scene burst = play.burst();
            Scene cut = play.cut();
            Scene healing = play.healing();
            return List.of(burst, cut, healing, play.stopping());
        }
    }

    private Scene burst() {
        return scene("burst join of " + members, () -> {
            cluster.start();
            List<SimMember> all = cluster.members();
            for (SimMember member : all.subList(1, members)) {
                cluster.run(BURST.dividedBy(members));
                cluster.join(member, all.get(0));
            }
            return until(this::allSeeAll);
        });
    }

    private Scene cut() {
        List<SimMember> all = cluster.members();
        List<SimMember> left = all.subList(0, members / 2);
        List<SimMember> right = all.subList(members / 2, members);
        return scene("cut into halves for 10 min", () -> {
            cluster.partition(left, right);
            cluster.run(CUT);
            return see(left, left.size()) && see(right, right.size());
        });
    }

    private Scene healing() {
        return scene("healing", () -> {
            cluster.heal();
            return until(this::allSeeAll);
        });
    }

    private Scene stopping() {
        return scene("a tenth stops at once", () -> {
            List<SimMember> all = cluster.members();
            for (int i = 0; i < members; i += 10) {
                cluster.kill(all.get(i));
            }
            return until(this::allSeeAll);
        });
    }

    private boolean allSeeAll() {
        List<SimMember> running = cluster.running();
        return see(running, running.size());
    }

    private static boolean see(List<SimMember> observers, int alive) {
        for (SimMember member : observers) {
            if (member.view().records().stream().filter(MemberRecord::isAlive).count() != alive) {
                return false;
            }
        }
        return true;
    }

    private boolean until(BooleanSupplier condition) {
        Duration end = cluster.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (cluster.now().compareTo(end) > 0) {
                return false;
            }
            cluster.run(LOOK);
        }
        return true;
    }

    private Scene scene(String what, BooleanSupplier play) {
        progress.println("converge: " + what);
        Duration start = cluster.now();
        long cpu = cpuNanos();
        boolean converged = play.getAsBoolean();
        Scene scene = new Scene(what, cluster.now().minus(start).toNanos() / 1e9, (cpuNanos() - cpu) / 1e9, converged);
        progress.println(String.format(
                Locale.ROOT,
                "converge: %s: %.1f s of virtual time, %.1f core seconds, %s",
                what,
                scene.virtualSeconds,
                scene.coreSeconds,
                converged ? "converged" : "NOT converged"));
        return scene;
    }

    /** Of the whole process, collectors and compilers included. */
    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
