package io.sotto.agent.metrics;

import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricKind;
import io.sotto.wire.metrics.MetricName;
import io.sotto.wire.metrics.MetricUnit;
import java.util.Arrays;
import java.util.List;

/**
 * Every metric of the process that an agent runs in; {@link ProcessMetrics} reads them.
 *
 * <p>Source: ours. {@code docs/reference/metrics.md} is this table for operators.
 */
public enum AgentMetric {
    START_TIME(
            MetricKind.GAUGE,
            MetricUnit.SECONDS,
            "sotto.agent.start_time.seconds",
            "When the process started, in seconds since 1970"),
    UPTIME(MetricKind.GAUGE, MetricUnit.SECONDS, "sotto.agent.uptime.seconds", "How long the process has run"),
    CPU(
            MetricKind.COUNTER,
            MetricUnit.SECONDS,
            "sotto.agent.cpu.seconds",
            "Processor time that the process has used, by user and system together"),
    HEAP_USED(MetricKind.GAUGE, MetricUnit.BYTES, "sotto.agent.heap.used.bytes", "Heap in use, garbage included"),
    HEAP_COMMITTED(
            MetricKind.GAUGE,
            MetricUnit.BYTES,
            "sotto.agent.heap.committed.bytes",
            "Heap that the operating system has given to the process"),
    HEAP_MAX(
            MetricKind.GAUGE,
            MetricUnit.BYTES,
            "sotto.agent.heap.max.bytes",
            "The most that the heap may grow to; -1 if there is no bound"),
    HEAP_LIVE(
            MetricKind.GAUGE,
            MetricUnit.BYTES,
            "sotto.agent.heap.live.bytes",
            "Heap that was in use after the last garbage collection; 0 before the first"),
    NON_HEAP_USED(
            MetricKind.GAUGE,
            MetricUnit.BYTES,
            "sotto.agent.non_heap.used.bytes",
            "Memory of the JVM for classes and compiled code"),
    DIRECT_USED(
            MetricKind.GAUGE,
            MetricUnit.BYTES,
            "sotto.agent.direct.used.bytes",
            "Memory outside the heap that buffers of sockets and files take"),
    COLLECTIONS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.agent.gc.collections",
            "Garbage collections, by all collectors of the JVM"),
    COLLECTION_TIME(
            MetricKind.COUNTER, MetricUnit.SECONDS, "sotto.agent.gc.seconds", "Time that garbage collection took"),
    THREADS(MetricKind.GAUGE, MetricUnit.COUNT, "sotto.agent.threads", "Threads alive"),
    CLASSES(MetricKind.GAUGE, MetricUnit.COUNT, "sotto.agent.classes", "Classes loaded"),
    DESCRIPTORS(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.agent.descriptors.open",
            "File descriptors open, sockets included; -1 where the system does not tell"),
    DESCRIPTORS_MAX(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.agent.descriptors.max",
            "The most file descriptors that the process may open; -1 where the system does not tell");

    @SuppressWarnings("ImmutableEnumChecker") // A record of strings, enums, and an unmodifiable list.
    private final MetricName metric;

    AgentMetric(MetricKind kind, MetricUnit unit, String dotted, String meaning) {
        this.metric = new MetricName(dotted, kind, unit, List.of(), meaning);
    }

    public MetricName metric() {
        return metric;
    }

    /** All of them, in the order in which operators are shown them. */
    public static List<MetricName> catalogue() {
        return Arrays.stream(values()).map(AgentMetric::metric).toList();
    }

    Metric of(long value) {
        return Metric.of(metric, value);
    }

    Metric of(double value) {
        return Metric.of(metric, value);
    }
}
