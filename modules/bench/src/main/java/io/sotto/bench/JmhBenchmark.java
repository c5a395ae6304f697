package io.sotto.bench;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The small pieces of the packet path under JMH, with what each allocates. They have no limit beside them. */
final class JmhBenchmark implements Bench.Benchmark {
    private final String pattern;

    /** @param pattern a regular expression; every piece that has a match in its name is measured */
    JmhBenchmark(String pattern) {
        this.pattern = pattern;
    }

    @Override
    public Report run(boolean brief, PrintStream progress) throws Exception {
        progress.println("jmh: " + pattern);
        Options options = new OptionsBuilder()
                .include("io\\.sotto\\.bench\\.jmh\\..*" + pattern)
                .forks(brief ? 1 : 3)
                .warmupIterations(brief ? 2 : 5)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(brief ? 2 : 5)
                .measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend("-XX:+UseSerialGC")
                .verbosity(VerboseMode.SILENT)
                .build();
        Report report = new Report("jmh: the small pieces, " + pattern);
        List<RunResult> results = new Runner(options)
                .run().stream()
                        .sorted(Comparator.comparing(
                                result -> result.getPrimaryResult().getLabel()))
                        .toList();
        for (RunResult result : results) {
            Result<?> time = result.getPrimaryResult();
            add(report, time.getLabel(), time.getScore(), "us");
            Result<?> garbage = result.getSecondaryResults().get("gc.alloc.rate.norm");
            if (garbage != null) {
                add(report, time.getLabel() + ", garbage", garbage.getScore(), "B");
            }
        }
        return report;
    }

    private static void add(Report report, String what, double figure, String unit) {
        report.add(new Report.Line("JMH", what, figure, Optional.empty(), figure, Optional.empty(), unit));
    }
}
