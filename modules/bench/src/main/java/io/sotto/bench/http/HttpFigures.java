package io.sotto.bench.http;

import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs a datacenter of one real server, a real client agent, a sotto agent, and a crowd that makes it 100 members; loads both agents
 * in turn, then has many wait at the sotto agent.
 */
public final class HttpFigures {
    private static final int MEMBERS = 100;
    private static final int CONNECTIONS = 16;
    private static final int QUERIES = 1_000;
    private static final int WATCHERS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String NETWORK = "127.93.1.";
    private static final String MEMBERS_PATH = "/v1/agent/members";
    private static final String KEY_PATH = "/v1/kv/bench/key";

    /**
     * One path, asked of both in turn.
     *
     * @param ratio the median of our requests per second in parts of the real agent's
     */
    public record Compared(
            double ratio, double ours, double real, double oursP99Millis, double realP99Millis, long failed) {}

    /**
     * All that was found.
     *
     * @param queriesAnswered how many of the blocking queries ended with the change
     * @param queriesMillis until all had
     * @param watchersTold how many watchers heard of the change
     * @param watcherHeapBytes heap in use for each watcher
     * @param endSeconds how long a clean end took while they watched
     */
    public record Found(
            Compared members,
            Compared kv,
            int queries,
            int queriesAnswered,
            double queriesMillis,
            int watchers,
            int watchersTold,
            double watcherHeapBytes,
            double endSeconds) {}

    private final Path build;
    private final Path scratch;
    private final Path peers;
    private final PrintStream progress;
    private final int seconds;
    private final int pairs;

    private HttpFigures(Path build, Path scratch, Path peers, boolean brief, PrintStream progress) {
        this.build = build;
        this.scratch = scratch;
        this.peers = peers;
        this.progress = progress;
        this.seconds = brief ? 4 : 10;
        this.pairs = brief ? 3 : 5;
    }

    /** Measures; empty where {@code consul} or {@code wrk} is not there. */
    public static Optional<Found> measure(Path build, Path scratch, Path peers, boolean brief, PrintStream progress)
            throws Exception {
        HttpFigures figures = new HttpFigures(build, scratch.resolve("http"), peers, brief, progress);
        return Files.isExecutable(figures.program("consul")) && Files.isExecutable(figures.program("wrk"))
                ? Optional.of(figures.run())
                : Optional.empty();
    }

    private Path program(String name) {
        return peers.resolve("bin").resolve(name);
    }

    private Found run() throws Exception {
        List<String> consul = List.of(program("consul").toString());
        String quiet = "\"ports\":{\"dns\":-1,\"grpc\":-1,\"serf_wan\":-1},\"disable_update_check\":true";
        String join = "\"retry_join\":[\"" + NETWORK + "1\"]";
        progress.println("http: a real server, a real client and sotto");
        Process crowd = null;
        try (AgentUnderLoad server = AgentUnderLoad.start(
                        consul,
                        scratch,
                        "server",
                        NETWORK + "1",
                        quiet + ",\"server\":true,\"bootstrap_expect\":1,\"performance\":{\"raft_multiplier\":1}");
                AgentUnderLoad real = AgentUnderLoad.start(consul, scratch, "real", NETWORK + "2", quiet + "," + join);
                AgentUnderLoad ours = AgentUnderLoad.start(
                        AgentUnderLoad.sotto(build),
                        scratch,
                        "sotto",
                        NETWORK + "3",
                        join + ",\"limits\":{\"http_max_conns_per_client\":4000}")) {
            server.await("/v1/catalog/nodes", "\"Node\":\"sotto\"", 1);
            progress.println("http: the crowd joins");
            crowd = crowd();
            for (AgentUnderLoad agent : List.of(real, ours)) {
                agent.await(MEMBERS_PATH, "\"Status\":1", MEMBERS);
            }
            real.put(KEY_PATH, "value");
            Compared members = compare(ours, real, MEMBERS_PATH);
            Compared kv = compare(ours, real, KEY_PATH);
            double[] queries = queries(ours, real);
            return watchers(ours, crowd, members, kv, queries);
        } finally {
            if (crowd != null) {
                crowd.destroyForcibly();
            }
        }
    }

