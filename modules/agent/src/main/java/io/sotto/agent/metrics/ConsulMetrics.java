package io.sotto.agent.metrics;

import io.sotto.agent.json.Json;
import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricKind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Metrics in the JSON shape of a Consul agent's, in the order of their names.
 *
 * <p>Consul gives what a counter grew by within the last ten seconds; ours give the whole count since the process started,
 * so that nothing is lost between two looks: {@code Count} and {@code Sum} are both that, {@code Rate} is what it comes to
 * for each second since, and {@code Min}, {@code Max} and {@code Mean} are 1 once anything was counted, since things are
 * counted one by one. There are no samples or points. Pure. Source: Consul 1.8.7 as observed.
 */
public final class ConsulMetrics {
    private static final DateTimeFormatter GO_TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss +0000 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final double NANOS_PER_SECOND = 1e9;

    private ConsulMetrics() {}

    /**
     * The object that {@code /v1/agent/metrics} answers with.
     *
     * @param uptime since when counters count
     */
    public static Json of(List<Metric> metrics, Instant now, Duration uptime) {
        List<Json> gauges = new ArrayList<>();
        List<Json> counters = new ArrayList<>();
        // Stable: values of one name stay in the order in which they were read.
        List<Metric> sorted = metrics.stream()
                .sorted(Comparator.comparing(metric -> metric.name().dotted()))
                .toList();
        for (Metric metric : sorted) {
            if (metric.name().kind() == MetricKind.GAUGE) {
                gauges.add(gauge(metric));
            } else {
                counters.add(counter(metric, uptime));
            }
        }
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Timestamp", Json.of(GO_TIME.format(now)));
        fields.put("Gauges", new Json.Elements(gauges));
        fields.put("Points", new Json.Elements(List.of()));
        fields.put("Counters", new Json.Elements(counters));
        fields.put("Samples", new Json.Elements(List.of()));
        return new Json.Fields(fields);
    }

    private static Json gauge(Metric metric) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Name", Json.of(metric.name().dotted()));
        fields.put("Value", number(metric.value()));
        fields.put("Labels", labels(metric));
        return new Json.Fields(fields);
    }

    private static Json counter(Metric metric, Duration uptime) {
        double seconds = uptime.toNanos() / NANOS_PER_SECOND;
        Json one = Json.of(metric.value() > 0 ? 1 : 0);
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Name", Json.of(metric.name().dotted()));
        fields.put("Count", number(metric.value()));
        fields.put("Rate", number(seconds > 0 ? metric.value() / seconds : 0));
        fields.put("Sum", number(metric.value()));
        fields.put("Min", one);
        fields.put("Max", one);
        fields.put("Mean", one);
        fields.put("Stddev", Json.of(0));
        fields.put("Labels", labels(metric));
        return new Json.Fields(fields);
    }

    private static Json labels(Metric metric) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (int i = 0; i < metric.labels().size(); i++) {
            labels.put(metric.name().labels().get(i), metric.labels().get(i));
        }
        return Json.of(labels);
    }

    private static Json number(double value) {
        return new Json.Numeral(PrometheusText.number(value));
    }
}
