package io.sotto.agent.access;

import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricKind;
import io.sotto.wire.metrics.MetricName;
import io.sotto.wire.metrics.MetricUnit;
import java.util.Arrays;
import java.util.List;

/**
 * Every metric of access control.
 *
 * <p>Source: ours. {@code docs/reference/metrics.md} is this table for operators.
 */
public enum AccessMetric {
    TOKENS(MetricKind.GAUGE, "sotto.acl.tokens", "Tokens that this agent knows"),
    DECISIONS(
            MetricKind.COUNTER,
            "sotto.acl.decisions",
            "Requests to the HTTP API by what access control made of them; none while it is off",
            "verdict");

    @SuppressWarnings("ImmutableEnumChecker") // a record of strings and a copied list
    private final MetricName name;

    AccessMetric(MetricKind kind, String dotted, String meaning, String... labels) {
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
