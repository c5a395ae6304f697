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
 * The second look: processor time of 30 members on loopback sockets, ours in one process and 30 real agents beside them, in
 * turn. Ours run under the JVM's options of {@code sotto agent}, its class-data archive included, with its class path before
 * ours. The first join of their process, most of which is the JVM's own start to compile, is told apart from the pairs, which
 * come after as many joins as it takes to have done with that: a member's process lives for weeks.
 */
final class RealPools {
    private static final int MEMBERS = 30;
    private static final int JOIN_SECONDS = 8;
    private static final int PAIRS = 5;
    /** Joins before the first pair: C2 has done with the last of what a join runs after some hundred. */
    private static final int WARM_UP = 150;

    private static final int BRIEF_WARM_UP = 30;

    private final Path peers;
    private final List<String> ours;

    /** @param ours the words that run our members, but for how many and how often */
    private RealPools(Path peers, List<String> ours) {
        this.peers = peers;
        this.ours = ours;
    }

    /** Where things are is told by {@code modules/bench/run}. */
    static RealPools fromEnvironment() throws IOException {
        List<String> ours = new ArrayList<>();
        ours.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ours.addAll(agentOptions(Path.of(System.getProperty("sotto.bench.build", "."))));
        ours.add(ManyPools.class.getName());
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
        Path serf = peers.resolve("bin").resolve("serf-newer");
        boolean hasSerf = Files.isExecutable(serf);
        progress.println(
                "converge: " + MEMBERS + " members on sockets, in one process, and real agents in turn with them");
        int warmUp = brief ? BRIEF_WARM_UP : WARM_UP;
        List<String> words = new ArrayList<>(ours);
        words.addAll(List.of(String.valueOf(MEMBERS), "127.91.", String.valueOf(warmUp)));
        try (Program pools = Program.start(words)) {
            double first = join(pools);
            progress.printf(Locale.ROOT, "converge: the first join, %.0f ms%n", first);
            Pairs joins = new Pairs();
            Pairs idles = new Pairs();
            for (int i = 0; i < PAIRS; i++) {
                pair(pools, hasSerf ? Optional.of(serf) : Optional.empty(), brief ? 10 : 40, joins, idles, progress);
            }
            if (!hasSerf) {
                report.note("serf is not here to be told beside ours (modules/interop/peers/fetch)");
            }
            String what = MEMBERS + " join at once, sockets: processor time";
            report.add(joins.first(first, "P13", what + ", the first of its process, while the JVM begins to compile"));
            report.add(joins.line("P13", what + ", of a process that has joined " + warmUp + " times", 0.5));
            report.add(idles.line("P15", MEMBERS + " idle, sockets: processor time of a second, all together", 1.5));
        }
    }

    /** A join of ours, one of real agents, and then the same seconds in which both are idle. */
    private static void pair(
            Program pools, Optional<Path> serf, int idleSeconds, Pairs joins, Pairs idles, PrintStream progress)
            throws Exception {
        pools.goOn();
        double joined = join(pools);
        if (serf.isEmpty()) {
            joins.alone(joined);
            idles.alone(idle(pools, idleSeconds));
            return;
        }
        try (RealAgents agents = RealAgents.start(serf.get(), MEMBERS)) {
            TimeUnit.SECONDS.sleep(ManyPools.PAUSE_SECONDS);
            double before = agents.cpuMillis();
            agents.join();
            TimeUnit.SECONDS.sleep(JOIN_SECONDS);
            joins.pair(joined, agents.cpuMillis() - before);
            before = agents.cpuMillis();
            double idle = idle(pools, idleSeconds);
            idles.pair(idle, (agents.cpuMillis() - before) / idleSeconds);
        }
        progress.println("converge: to join " + joins + ", idle for a second " + idles);
    }

    /** Processor time of a join, until some time after it. */
    private static double join(Program pools) throws Exception {
        pools.awaitLine("joining");
        double before = pools.cpuMillis();
        TimeUnit.SECONDS.sleep(JOIN_SECONDS);
        return pools.cpuMillis() - before;
    }

    /** Processor time of a second in which nothing happens. */
    private static double idle(Program pools, int seconds) throws Exception {
        double before = pools.cpuMillis();
        TimeUnit.SECONDS.sleep(seconds);
        return (pools.cpuMillis() - before) / seconds;
    }

    /** Figures in milliseconds, ours and theirs in turn; theirs are missing where no real agent is. */
    private static final class Pairs {
        private final List<Double> ours = new ArrayList<>();
        private final List<Double> theirs = new ArrayList<>();
        private final List<Double> ratios = new ArrayList<>();

        void alone(double our) {
            ours.add(our);
        }

        void pair(double our, double their) {
            ours.add(our);
            theirs.add(their);
            ratios.add(our / their);
        }

        Report.Line line(String id, String what, double target) {
            return line(id, what, median(ours), ratios, Optional.of(target));
        }

        /** One figure of ours against all of theirs, without a target. */
        Report.Line first(double our, String id, String what) {
            return line(id, what, our, theirs.stream().map(their -> our / their).toList(), Optional.empty());
        }

        private Report.Line line(String id, String what, double our, List<Double> ratios, Optional<Double> target) {
            return theirs.isEmpty()
                    ? new Report.Line(id, what, our, Optional.empty(), our, Optional.empty(), "ms")
                    : new Report.Line(id, what, our, Optional.of(median(theirs)), median(ratios), target, "ms");
        }

        private static double median(List<Double> values) {
            return PairedRun.median(
                    values.stream().mapToDouble(Double::doubleValue).toArray());
        }

        /** The last pair. */
        @Override
        public String toString() {
            int last = ratios.size() - 1;
            return String.format(
                    Locale.ROOT, "%.0f : %.0f ms (%.2f)", ours.get(last), theirs.get(last), ratios.get(last));
        }
    }
}
