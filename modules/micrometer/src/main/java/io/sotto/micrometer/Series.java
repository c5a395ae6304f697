package io.sotto.micrometer;

import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricName;
import java.util.List;

/** One name with one value for each of its labels. */
record Series(MetricName name, List<String> labels) {
    Series {
        labels = List.copyOf(labels);
    }

    static Series of(Metric metric) {
        return new Series(metric.name(), metric.labels());
    }
}
