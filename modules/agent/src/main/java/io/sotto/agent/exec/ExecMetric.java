package io.sotto.agent.exec;

import io.sotto.wire.metrics.MetricKind;
import io.sotto.wire.metrics.MetricName;
import io.sotto.wire.metrics.MetricUnit;
import java.util.Arrays;
import java.util.List;

/**
 * Every metric of the commands that others run here; {@link ExecCounts} reads them.
 *
 * <p>Source: ours. {@code docs/reference/metrics.md} is this table for operators.
 */
public enum ExecMetric {
    JOBS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.agent.exec.jobs",
            "Requests of others to run a command here, by what came of them",
            "outcome"),
    RUNNING(MetricKind.GAUGE, MetricUnit.COUNT, "sotto.agent.exec.running", "Commands of others under way"),
    OUTPUT(
            MetricKind.COUNTER,
            MetricUnit.BYTES,
            "sotto.agent.exec.output.bytes",
            "Output of such commands that was passed on"),
    DROPPED(
            MetricKind.COUNTER,
            MetricUnit.BYTES,
            "sotto.agent.exec.dropped.bytes",
            "Output of such commands that was left out, because it was more than may be");

    @SuppressWarnings("ImmutableEnumChecker") // A record of strings, enums, and an unmodifiable list.
    private final MetricName metric;

    ExecMetric(MetricKind kind, MetricUnit unit, String dotted, String meaning, String... labels) {
        this.metric = new MetricName(dotted, kind, unit, List.of(labels), meaning);
    }

    public MetricName metric() {
        return metric;
    }

    /** All of them, in the order of the documents. */
    public static List<MetricName> catalogue() {
        return Arrays.stream(values()).map(ExecMetric::metric).toList();
    }
}
