package io.sotto.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.metrics.Metric;
import org.junit.jupiter.api.Test;

final class ProcessMetricsTest {
    @Test
    void everyEntryOfTheCatalogueIsReadInItsOrder() {
        assertThat(ProcessMetrics.read()).extracting(Metric::name).isEqualTo(AgentMetric.catalogue());
    }

    @Test
    void theFiguresAreThoseOfThisProcess() {
        assertThat(value(AgentMetric.START_TIME) + value(AgentMetric.UPTIME))
                .isBetween(1e9, (double) System.currentTimeMillis() / 1000 + 1);
        assertThat(value(AgentMetric.CPU)).isPositive();
        assertThat(value(AgentMetric.HEAP_USED)).isBetween(1e6, value(AgentMetric.HEAP_COMMITTED));
        assertThat(value(AgentMetric.THREADS)).isGreaterThanOrEqualTo(Thread.activeCount());
        assertThat(value(AgentMetric.CLASSES)).isGreaterThan(100);
    }

    @Test
    void descriptorsAreCountedAndBounded() {
        assertThat(value(AgentMetric.DESCRIPTORS)).isBetween(3.0, value(AgentMetric.DESCRIPTORS_MAX));
    }

    @Test
    void whatACollectionLeftIsKnownAfterOne() {
        System.gc();

        assertThat(value(AgentMetric.COLLECTIONS)).isPositive();
        assertThat(value(AgentMetric.HEAP_LIVE)).isPositive();
    }

    private static double value(AgentMetric metric) {
        return ProcessMetrics.read().stream()
                .filter(read -> read.name().equals(metric.metric()))
                .mapToDouble(Metric::value)
                .sum();
    }
}
