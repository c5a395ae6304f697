package io.sotto.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The second look: processor time of 30 members on loopback sockets, ours in one process and 30 real agents beside them. Ours
 * run under the JVM's options of {@code sotto agent}, its class-data archive included, with its class path before ours.
 */
final class RealPools {
    private static final int MEMBERS = 30;
    private static final int JOIN_SECONDS = 8;
    /** Joins of one process that are told of, by their number; the last, some ten minutes after its start, only in the long form. */
    private static final int SIXTH = 6;

    private static final int FORTIETH = 40;

    private final Path peers;
    private final List<String> ours;

    private RealPools(Path peers, List<String> ours) {
        this.peers = peers;
        this.ours = ours;
    }

    /** Where things are is told by {@code modules/bench/run}. */
    static RealPools fromEnvironment() throws IOException {
        List<String> ours = new ArrayList<>();
        ours.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ours.addAll(agentOptions(Path.of(System.getProperty("sotto.bench.build", "."))));
        ours.addAll(List.of(ManyPools.class.getName(), String.valueOf(MEMBERS), "127.91."));
        return new RealPools(Path.of(System.getProperty("sotto.bench.peers", ".")), ours);
    }

    /** The agent's own, with our classes behind its: an archive holds for what its class path is the beginning of. */
    private static List<String> agentOptions(Path build) throws IOException {
        List<String> options = new ArrayList<>();
        for (String line : Files.readAllLines(build.resolve("agent.args"))) {
            options.add(line.startsWith("\"") ? line.substring(1, line.length() - 1) : line);
        }
        int classPath = options.indexOf("-cp") + 1;
        options.set(classPath, options.get(classPath) + ":" + System.getProperty("java.class.path"));
        return options;
    }

    void run(Report report, boolean brief, PrintStream progress) throws Exception {
        int idleSeconds = brief ? 20 : 60;
        progress.println("converge: " + MEMBERS + " members on sockets, in one process");
        List<Double> joinMillis = new ArrayList<>();
        double idleMillis;
        try (Program pools = Program.start(ours)) {
            joinMillis.add(join(pools));
            while (joinMillis.size() < (brief ? SIXTH : FORTIETH)) {
                pools.goOn();
                joinMillis.add(join(pools));
            }
            progress.println("converge: processor time of each join, ms: "
                    + joinMillis.stream().map(Math::round).toList());
            TimeUnit.SECONDS.sleep(idleSeconds / 2);
            double before = pools.cpuMillis();
            TimeUnit.SECONDS.sleep(idleSeconds);
            idleMillis = (pools.cpuMillis() - before) / idleSeconds;
        }
        Optional<double[]> serf = serf(idleSeconds, progress);
        if (serf.isEmpty()) {
            report.note("serf is not here to be told beside ours (modules/interop/peers/fetch)");
        }
        report.add(joined("the first of its process, with starting to compile", joinMillis.get(0), serf));
        report.add(joined("the sixth of its process", joinMillis.get(SIXTH - 1), serf));
        if (!brief) {
            report.add(joined("the fortieth of its process", joinMillis.get(FORTIETH - 1), serf));
        }
        report.add(new Report.Line(
                "P15",
                MEMBERS + " idle, sockets: processor time of a second, all together",
                idleMillis,
                serf.map(told -> told[1]),
                serf.map(told -> idleMillis / told[1]).orElse(idleMillis),
                serf.map(told -> 1.5),
                "ms"));
    }

    private static Report.Line joined(String which, double millis, Optional<double[]> serf) {
        return new Report.Line(
                "P13",
                MEMBERS + " join at once, sockets: processor time, " + which,
                millis,
                serf.map(told -> told[0]),
                serf.map(told -> millis / told[0]).orElse(millis),
                serf.map(told -> 0.5),
                "ms");
    }

    /** Processor time of a join, until some time after it. */
    private static double join(Program pools) throws Exception {
        pools.awaitLine("joining");
        double before = pools.cpuMillis();
        TimeUnit.SECONDS.sleep(JOIN_SECONDS);
        return pools.cpuMillis() - before;
    }

    /** Processor time of the join and of an idle second, of 30 agents together. */
    private Optional<double[]> serf(int idleSeconds, PrintStream progress) throws Exception {
        Path program = peers.resolve("bin").resolve("serf-newer");
        if (!Files.isExecutable(program)) {
            return Optional.empty();
        }
        progress.println("converge: " + MEMBERS + " real agents beside them");
        List<Program> agents = new ArrayList<>();
        try {
            for (int i = 1; i <= MEMBERS; i++) {
                String host = "127.92.1." + i;
                agents.add(Program.start(List.of(
                        program.toString(),
                        "agent",
                        "-node=node-" + i,
                        "-bind=" + host + ":7946",
                        "-rpc-addr=" + host + ":7373",
                        "-log-level=err")));
            }
            TimeUnit.SECONDS.sleep(ManyPools.PAUSE_SECONDS);
            double before = cpu(agents);
            List<Process> joins = new ArrayList<>();
            for (int i = 2; i <= MEMBERS; i++) {
                joins.add(new ProcessBuilder(
                                program.toString(), "join", "-rpc-addr=127.92.1." + i + ":7373", "127.92.1.1:7946")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start());
            }
            for (Process join : joins) {
                if (join.waitFor() != 0) {
                    throw new IOException("a serf join ended with " + join.exitValue());
                }
            }
            TimeUnit.SECONDS.sleep(JOIN_SECONDS);
            double joined = cpu(agents) - before;
            TimeUnit.SECONDS.sleep(idleSeconds / 2);
            before = cpu(agents);
            TimeUnit.SECONDS.sleep(idleSeconds);
            double idle = (cpu(agents) - before) / idleSeconds;
            progress.println(
                    String.format(Locale.ROOT, "converge: serf, %.0f ms to join, %.1f ms a second", joined, idle));
            return Optional.of(new double[] {joined, idle});
        } finally {
            agents.forEach(Program::close);
        }
    }

    private static double cpu(List<Program> programs) throws IOException {
        double sum = 0;
        for (Program program : programs) {
            sum += program.cpuMillis();
        }
        return sum;
    }
}
