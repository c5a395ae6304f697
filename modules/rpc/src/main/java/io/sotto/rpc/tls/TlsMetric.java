package io.sotto.rpc.tls;

import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricKind;
import io.sotto.wire.metrics.MetricName;
import io.sotto.wire.metrics.MetricUnit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Every metric of certificates.
 *
 * <p>Source: ours. {@code docs/reference/metrics.md} is this table for operators.
 */
public enum TlsMetric {
    CERTIFICATE_LEFT(
            MetricKind.GAUGE,
            MetricUnit.SECONDS,
            "sotto.tls.certificate.left.seconds",
            "How long this agent's certificate is still valid; negative once it is not, missing without one"),
    AUTHORITY_LEFT(
            MetricKind.GAUGE,
            MetricUnit.SECONDS,
            "sotto.tls.authority.left.seconds",
            "How long the trusted authority that ends first is still valid; missing without one"),
    GENERATION(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.tls.generation",
            "Which set of certificates and settings is in force, counted from 1 at the start"),
    SWAPS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.tls.swaps",
            "New certificates or settings that were put in force while running"),
    REFUSED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.tls.refused",
            "New certificates or settings that could not be used, so that the old ones stayed"),
    ALARMS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.tls.alarms",
            "Times that a certificate of this pool's authority acted as a server without being one");

    @SuppressWarnings("ImmutableEnumChecker") // a record of strings and a copied list
    private final MetricName name;

    TlsMetric(MetricKind kind, MetricUnit unit, String dotted, String meaning) {
        this.name = new MetricName(dotted, kind, unit, List.of(), meaning);
    }

    /** All of them, in the order of the page. */
    public static List<MetricName> catalogue() {
        return Arrays.stream(values()).map(metric -> metric.name).toList();
    }

    /** The values of this moment. */
    public static List<Metric> read(TlsFeed feed) {
        List<Metric> values = new ArrayList<>();
        feed.certificateLeft().ifPresent(left -> values.add(Metric.of(CERTIFICATE_LEFT.name, seconds(left))));
        feed.authorityLeft().ifPresent(left -> values.add(Metric.of(AUTHORITY_LEFT.name, seconds(left))));
        values.add(Metric.of(GENERATION.name, feed.get().generation()));
        values.add(Metric.of(SWAPS.name, feed.swaps()));
        values.add(Metric.of(REFUSED.name, feed.refusals()));
        values.add(Metric.of(ALARMS.name, feed.alarms()));
        return values;
    }

    private static double seconds(Duration left) {
        return left.toMillis() / 1000.0;
    }
}
