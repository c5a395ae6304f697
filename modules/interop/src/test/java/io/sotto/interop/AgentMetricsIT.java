package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.access.AccessMetric;
import io.sotto.agent.exec.ExecMetric;
import io.sotto.agent.port.PortMetric;
import io.sotto.cluster.enrolment.EnrolmentMetric;
import io.sotto.cluster.upshift.UpshiftMetric;
import io.sotto.wire.metrics.MetricName;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The metrics of a whole agent, held against the catalogues that the page of metrics is made of. */
final class AgentMetricsIT {
    @Test
    void anAgentGivesEveryMetricThatIsCountedFromItsStartOn() {
        Path directory = NodeFiles.directory("metrics");
        Path settings = NodeFiles.write(
                directory.resolve("one.conf"), "sotto { profile = consul-client, ports.serf-wan = -1 }\n");
        EmbeddedAgent agent = new EmbeddedAgent("one", Site.ipv4(Site.CONSUL_PORT), directory, settings);
        agent.start(List.of());
        try {
            Set<String> given = new TreeSet<>();
            for (String kind : List.of("Gauges", "Counters", "Samples")) {
                agent.api()
                        .get("/v1/agent/metrics")
                        .path(kind)
                        .forEach(metric -> given.add(metric.path("Name").asText()));
            }
            assertThat(given)
                    .containsAll(Stream.of(
                                    EnrolmentMetric.catalogue(),
                                    UpshiftMetric.catalogue(),
                                    AccessMetric.catalogue(),
                                    ExecMetric.catalogue(),
                                    PortMetric.catalogue())
                            .flatMap(List::stream)
                            .map(MetricName::dotted)
                            .toList());
        } finally {
            agent.kill();
        }
    }
}
