package io.sotto.bench;

import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.logging.ConsoleLogging;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;

/**
 * A node's memory for each member that it knows, and its work in a protocol period, with 100 members and with 10,000.
 *
 * <p>Memory is the live heap after a collection, when each member has been probed, so all of it counts: view, actor, timers,
 * mailbox, coordinate. Work is processor time,
 * bytes allocated, and runs of mailboxes, timers and futures in virtual time; the periods of both are measured in turn, and
 * there are enough of them for each member to be probed.
 */
final class ScaleBenchmark implements Bench.Benchmark {
    private static final int FEW = 100;
    private static final int MANY = 10_000;
    private static final double HEAP_MAX_BYTES = 8 * 1_024;
    private static final double WORK_MAX_RATIO = 1.2;
    private static final int BLOCK = 500;

    @Override
    public boolean isDemanding() {
        return true;
    }

    @Override
    public Report run(boolean brief, PrintStream progress) throws Exception {
        ConsoleLogging.level(AgentSettings.LogLevel.ERROR);
        Report report = new Report("scale: one node that knows " + FEW + " and " + MANY + " members");
        heap(report, progress);
        progress.println("scale: work in a period");
        try (ScaleNode few = ScaleNode.start(FEW);
                ScaleNode many = ScaleNode.start(MANY)) {
            periods(report, few, many, brief);
            exchanges(report, few, many);
            if (!few.knowsAll() || !many.knowsAll()) {
                throw new IllegalStateException("members were lost while measuring");
            }
        }
        return report;
    }

    private static void heap(Report report, PrintStream progress) {
        // Once for the classes, which are no member's.
        heapWith(FEW);
        progress.println("scale: memory of " + FEW + " members");
        double few = heapWith(FEW);
        progress.println("scale: memory of " + MANY + " members");
        double each = (heapWith(MANY) - few) / (MANY - FEW);
        report.add(new Report.Line(
                "M1", "heap of a remote member", each, Optional.empty(), each, Optional.of(HEAP_MAX_BYTES), "B"));
    }

    private static double heapWith(int members) {
        try (ScaleNode node = ScaleNode.start(members)) {
            if (!node.knowsAll()) {
                throw new IllegalStateException("it does not know all " + members + " members");
            }
            // Each has been probed, and has told its coordinate.
            node.idle(members + BLOCK);
            return liveHeap();
        }
    }

    private static double liveHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    private static void periods(Report report, ScaleNode few, ScaleNode many, boolean brief) {
        // Each member of many is probed once in as many periods as there are members: no less is a whole round.
        int blocks = MANY / BLOCK * (brief ? 1 : 3);
        for (int i = 0; i < 6; i++) {
            few.idle(BLOCK);
            many.idle(BLOCK);
        }
        ScaleNode.Cost idleFew = ScaleNode.Cost.nothing();
        ScaleNode.Cost idleMany = ScaleNode.Cost.nothing();
        ScaleNode.Cost newsFew = ScaleNode.Cost.nothing();
        ScaleNode.Cost newsMany = ScaleNode.Cost.nothing();
        double[] nanos = new double[blocks];
        for (int i = 0; i < blocks; i++) {
            ScaleNode.Cost first = i % 2 == 0 ? few.idle(BLOCK) : many.idle(BLOCK);
            ScaleNode.Cost second = i % 2 == 0 ? many.idle(BLOCK) : few.idle(BLOCK);
            idleFew = idleFew.plus(i % 2 == 0 ? first : second);
            idleMany = idleMany.plus(i % 2 == 0 ? second : first);
            nanos[i] = i % 2 == 0 ? second.nanos() / first.nanos() : first.nanos() / second.nanos();
            if (i % 4 == 0) {
                newsFew = newsFew.plus(few.news(BLOCK));
                newsMany = newsMany.plus(many.news(BLOCK));
            }
        }
        work(report, "processor time of a period", idleMany.nanos() / 1_000, idleFew.nanos() / 1_000, idleMany, "us");
        work(report, "bytes allocated in a period", idleMany.bytes(), idleFew.bytes(), idleMany, "B");
        work(
                report,
                "runs of mailboxes, timers and futures in a period",
                idleMany.tasks(),
                idleFew.tasks(),
                idleMany,
                "n");
        work(report, "datagrams sent in a period", idleMany.datagrams(), idleFew.datagrams(), idleMany, "n");
        report.note(String.format(
                Locale.ROOT,
                "processor time, median of %d pairs of %d periods: ratio %.3f",
                blocks,
                BLOCK,
                PairedRun.median(nanos)));
        report.note(String.format(
                Locale.ROOT,
                "with one piece of news in each period, which is told %d times instead of %d: %.1f us and %.1f datagrams a"
                        + " period, against %.1f us and %.1f",
                20,
                12,
                newsMany.nanos() / 1_000 / newsMany.periods(),
                newsMany.datagrams() / newsMany.periods(),
                newsFew.nanos() / 1_000 / newsFew.periods(),
                newsFew.datagrams() / newsFew.periods()));
    }

    private static void work(Report report, String what, double many, double few, ScaleNode.Cost of, String unit) {
        report.add(new Report.Line(
                "W1",
                what,
                many / of.periods(),
                Optional.of(few / of.periods()),
                many / few,
                Optional.of(WORK_MAX_RATIO),
                unit));
    }

    /** Not part of a period: every 90 s with 100 members, and every 300 s with 10,000. */
    private static void exchanges(Report report, ScaleNode few, ScaleNode many) {
        ScaleNode.Cost costFew = ScaleNode.Cost.nothing();
        ScaleNode.Cost costMany = ScaleNode.Cost.nothing();
        int rounds = 20;
        for (int i = 0; i < 4 * rounds; i++) {
            ScaleNode.Cost few1 = few.exchange();
            ScaleNode.Cost many1 = many.exchange();
            if (i >= 3 * rounds) {
                costFew = costFew.plus(few1);
                costMany = costMany.plus(many1);
            }
        }
        report.note(String.format(
                Locale.ROOT,
                "an exchange of views, asked for and with the answer's making: %.2f ms, %.2f us a member, against %.2f ms,"
                        + " %.2f us a member",
                costMany.nanos() / rounds / 1e6,
                costMany.nanos() / rounds / 1e3 / MANY,
                costFew.nanos() / rounds / 1e6,
                costFew.nanos() / rounds / 1e3 / FEW));
    }
}
