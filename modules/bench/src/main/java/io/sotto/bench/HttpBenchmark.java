package io.sotto.bench;

import io.sotto.bench.http.HttpFigures;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The agent's HTTP API beside that of a real Consul client agent in the same run: requests per second for the members of a pool of
 * 100 and for a key of the servers, then 1,000 blocking queries and 200 watchers at the sotto agent.
 */
final class HttpBenchmark implements Bench.Benchmark {
    private static final double AT_LEAST = 1.0;

    @Override
    public boolean isDemanding() {
        return true;
    }

    @Override
    public Report run(boolean brief, PrintStream progress) throws Exception {
        Report report = new Report("http: the agent's API beside a real Consul client agent's");
        Optional<HttpFigures.Found> measured = HttpFigures.measure(
                Path.of(System.getProperty("sotto.bench.build", ".")),
                Path.of(System.getProperty("sotto.bench.scratch", ".")),
                Path.of(System.getProperty("sotto.bench.peers", ".")),
                brief,
                progress);
        if (measured.isEmpty()) {
            report.note("consul or wrk is not here (modules/interop/peers/fetch): nothing was measured");
            return report;
        }
        HttpFigures.Found found = measured.get();
        compared(report, "ratio_members", "GET /v1/agent/members of 100 members", found.members());
        compared(report, "ratio_kv", "GET of a key through the servers", found.kv());
        all(report, "blocking queries that end with the change", found.queriesAnswered(), found.queries());
        all(report, "watchers that are told of a change", found.watchersTold(), found.watchers());
        report.add(new Report.Line(
                "H4",
                "heap for each watcher",
                found.watcherHeapBytes() / 1024,
                Optional.empty(),
                found.watcherHeapBytes() / 1024,
                Optional.empty(),
                "KiB"));
        report.note(String.format(
                Locale.ROOT,
                "all %d queries were answered %.0f ms after the write; a clean end with %d watchers took %.1f s",
                found.queriesAnswered(),
                found.queriesMillis(),
                found.watchers(),
                found.endSeconds()));
        return report;
    }

    private static void compared(Report report, String name, String what, HttpFigures.Compared found) {
        report.add(new Report.Line(
                "H1",
                what,
                found.ours(),
                Optional.of(found.real()),
                found.ratio(),
                Optional.of(AT_LEAST),
                "requests/s",
                true));
        report.add(new Report.Line(
                "H2",
                what + ": p99",
                found.oursP99Millis(),
                Optional.of(found.realP99Millis()),
                found.oursP99Millis() / found.realP99Millis(),
                Optional.empty(),
                "ms"));
        report.figure(name, found.ratio());
        if (found.failed() > 0) {
            report.note(what + ": " + found.failed() + " requests failed");
        }
    }

    private static void all(Report report, String what, int had, int of) {
        report.add(new Report.Line(
                "H3", what, had, Optional.of((double) of), (double) had / of, Optional.of(1.0), "of all", true));
    }
}
