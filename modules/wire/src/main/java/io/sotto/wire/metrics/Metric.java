package io.sotto.wire.metrics;

import java.util.List;

/**
 * The value of one metric at one moment. Immutable; safe to share between threads.
 *
 * <p>Source: ours.
 *
 * @param name which metric
 * @param labels the values of the metric's labels, in the order of {@link MetricName#labels}; each from a closed set, such
 *     as an enum or the names of the pools, never from what a peer sent, and never secret
 * @param value in the metric's unit
 */
public record Metric(MetricName name, List<String> labels, double value) {
    /** @throws IllegalArgumentException if there are more or fewer labels than the metric has, or the value is no number */
    public Metric {
        labels = List.copyOf(labels);
        if (labels.size() != name.labels().size()) {
            throw new IllegalArgumentException(name.dotted() + " has the labels " + name.labels() + ", not " + labels);
        }
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name.dotted() + " cannot be " + value);
        }
    }

    /** A whole number, exact up to 2^53. */
    public static Metric of(MetricName name, long value, String... labels) {
        return new Metric(name, List.of(labels), (double) value);
    }

    public static Metric of(MetricName name, double value, String... labels) {
        return new Metric(name, List.of(labels), value);
    }
}
