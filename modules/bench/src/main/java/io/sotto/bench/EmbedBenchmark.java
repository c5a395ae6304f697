package io.sotto.bench;

import io.sotto.bench.embed.EmbeddingApplication.Inside;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What a library for clusters adds to an application on Pekko: one pool of three members at rest, the application in question
 * and two more of its kind beside it. The same for ScaleCube in the same run, and both against the application without either.
 *
 * <p>The start is the time from the process's to the line that it prints when it sees all three members; heap is what lives after
 * collections, threads are all of the process's Java threads, both when it has rested for some seconds. Each figure is the
 * median over the rounds of the difference to the bare application of that round.
 */
final class EmbedBenchmark implements Bench.Benchmark {
    private static final int MEMBERS = 3;
    private static final double BYTES_OF_MEBIBYTE = 1 << 20;

    /** What one process held at rest. */
    private record Held(double startMillis, double heapMebibytes, double threads) {
        Held minus(Held bare) {
            return new Held(startMillis - bare.startMillis, heapMebibytes - bare.heapMebibytes, threads - bare.threads);
        }
    }

    private int processes;

    @Override
    public Report run(boolean brief, PrintStream progress) throws Exception {
        int rounds = brief ? 3 : 9;
        long rest = TimeUnit.SECONDS.toMillis(brief ? 3 : 8);
        Report report = new Report("embed: what a pool of three members adds to an application at rest");
        Map<Inside, List<Held>> added = new EnumMap<>(Inside.class);
        List<Held> bare = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            progress.println("embed: round " + (round + 1) + " of " + rounds);
            Held without = measure(Inside.NOTHING, rest);
            bare.add(without);
            for (Inside inside : List.of(Inside.SOTTO, Inside.SCALECUBE)) {
                added.computeIfAbsent(inside, none -> new ArrayList<>())
                        .add(measure(inside, rest).minus(without));
            }
        }
        Held sotto = median(added.getOrDefault(Inside.SOTTO, List.of()));
        Held scalecube = median(added.getOrDefault(Inside.SCALECUBE, List.of()));
        tell(report, "heap that lives, against ScaleCube", "MiB", sotto.heapMebibytes, scalecube.heapMebibytes);
        tell(report, "threads, against ScaleCube", "", sotto.threads, scalecube.threads);
        tell(report, "start until three are seen, against ScaleCube", "ms", sotto.startMillis, scalecube.startMillis);
        Held application = median(bare);
        report.note(String.format(
                Locale.ROOT,
                "the application without either: %.1f MiB, %.0f threads, up after %.0f ms",
                application.heapMebibytes,
                application.threads,
                application.startMillis));
        report.figure("added_heap_mb", sotto.heapMebibytes);
        report.figure("added_threads", sotto.threads);
        report.figure("added_start_ms", sotto.startMillis);
        report.grouped("scalecube", "added_heap_mb", scalecube.heapMebibytes);
        report.grouped("scalecube", "added_threads", scalecube.threads);
        report.grouped("scalecube", "added_start_ms", scalecube.startMillis);
        return report;
    }

    private static void tell(Report report, String what, String unit, double ours, double theirs) {
        report.add(new Report.Line("", what, ours, Optional.of(theirs), ours / theirs, Optional.empty(), unit));
    }

    /** Addresses are new for each process, so that nobody remembers the last one. */
    private Held measure(Inside inside, long restMillis) throws IOException, InterruptedException {
        List<Program> others = new ArrayList<>();
        try {
            String seed = address();
            if (inside != Inside.NOTHING) {
                others.add(Program.start(command(inside, seed, seed, 1)));
                others.get(0).awaitLine("ready");
                others.add(Program.start(command(inside, address(), seed, 2)));
                others.get(1).awaitLine("ready");
            }
            try (Program measured = Program.start(command(inside, address(), seed, MEMBERS))) {
                double start = measured.awaitLine("ready");
                Thread.sleep(restMillis);
                String[] held = measured.ask("holds ").split(" ", -1);
                return new Held(start, Long.parseLong(held[0]) / BYTES_OF_MEBIBYTE, Integer.parseInt(held[1]));
            }
        } finally {
            others.forEach(Program::close);
        }
    }

    private String address() {
        processes++;
        return "127.91." + (1 + processes / 200) + "." + (1 + processes % 200);
    }

    private static List<String> command(Inside inside, String address, String seed, int members) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Dio.netty.tryReflectionSetAccessible=false",
                "-cp",
                System.getProperty("java.class.path"),
                "io.sotto.bench.embed.EmbeddingApplication",
                inside.name(),
                address,
                seed,
                Integer.toString(members));
    }

    private static Held median(List<Held> all) {
        return new Held(median(all, Held::startMillis), median(all, Held::heapMebibytes), median(all, Held::threads));
    }

    private static double median(List<Held> all, ToDoubleFunction<Held> figure) {
        return PairedRun.median(all.stream().mapToDouble(figure).toArray());
    }
}
