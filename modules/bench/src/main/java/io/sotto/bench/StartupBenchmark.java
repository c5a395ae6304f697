package io.sotto.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Target P16: whole processes, from their start to the line that says they are ready. The limits are a bare actor system
 * with a class-data archive of its own, and a JVM that prints a line; real agents are told beside them where they are found.
 */
final class StartupBenchmark implements Bench.Benchmark {
    private static final String READY = "agent running!";
    private static final int IDLE_SECONDS = 3;

    private final String java;
    private final Path build;
    private final Path scratch;
    private final String ownClasses;
    private final Path peers;

    private StartupBenchmark(String java, Path build, Path scratch, String ownClasses, Path peers) {
        this.java = java;
        this.build = build;
        this.scratch = scratch;
        this.ownClasses = ownClasses;
        this.peers = peers;
    }

    /** Where things are is told by {@code modules/bench/run}. */
    static StartupBenchmark fromEnvironment() {
        return new StartupBenchmark(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Path.of(System.getProperty("sotto.bench.build", ".")),
                Path.of(System.getProperty("sotto.bench.scratch", ".")),
                System.getProperty("sotto.bench.classes", "."),
                Path.of(System.getProperty("sotto.bench.peers", ".")));
    }

    /** What starting one program cost, in the median. */
    private record Cost(double readyMillis, double cpuMillis, double residentMebibytes) {}

