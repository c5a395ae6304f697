package io.sotto.cluster.upshift;

import io.sotto.wire.metrics.MetricKind;
import io.sotto.wire.metrics.MetricName;
import io.sotto.wire.metrics.MetricUnit;
import java.util.Arrays;
import java.util.List;

/**
 * Every metric of upshifts.
 *
 * <p>Source: ours. {@code docs/reference/metrics.md} is this table for operators.
 */
public enum UpshiftMetric {
    STAGE(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.upshift.stage",
            "The stage that this node stands at: 0 none, 1 ready, 2 sending, 3 enforced",
            "upshift"),
    DRIVING(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.upshift.driving",
            "Whether this node drives an upshift: 1 if it does",
            "upshift"),
    WAITING(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.upshift.waiting",
            "Members that the upshift which this node drives waits for",
            "upshift"),
    TAKEN(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.upshift.orders.taken",
            "Orders of upshifts that this node obeyed",
            "upshift"),
    REFUSED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.upshift.orders.refused",
            "Orders of upshifts that this node did not obey, by why",
            "refusal"),
    TAKEOVERS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.upshift.takeovers",
            "Upshifts that this node took over from another that drove them",
            "upshift");

    @SuppressWarnings("ImmutableEnumChecker") // A record of strings, enums, and an unmodifiable list.
    private final MetricName metric;

    UpshiftMetric(MetricKind kind, MetricUnit unit, String dotted, String meaning, String... labels) {
        this.metric = new MetricName(dotted, kind, unit, List.of(labels), meaning);
    }

    /** Name, kind, unit and labels. */
    public MetricName metric() {
        return metric;
    }

    /** All of them, in the order of the documents. */
    public static List<MetricName> catalogue() {
        return Arrays.stream(values()).map(UpshiftMetric::metric).toList();
    }
}
