package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.agent.access.AccessCounters;
import io.sotto.agent.access.AccessMetric;
import io.sotto.agent.exec.ExecCounts;
import io.sotto.agent.exec.ExecMetric;
import io.sotto.agent.http.WatchMetric;
import io.sotto.agent.metrics.AgentMetric;
import io.sotto.agent.port.PortCounters;
import io.sotto.agent.port.PortMetric;
import io.sotto.cluster.Sotto;
import io.sotto.gossip.GossipMetric;
import io.sotto.rpc.link.LinkMetric;
import io.sotto.rpc.pool.PoolMetric;
import io.sotto.rpc.tls.TlsMetric;
import io.sotto.wire.Rejection;
import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

/** The pages on metrics and rejections, held against what is built. */
final class MetricsDocumentationTest {
    private static final Path REFERENCE = Path.of("..", "..", "docs", "reference");
    private static final Pattern LABEL_ROW = Pattern.compile("^\\| `([a-z_]+)` \\| ([^|]*) \\|.*");
    private static final Pattern REASON_ROW = Pattern.compile("^\\| `([a-z-]+)` \\| ([^|]+) \\| ([^|]+) \\|$");

    @Test
    void theTableOfMetricsIsTheCataloguesOfAllModules() throws IOException {
        assertThat(section("All of them").filter(line -> line.startsWith("| `")))
                .containsExactlyElementsOf(
                        all().map(MetricsDocumentationTest::row).toList());
    }

    @Test
    void theTableOfLabelsNamesEveryValueThatAPoolGives() throws Exception {
        var values = labelValues();
        var reasons = values.remove("reason");
        var faults = new ArrayList<String>();
        var documented = new LinkedHashMap<String, String>();
        section("Labels")
                .map(LABEL_ROW::matcher)
                .filter(Matcher::matches)
                .forEach(row -> documented.put(row.group(1), row.group(2)));
        values.forEach((label, given) -> {
            var cell = String.join(
                    ", ", given.stream().map(value -> "`" + value + "`").toList());
            if (!cell.equals(documented.get(label))) {
                faults.add(label + " takes " + cell + ", the page says " + documented.get(label));
            }
        });

        assertThat(faults).isEmpty();
        assertThat(documented.keySet()).containsAll(values.keySet()).hasSize(values.size() + 1);
        assertThat(reasons).containsExactlyElementsOf(labels());
    }

    @Test
    void thePageOfRejectionsNamesEveryReasonOnceWithItsMeaningAndWhatToDo() throws IOException {
        assertThat(lines("rejections.md")
                        .map(REASON_ROW::matcher)
                        .filter(Matcher::matches)
                        .map(row -> row.group(1)))
                .containsExactlyElementsOf(labels());
    }

    private static String row(MetricName metric) {
        return "| `" + metric.dotted() + "` | " + metric.kind().word() + " | "
                + metric.unit().word() + " | "
                + String.join(
                        ", ",
                        metric.labels().stream().map(label -> "`" + label + "`").toList()) + " | "
                + metric.meaning() + " |";
    }

    private static Stream<MetricName> all() {
        return Stream.of(
                        GossipMetric.catalogue(),
                        LinkMetric.catalogue(),
                        PoolMetric.catalogue(),
                        AgentMetric.catalogue(),
                        ExecMetric.catalogue(),
                        TlsMetric.catalogue(),
                        AccessMetric.catalogue(),
                        PortMetric.catalogue(),
                        WatchMetric.catalogue())
                .flatMap(List::stream);
    }

    private static List<String> labels() {
        return Arrays.stream(Rejection.Reason.values())
                .map(Rejection.Reason::label)
                .toList();
    }

    /** Label by label, what the metrics of a pool that has just begun hold. */
    private static Map<String, Set<String>> labelValues() throws Exception {
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(),
                "documentation",
                ConfigFactory.parseString("""
                        sotto { profile = "serf", bind-addr = "127.0.0.1", ports.serf-lan = 0 }
                        pekko.loglevel = "WARNING"
                        """).withFallback(ConfigFactory.load()));
        try {
            var values = new LinkedHashMap<String, Set<String>>();
            var metrics = new ArrayList<Metric>(Sotto.get(system).lan().metrics());
            metrics.addAll(Sotto.get(system).rpc().metrics());
            metrics.addAll(new ExecCounts().metrics());
            metrics.addAll(new PortCounters().metrics());
            metrics.addAll(new AccessCounters().metrics(0));
            for (Metric metric : metrics) {
                for (int i = 0; i < metric.labels().size(); i++) {
                    values.computeIfAbsent(metric.name().labels().get(i), label -> new LinkedHashSet<>())
                            .add(metric.labels().get(i));
                }
            }
            return values;
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    /** The part of the page on metrics that is under this heading. */
    private static Stream<String> section(String heading) throws IOException {
        return lines("metrics.md")
                .dropWhile(line -> !line.equals("## " + heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "));
    }

    private static Stream<String> lines(String page) throws IOException {
        return Files.readAllLines(REFERENCE.resolve(page)).stream();
    }
}
