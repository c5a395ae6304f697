package io.sotto.cluster.enrolment;

import io.sotto.wire.metrics.MetricKind;
import io.sotto.wire.metrics.MetricName;
import io.sotto.wire.metrics.MetricUnit;
import java.util.Arrays;
import java.util.List;

/**
 * Every metric of enrolment.
 *
 * <p>Source: ours. {@code docs/reference/metrics.md} is this table for operators.
 */
public enum EnrolmentMetric {
    TOKENS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.enrolment.tokens",
            "One-time tokens for the enrolment of members that this node has made"),
    GRANTED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.enrolment.granted",
            "Certificates that this node's authority has given to members with a token"),
    REFUSED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.enrolment.refused",
            "Requests for a certificate that got none, by why",
            "cause");

    @SuppressWarnings("ImmutableEnumChecker") // A record of strings, enums, and an unmodifiable list.
    private final MetricName metric;

    EnrolmentMetric(MetricKind kind, MetricUnit unit, String dotted, String meaning, String... labels) {
        this.metric = new MetricName(dotted, kind, unit, List.of(labels), meaning);
    }

    /** Name, kind, unit and labels. */
    public MetricName metric() {
        return metric;
    }

    /** All of them, in the order of the documents. */
    public static List<MetricName> catalogue() {
        return Arrays.stream(values()).map(EnrolmentMetric::metric).toList();
    }
}
