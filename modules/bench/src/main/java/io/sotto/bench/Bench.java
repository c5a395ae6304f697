package io.sotto.bench;

import io.sotto.bench.fuzz.FuzzRun;
import io.sotto.bench.lifeguard.LifeguardRun;
import io.sotto.bench.schedules.SchedulesRun;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs one benchmark by name. Exit code 0 when it ran, whatever it found, but 1 when one that is demanding found a
 * target not met; 2 for a name that is none. The fuzz run, the Lifeguard experiment and the schedules have flags and an exit
 * code of their own: see {@link FuzzRun}, {@link LifeguardRun} and {@link SchedulesRun}.
 */
public final class Bench {
    /** Something that can be measured. {@code brief} makes it shorter and its figures rougher. */
    interface Benchmark {
        Report run(boolean brief, PrintStream progress) throws Exception;

        /** Whether a target that is not met is a failure of the run: exit code 1. */
        default boolean isDemanding() {
            return false;
        }
    }

    private Bench() {}

    /** {@code NAME [-short]}, or {@code jmh [PATTERN] [-short]}. */
    public static void main(String[] arguments) throws Exception {
        Map<String, Benchmark> benchmarks = new TreeMap<>(Map.of(
                "converge",
                new ConvergeBenchmark(),
                "datapath",
                new DatapathBenchmark(),
                "embed",
                new EmbedBenchmark(),
                "http",
                new HttpBenchmark(),
                "rpc",
                new RpcBenchmark(Path.of(System.getProperty("sotto.bench.scratch", "target/bench"))),
                "scale",
                new ScaleBenchmark(),
                "seal",
                new SealBenchmark(),
                "startup",
                StartupBenchmark.fromEnvironment()));
        List<String> words = List.of(arguments);
        if (!words.isEmpty() && words.get(0).equals("fuzz")) {
            System.exit(FuzzRun.run(words.subList(1, words.size())));
            return;
        }
        if (!words.isEmpty() && words.get(0).equals("lifeguard")) {
            System.exit(LifeguardRun.run(words.subList(1, words.size())));
            return;
        }
        if (!words.isEmpty() && words.get(0).equals("schedules")) {
            System.exit(SchedulesRun.run(words.subList(1, words.size())));
            return;
        }
        boolean brief = words.contains("-short") || words.contains("--short");
        List<String> names =
                words.stream().filter(word -> !word.startsWith("-")).toList();
        if (!names.isEmpty() && names.size() <= 2 && "jmh".equals(names.get(0))) {
            benchmarks.put("jmh", new JmhBenchmark(names.size() == 2 ? names.get(1) : ".*"));
            names = names.subList(0, 1);
        }
        Benchmark benchmark = names.size() == 1 ? benchmarks.get(names.get(0)) : null;
        if (benchmark == null) {
            System.err.println(
                    "usage: modules/bench/run NAME [-short], where NAME is one of "
                            + String.join(", ", benchmarks.keySet())
                            + "; modules/bench/run jmh [PATTERN] [-short]; modules/bench/run lifeguard "
                            + LifeguardRun.FLAGS + ";"
                            + " modules/bench/run fuzz [-n COUNT] [-seed SEED]; or modules/bench/run schedules [-n COUNT] [-from SEED]");
            System.exit(2);
            return;
        }
        Report report = benchmark.run(brief, System.err);
        System.out.print(report.table());
        System.err.flush();
        System.out.println(report.json(names.get(0)));
        System.out.flush();
        if (benchmark.isDemanding() && !report.met()) {
            System.exit(1);
        }
    }
}
