package io.sotto.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricName;
import io.sotto.wire.metrics.MetricUnit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConsulMetricsTest {
    private static final MetricName GAUGE = MetricName.gauge("sotto.test.gauge", MetricUnit.COUNT, "A gauge", "pool");
    private static final MetricName COUNTER =
            MetricName.counter("sotto.test.counter", MetricUnit.COUNT, "A counter", "pool");
    private static final MetricName EARLIER = MetricName.counter("sotto.test.a", MetricUnit.COUNT, "A counter");

    @Test
    void gaugesAndCountersHaveConsulsFieldsInConsulsOrder() {
        String text = ConsulMetrics.of(
                        List.of(
                                Metric.of(COUNTER, 30, "lan"),
                                Metric.of(GAUGE, 1.5, "lan"),
                                Metric.of(EARLIER, 0),
                                Metric.of(GAUGE, 4, "wan")),
                        Instant.parse("2026-11-22T06:31:20Z"),
                        Duration.ofSeconds(60))
                .compact();

        assertThat(text)
                .isEqualTo("{\"Timestamp\":\"2026-11-22 06:31:20 +0000 UTC\",\"Gauges\":["
                        + "{\"Name\":\"sotto.test.gauge\",\"Value\":1.5,\"Labels\":{\"pool\":\"lan\"}},"
                        + "{\"Name\":\"sotto.test.gauge\",\"Value\":4,\"Labels\":{\"pool\":\"wan\"}}],"
                        + "\"Points\":[],\"Counters\":["
                        + "{\"Name\":\"sotto.test.a\",\"Count\":0,\"Rate\":0,\"Sum\":0,\"Min\":0,\"Max\":0,\"Mean\":0,"
                        + "\"Stddev\":0,\"Labels\":{}},"
                        + "{\"Name\":\"sotto.test.counter\",\"Count\":30,\"Rate\":0.5,\"Sum\":30,\"Min\":1,\"Max\":1,"
                        + "\"Mean\":1,\"Stddev\":0,\"Labels\":{\"pool\":\"lan\"}}],\"Samples\":[]}");
    }

    @Test
    void aRateBeforeTheFirstMillisecondIsZero() {
        assertThat(ConsulMetrics.of(List.of(Metric.of(COUNTER, 5, "lan")), Instant.EPOCH, Duration.ZERO)
                        .compact())
                .contains("\"Rate\":0,");
    }
}