    @Override
    public Report run(boolean brief, PrintStream progress) throws Exception {
        int pairs = brief ? 3 : 7;
        Report report = new Report("startup: whole processes, from start to ready");
        List<String> withArchive = arguments("agent.args");
        List<String> plain = withArchive.stream()
                .filter(argument -> !argument.contains("SharedArchiveFile"))
                .toList();
        if (plain.size() == withArchive.size()) {
            report.note("the launcher made no class-data archive for the agent: its figures are those without one");
        }
        progress.println("startup: making the bare system's archive");
        List<String> bare = bareSystem(plain);

        List<Cost> bareCosts = new ArrayList<>();
        List<Cost> agentCosts = new ArrayList<>();
        List<Cost> plainCosts = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            progress.println("startup: agents, pair " + (pair + 1) + " of " + pairs);
            bareCosts.add(measure(bare, "running!"));
            agentCosts.add(measure(agent(withArchive, pair), READY));
            plainCosts.add(measure(agent(plain, pair), READY));
        }
        agentLines(report, median(bareCosts), median(agentCosts), median(plainCosts));
        progress.println("startup: verbs");
        verbLines(report, pairs * 3);
        peerLines(report, pairs, progress);
        return report;
    }

    private static void agentLines(Report report, Cost bare, Cost agent, Cost plain) {
        report.add(line(
                "agent start to ready, against a bare Pekko system", agent.readyMillis, bare.readyMillis, 1.15, "ms"));
        report.add(line(
                "agent CPU to ready, against itself without the archive", agent.cpuMillis, plain.cpuMillis, 0.4, "ms"));
        double above = agent.residentMebibytes - bare.residentMebibytes;
        report.add(new Report.Line(
                "P16",
                "agent RSS idle above the bare system's",
                agent.residentMebibytes,
                Optional.of(bare.residentMebibytes),
                above,
                Optional.of(15.0),
                "MiB"));
        report.note(String.format(
                Locale.ROOT,
                "bare system: CPU %.0f ms; agent without archive: ready after %.0f ms",
                bare.cpuMillis,
                plain.readyMillis));
    }

    private void verbLines(Report report, int pairs) throws Exception {
        List<String> cli = arguments("cli.args");
        List<String> hello =
                List.of(java, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", ownClasses, "io.sotto.bench.Hello");
        String address = "127.90.3.1";
        List<String> running = command(
                arguments("agent.args"), "agent", "-dev", "-node", "bench", "-bind", address, "-client", address);
        try (Program agent = Program.start(running)) {
            agent.awaitLine(READY);
            for (String verb : List.of("keygen", "members")) {
                List<String> words =
                        "keygen".equals(verb) ? List.of(verb) : List.of(verb, "-http-addr", address + ":8500");
                double[] ours = new double[pairs];
                double[] limits = new double[pairs];
                double[] ratios = new double[pairs];
                for (int pair = 0; pair < pairs; pair++) {
                    limits[pair] = Program.runToEnd(hello);
                    ours[pair] = Program.runToEnd(command(cli, words.toArray(String[]::new)));
                    ratios[pair] = ours[pair] / limits[pair];
                }
                report.add(new Report.Line(
                        "P16",
                        "sotto " + verb + ", against a JVM hello",
                        PairedRun.median(ours),
                        Optional.of(PairedRun.median(limits)),
                        PairedRun.median(ratios),
                        Optional.of(1.3),
                        "ms"));
            }
        }
    }

    private void peerLines(Report report, int pairs, PrintStream progress) throws Exception {
        Map<String, List<String>> agents = new LinkedHashMap<>();
        agents.put("consul", List.of("agent", "-dev", "-bind=127.90.4.1", "-client=127.90.4.1", "-dns-port=-1"));
        agents.put("serf", List.of("agent", "-bind=127.90.4.2:7946", "-rpc-addr=127.90.4.2:7373"));
        for (Map.Entry<String, List<String>> peer : agents.entrySet()) {
            Path program = peers.resolve("bin").resolve(peer.getKey());
            if (!Files.isExecutable(program)) {
                report.note(peer.getKey() + " is not here to be told beside the others (modules/interop/peers/fetch)");
                continue;
            }
            progress.println("startup: " + peer.getKey());
            List<Cost> costs = new ArrayList<>();
            List<String> command = new ArrayList<>(List.of(program.toString()));
            command.addAll(peer.getValue());
            for (int i = 0; i < pairs; i++) {
                costs.add(measure(command, READY));
            }
            Cost cost = median(costs);
            report.note(String.format(
                    Locale.ROOT,
                    "peer %s: ready after %.0f ms, CPU %.0f ms, RSS %.0f MiB",
                    peer.getKey(),
                    cost.readyMillis,
                    cost.cpuMillis,
                    cost.residentMebibytes));
        }
    }

    private static Cost measure(List<String> command, String ready) throws IOException, InterruptedException {
        try (Program program = Program.start(command)) {
            double millis = program.awaitLine(ready);
            double cpu = program.cpuMillis();
            TimeUnit.SECONDS.sleep(IDLE_SECONDS);
            return new Cost(millis, cpu, program.residentMebibytes());
        }
    }

    /** The bare system under the agent's own JVM options, with an archive made the way the launcher makes the agent's. */
    private List<String> bareSystem(List<String> agentArguments) throws Exception {
        Path archive = Files.createDirectories(scratch).resolve("bare.jsa");
        Files.deleteIfExists(archive);
        List<String> options = new ArrayList<>(agentArguments);
        int classPath = options.indexOf("-cp") + 1;
        options.set(classPath, ownClasses + ":" + options.get(classPath));
        List<String> training = new ArrayList<>(List.of(java, "-XX:ArchiveClassesAtExit=" + archive));
        training.addAll(options);
        training.addAll(List.of(BarePekko.class.getName(), "once"));
        Program.runToEnd(training);
        List<String> command = new ArrayList<>(List.of(java, "-XX:SharedArchiveFile=" + archive));
        command.addAll(options);
        command.add(BarePekko.class.getName());
        return command;
    }

    private List<String> agent(List<String> arguments, int run) {
        String address = "127.90.2." + (run + 1);
        return command(arguments, "agent", "-dev", "-node", "bench-" + run, "-bind", address, "-client", address);
    }

    private List<String> command(List<String> arguments, String... words) {
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(arguments);
        command.add("io.sotto.agent.cli.Main");
        command.addAll(List.of(words));
        return command;
    }

    /** The words of one of the launcher's argument files. */
    private List<String> arguments(String file) throws IOException {
        try (Stream<String> lines = Files.lines(build.resolve(file))) {
            return lines.map(line -> line.startsWith("\"") ? line.substring(1, line.length() - 1) : line)
                    .toList();
        }
    }

    private static Report.Line line(String what, double ours, double limit, double target, String unit) {
        return new Report.Line("P16", what, ours, Optional.of(limit), ours / limit, Optional.of(target), unit);
    }

    private static Cost median(List<Cost> costs) {
        return new Cost(
                PairedRun.median(costs.stream().mapToDouble(Cost::readyMillis).toArray()),
                PairedRun.median(costs.stream().mapToDouble(Cost::cpuMillis).toArray()),
                PairedRun.median(
                        costs.stream().mapToDouble(Cost::residentMebibytes).toArray()));
    }
}
