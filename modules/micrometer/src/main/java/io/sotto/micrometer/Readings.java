package io.sotto.micrometer;

import io.sotto.cluster.NodeMetrics;
import io.sotto.wire.metrics.Metric;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The last values read of a node, for as long as a registry takes to ask for each of them. For any thread. */
final class Readings {
    private static final long FRESH_NANOS = Duration.ofMillis(100).toNanos();

    private final NodeMetrics metrics;
    private final LongSupplier nanos;
    private Map<Series, Double> last = Map.of();
    private long readNanos;

    /** @param nanos a clock that only advances */
    Readings(NodeMetrics metrics, LongSupplier nanos) {
        this.metrics = metrics;
        this.nanos = nanos;
    }

    synchronized double value(Series series, double otherwise) {
        long now = nanos.getAsLong();
        if (last.isEmpty() || now - readNanos >= FRESH_NANOS) {
            Map<Series, Double> read = new HashMap<>();
            for (Metric metric : metrics.read()) {
                read.put(Series.of(metric), metric.value());
            }
            last = read;
            readNanos = now;
        }
        return last.getOrDefault(series, otherwise);
    }
}
