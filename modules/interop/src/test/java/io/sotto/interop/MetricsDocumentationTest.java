package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.agent.access.AccessCounters;
import io.sotto.agent.exec.ExecCounts;
import io.sotto.agent.port.PortCounters;
import io.sotto.cluster.Sotto;
import io.sotto.wire.Rejection;
import io.sotto.wire.metrics.Metric;
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

/** The labels on the page of metrics, held against what a pool gives. */
final class MetricsDocumentationTest {
    private static final Path REFERENCE = Path.of("..", "..", "docs", "reference");
    private static final Pattern LABEL_ROW = Pattern.compile("^\\| `([a-z_]+)` \\| ([^|]*) \\|.*");

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
            var metrics = new ArrayList<Metric>(Sotto.get(system).metrics().read());
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
