package io.sotto.wire.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MetricNameTest {
    private static final MetricName REJECTED =
            MetricName.counter("sotto.test.rejected", MetricUnit.COUNT, "Refused", "pool", "reason");

    @Test
    void keepsItsLabelsInOrder() {
        assertThat(REJECTED.labels()).containsExactly("pool", "reason");
        assertThat(REJECTED.kind()).isEqualTo(MetricKind.COUNTER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sotto",
                "sotto.gossip",
                "other.gossip.members",
                "sotto..members",
                "sotto.gossip.Members",
                "sotto.gossip.push-pulls",
                "sotto.gossip.9",
                "sotto.gossip.members."
            })
    void refusesANameThatIsNotDottedLowerCase(String name) {
        assertThatThrownBy(() -> MetricName.gauge(name, MetricUnit.COUNT, "Something"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNameEndsInItsUnit() {
        assertThatThrownBy(() -> MetricName.gauge("sotto.test.heap", MetricUnit.BYTES, "Something"))
                .hasMessageContaining("bytes");
        assertThat(MetricName.gauge("sotto.test.heap.bytes", MetricUnit.BYTES, "Something")
                        .dotted())
                .isEqualTo("sotto.test.heap.bytes");
    }

    @Test
    void refusesALabelThatIsNoWordOrComesTwice() {
        assertThatThrownBy(() -> MetricName.gauge("sotto.test.a", MetricUnit.COUNT, "Something", "the-pool"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MetricName.gauge("sotto.test.a", MetricUnit.COUNT, "Something", "pool", "pool"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aValueHasExactlyTheLabelsOfItsName() {
        assertThat(Metric.of(REJECTED, 3, "lan", "rate").labels()).isEqualTo(List.of("lan", "rate"));
        assertThatThrownBy(() -> Metric.of(REJECTED, 3, "lan")).isInstanceOf(IllegalArgumentException.class);
    }
}