    private Process crowd() throws IOException {
        Process crowd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xss256k",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DatacenterCrowd.class.getName(),
                        String.valueOf(MEMBERS - 3),
                        "127.94.1.",
                        NETWORK + "1")
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("crowd.log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(crowd::destroyForcibly));
        return crowd;
    }

    /** In turn, so that whatever else the machine does falls on both; the first of each only warms up. */
    private Compared compare(AgentUnderLoad ours, AgentUnderLoad real, String path) throws Exception {
        progress.println("http: " + path);
        wrk(ours, path, 2 * seconds);
        wrk(real, path, seconds);
        List<Double> ratios = new ArrayList<>();
        List<WrkRun> oursRuns = new ArrayList<>();
        List<WrkRun> realRuns = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            WrkRun our = wrk(ours, path, seconds);
            WrkRun its = wrk(real, path, seconds);
            oursRuns.add(our);
            realRuns.add(its);
            ratios.add(our.perSecond() / its.perSecond());
        }
        return new Compared(
                median(ratios),
                median(oursRuns.stream().map(WrkRun::perSecond).toList()),
                median(realRuns.stream().map(WrkRun::perSecond).toList()),
                median(oursRuns.stream().map(WrkRun::p99Millis).toList()),
                median(realRuns.stream().map(WrkRun::p99Millis).toList()),
                oursRuns.stream().mapToLong(WrkRun::failed).sum());
    }

    private WrkRun wrk(AgentUnderLoad agent, String path, int time) throws Exception {
        return WrkRun.of(program("wrk"), CONNECTIONS, time, agent.url(path));
    }

    /** How many blocking queries end with one write, and after how many milliseconds all had. */
    private double[] queries(AgentUnderLoad ours, AgentUnderLoad real) throws Exception {
        progress.println("http: " + QUERIES + " blocking queries");
        HttpResponse<String> now = ours.get(KEY_PATH);
        String index = now.headers().firstValue("X-Consul-Index").orElseThrow();
        try (ManyWaiting waiting = ManyWaiting.start(
                QUERIES, ours.address(), AgentUnderLoad.HTTP_PORT, KEY_PATH + "?index=" + index + "&wait=5m")) {
            waiting.read(Duration.ofSeconds(5));
            if (waiting.await(come -> !come.isEmpty(), Duration.ZERO) > 0) {
                throw new IOException("a blocking query ended before the change");
            }
            long begun = System.nanoTime();
            real.put(KEY_PATH, "changed");
            int answered = waiting.await(come -> come.contains("Y2hhbmdlZA=="), PATIENCE);
            return new double[] {answered, (System.nanoTime() - begun) / 1e6};
        }
    }

    private Found watchers(AgentUnderLoad ours, Process crowd, Compared members, Compared kv, double[] queries)
            throws Exception {
        progress.println("http: " + WATCHERS + " watchers");
        TimeUnit.SECONDS.sleep(3);
        long before = ours.heapAfterCollection();
        try (ManyWaiting waiting =
                ManyWaiting.start(WATCHERS, ours.address(), AgentUnderLoad.HTTP_PORT, "/v1/events")) {
            int begun = waiting.await(come -> come.contains("event: tls"), PATIENCE);
            waiting.read(Duration.ofSeconds(3));
            long after = ours.heapAfterCollection();
            waiting.forget();
            crowd.getOutputStream().write('\n');
            crowd.getOutputStream().flush();
            int told = Math.min(begun, waiting.await(come -> come.contains("\"Kind\":\"left\""), PATIENCE));
            if (waiting.closed() > 0) {
                throw new IOException(waiting.closed() + " watchers were let go");
            }
            double end = ours.endCleanly();
            return new Found(
                    members,
                    kv,
                    QUERIES,
                    (int) queries[0],
                    queries[1],
                    WATCHERS,
                    told,
                    (double) (after - before) / WATCHERS,
                    end);
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
