package io.sotto.agent.port;

import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricKind;
import io.sotto.wire.metrics.MetricName;
import io.sotto.wire.metrics.MetricUnit;
import java.util.Arrays;
import java.util.List;

/**
 * Every metric of the sockets of the HTTP API.
 *
 * <p>Source: ours. {@code docs/reference/metrics.md} is this table for operators.
 */
public enum PortMetric {
    ACCEPTED(
            MetricKind.COUNTER,
            "sotto.http.connections.accepted",
            "Connections to the HTTP API, whatever became of them"),
    OPEN(MetricKind.GAUGE, "sotto.http.connections.open", "Connections to the HTTP API that are there now"),
    REFUSED(
            MetricKind.COUNTER,
            "sotto.http.connections.refused",
            "Connections to the HTTP API that were not served, or not any longer",
            "why");

    @SuppressWarnings("ImmutableEnumChecker") // a record of strings and a copied list
    private final MetricName name;

    PortMetric(MetricKind kind, String dotted, String meaning, String... labels) {
        this.name = new MetricName(dotted, kind, MetricUnit.COUNT, List.of(labels), meaning);
    }

    /** All of them, in the order of the page. */
    public static List<MetricName> catalogue() {
        return Arrays.stream(values()).map(metric -> metric.name).toList();
    }

    Metric of(long value, String... labels) {
        return Metric.of(name, value, labels);
    }
}
