package io.sotto.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/**
 * Measures two pieces of work in turn, so that whatever else the machine does falls on both: the ratio is the median over
 * the pairs, the times are medians too. Times are processor time of the thread, which waiting for a processor is no part of.
 */
final class PairedRun {
    /** Does the work {@code operations} times and returns something that depends on it, so that nothing is left out. */
    @FunctionalInterface
    interface Work {
        long run(int operations) throws Exception;
    }

    /** Median nanoseconds per sample of {@code operations}, and the median of the pairs' ratios. */
    record Result(double ours, double limit, double ratio) {}

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final int pairs;
    private final long sampleNanos;
    private long sink;

    PairedRun(boolean brief) {
        this.pairs = brief ? 5 : 11;
        this.sampleNanos = brief ? 60_000_000L : 250_000_000L;
    }

    /** What has been computed, printed by nobody, but reachable. */
    long sink() {
        return sink;
    }

    Result compare(Work ours, Work limit) throws Exception {
        int operations = calibrate(limit);
        warmUp(ours, operations);
        warmUp(limit, operations);
        double[] oursTimes = new double[pairs];
        double[] limitTimes = new double[pairs];
        double[] ratios = new double[pairs];
        for (int pair = 0; pair < pairs; pair++) {
            boolean limitFirst = pair % 2 == 0;
            if (limitFirst) {
                limitTimes[pair] = time(limit, operations);
                oursTimes[pair] = time(ours, operations);
            } else {
                oursTimes[pair] = time(ours, operations);
                limitTimes[pair] = time(limit, operations);
            }
            ratios[pair] = oursTimes[pair] / limitTimes[pair];
        }
        return new Result(median(oursTimes) / operations, median(limitTimes) / operations, median(ratios));
    }

    private int calibrate(Work work) throws Exception {
        int operations = 1_000;
        while (true) {
            double nanos = time(work, operations);
            if (nanos >= sampleNanos) {
                return operations;
            }
            operations *= 2;
        }
    }

    private void warmUp(Work work, int operations) throws Exception {
        for (int round = 0; round < 4; round++) {
            sink += work.run(operations);
        }
    }

    private double time(Work work, int operations) throws Exception {
        long start = THREADS.getCurrentThreadCpuTime();
        sink += work.run(operations);
        return THREADS.getCurrentThreadCpuTime() - start;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
