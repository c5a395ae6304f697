package io.sotto.bench;

import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.logging.ConsoleLogging;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * How fast a pool agrees and what that costs (P13 to P15): in virtual time, where figures are exact and a seed repeats them,
 * beside recorded figures of memberlist; then on sockets beside real agents; then with a thousand members.
 */
final class ConvergeBenchmark implements Bench.Benchmark {
    private static final int UDP_HEADER_BYTES = 28;
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final double WORST_JOIN_SECONDS = 3;

    /** A recorded figure of memberlist, and the share of it that is wanted. */
    private record Goal(int members, double recorded, double share) {}

    private static final List<Goal> JOINS = List.of(new Goal(30, 0.90, 0.7), new Goal(100, 2.5, 0.5));
    private static final List<Goal> KILLS = List.of(new Goal(30, 7.8, 0.9), new Goal(100, 12.5, 0.85));
    private static final double IDLE_PACKETS = 2.0;
    private static final double IDLE_BYTES = 141;

    @Override
    public boolean isDemanding() {
        return true;
    }

    @Override
    public Report run(boolean brief, PrintStream progress) throws Exception {
        ConsoleLogging.level(AgentSettings.LogLevel.ERROR);
        Report report = new Report("converge: how fast a pool agrees (limit: memberlist, recorded, or beside ours)");
        joins(report, brief ? 5 : 20, progress);
        kills(report, brief ? 5 : 15, progress);
        idle(report, progress);
        RealPools.fromEnvironment().run(report, brief, progress);
        many(report, brief ? 300 : 1_000, progress);
        return report;
    }

    private static void joins(Report report, int runs, PrintStream progress) {
        for (Goal goal : JOINS) {
            progress.println("converge: " + goal.members + " join at once, " + runs + " runs");
            List<Convergence.Outcome> outcomes = repeat(runs, seed -> Convergence.join(goal.members, seed));
            double median = median(outcomes);
            String who = goal.members + " join at once until all see all";
            report.add(new Report.Line(
                    "P13",
                    who,
                    median,
                    Optional.of(goal.recorded),
                    median / goal.recorded,
                    Optional.of(goal.share),
                    "s"));
            double worst = seconds(outcomes)[runs - 1];
            report.add(figure("P13", who + ", worst of " + runs, worst, WORST_JOIN_SECONDS, "s"));
            report.note(String.format(
                    Locale.ROOT,
                    "%d join: %.1f packets, %.0f B and %.0f B in streams sent by each until then",
                    goal.members,
                    outcomes.stream()
                            .mapToDouble(Convergence.Outcome::packets)
                            .average()
                            .orElse(0),
                    outcomes.stream()
                            .mapToDouble(Convergence.Outcome::bytes)
                            .average()
                            .orElse(0),
                    outcomes.stream()
                            .mapToDouble(Convergence.Outcome::streamBytes)
                            .average()
                            .orElse(0)));
            report.add(figure(
                    "P13", goal.members + " join at once: runs with a false death", falseDeaths(outcomes), 0, "n"));
        }
    }

    private static void kills(Report report, int runs, PrintStream progress) {
        for (Goal goal : KILLS) {
            progress.println("converge: one of " + goal.members + " is killed, " + runs + " runs");
            List<Convergence.Outcome> outcomes = repeat(runs, seed -> Convergence.kill(goal.members, seed));
            double median = median(outcomes);
            report.add(new Report.Line(
                    "P14",
                    "one of " + goal.members + " is killed until all know",
                    median,
                    Optional.of(goal.recorded),
                    median / goal.recorded,
                    Optional.of(goal.share),
                    "s"));
            report.add(figure(
                    "P14",
                    "one of " + goal.members + " is killed: runs with a false death",
                    falseDeaths(outcomes),
                    0,
                    "n"));
            report.note(String.format(
                    Locale.ROOT, "one of %d is killed: at worst %.2f s", goal.members, seconds(outcomes)[runs - 1]));
        }
    }

    private static void idle(Report report, PrintStream progress) {
        progress.println("converge: 30 idle members");
        Convergence.Outcome outcome = Convergence.idle(30, IDLE, Convergence.Coordinates.FORGONE, 1);
        double packets = outcome.packets() / outcome.seconds();
        double bytes = outcome.bytes() / outcome.seconds();
        report.add(figure("P15", "idle member of 30: packets a second", packets, IDLE_PACKETS, "n"));
        report.add(new Report.Line(
                "P15",
                "idle member of 30: bytes a second, headers included",
                bytes + UDP_HEADER_BYTES * packets,
                Optional.of(IDLE_BYTES),
                (bytes + UDP_HEADER_BYTES * packets) / IDLE_BYTES,
                Optional.of(1.0),
                "B"));
        Convergence.Outcome serf = Convergence.idle(30, IDLE, Convergence.Coordinates.KEPT, 1);
        report.note(String.format(
                Locale.ROOT,
                "idle member: %.0f B a second of payload and %.0f B in streams; %.0f B of payload with coordinates in acks, which"
                        + " Serf adds to memberlist",
                bytes,
                outcome.streamBytes() / outcome.seconds(),
                serf.bytes() / serf.seconds()));
    }

    private static void many(Report report, int members, PrintStream progress) {
        for (ManyMembers.Scene scene : ManyMembers.play(members, 1, progress)) {
            report.add(new Report.Line(
                    "C1",
                    members + " members: " + scene.what() + ": core time",
                    scene.coreSeconds(),
                    Optional.empty(),
                    scene.coreSeconds(),
                    Optional.empty(),
                    "s"));
            report.add(figure(
                    "C1",
                    members + " members: " + scene.what() + ": not converged",
                    scene.converged() ? 0 : 1,
                    0,
                    "n"));
            report.note(String.format(Locale.ROOT, "%s: %.1f s of virtual time", scene.what(), scene.virtualSeconds()));
        }
    }

    private static List<Convergence.Outcome> repeat(int runs, LongFunction<Convergence.Outcome> run) {
        List<Convergence.Outcome> outcomes = new ArrayList<>();
        for (long seed = 1; seed <= runs; seed++) {
            outcomes.add(run.apply(seed));
        }
        return outcomes;
    }

    private static double falseDeaths(List<Convergence.Outcome> outcomes) {
        return outcomes.stream().filter(Convergence.Outcome::falseDeath).count();
    }

    private static double median(List<Convergence.Outcome> outcomes) {
        return PairedRun.median(seconds(outcomes));
    }

    private static double[] seconds(List<Convergence.Outcome> outcomes) {
        double[] all =
                outcomes.stream().mapToDouble(Convergence.Outcome::seconds).toArray();
        Arrays.sort(all);
        return all;
    }

    private static Report.Line figure(String id, String what, double ours, double target, String unit) {
        return new Report.Line(id, what, ours, Optional.empty(), ours, Optional.of(target), unit);
    }
}
