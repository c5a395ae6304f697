package io.sotto.agent.http;

import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricKind;
import io.sotto.wire.metrics.MetricName;
import io.sotto.wire.metrics.MetricUnit;
import java.util.Arrays;
import java.util.List;

/**
 * Every metric of those who watch {@code /v1/events}.
 *
 * <p>Source: ours. {@code docs/reference/metrics.md} is this table for operators.
 */
public enum WatchMetric {
    OPEN(MetricKind.GAUGE, "sotto.http.watchers.open", "Who watches /v1/events now"),
    REFUSED(
            MetricKind.COUNTER,
            "sotto.http.watchers.refused",
            "Those who were not let watch, since as many did as may: http.watchers-max"),
    LOST(
            MetricKind.COUNTER,
            "sotto.http.watchers.lost",
            "Watchers that were let go because they took events too slowly: http.watcher-buffer");

    @SuppressWarnings("ImmutableEnumChecker") // a record of strings and a copied list
    private final MetricName name;

    WatchMetric(MetricKind kind, String dotted, String meaning) {
        this.name = new MetricName(dotted, kind, MetricUnit.COUNT, List.of(), meaning);
    }

    /** All of them, in the order of the page. */
    public static List<MetricName> catalogue() {
        return Arrays.stream(values()).map(metric -> metric.name).toList();
    }

    Metric of(long value) {
        return Metric.of(name, value);
    }
}
