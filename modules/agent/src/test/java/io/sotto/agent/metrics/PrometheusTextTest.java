package io.sotto.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.gossip.GossipMetric;
import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricName;
import io.sotto.wire.metrics.MetricUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PrometheusTextTest {
    private static final MetricName GAUGE = MetricName.gauge("sotto.test.gauge", MetricUnit.COUNT, "A gauge", "pool");
    private static final MetricName COUNTER =
            MetricName.counter("sotto.test.sent.bytes", MetricUnit.BYTES, "A counter", "pool", "reason");

    @Test
    void aFamilyHasItsHelpAndTypeOnceAndThenItsValues() {
        String text = PrometheusText.of(List.of(
                Metric.of(COUNTER, 7, "lan", "rate"),
                Metric.of(GAUGE, 2, "lan"),
                Metric.of(COUNTER, 9, "wan", "rate")));

        assertThat(text).isEqualTo("""
                # HELP sotto_test_gauge A gauge
                # TYPE sotto_test_gauge gauge
                sotto_test_gauge{pool="lan"} 2
                # HELP sotto_test_sent_bytes_total A counter
                # TYPE sotto_test_sent_bytes_total counter
                sotto_test_sent_bytes_total{pool="lan",reason="rate"} 7
                sotto_test_sent_bytes_total{pool="wan",reason="rate"} 9
                """);
        assertThat(PrometheusParser.parse(text)).hasSize(2);
    }

    @Test
    void whatWouldEndALabelOrALineIsEscaped() {
        MetricName odd = MetricName.gauge("sotto.test.odd", MetricUnit.COUNT, "a \\ and\na \"line\"", "pool");
        String value = "back\\slash \"quoted\"\nnew line, comma}";

        var families = PrometheusParser.parse(PrometheusText.of(List.of(Metric.of(odd, 1, value))));
        var family = families.values().iterator().next();

        assertThat(families).containsOnlyKeys("sotto_test_odd");
        assertThat(family.help()).isEqualTo("a \\ and\na \"line\"");
        assertThat(family.samples()).containsExactly(new PrometheusParser.Sample(Map.of("pool", value), 1));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "3, 3",
        "-1, -1",
        "0.5, 0.5",
        "1795500680.25, 1795500680.25",
        "9007199254740992, 9007199254740992"
    })
    void numbersAreWrittenWithoutAnExponent(double value, String text) {
        assertThat(PrometheusText.number(value)).isEqualTo(text);
    }

    @Test
    void everyEntryOfEveryCatalogueHasANameOfItsOwnThatAStrictReaderTakes() {
        List<MetricName> all = Stream.concat(GossipMetric.catalogue().stream(), AgentMetric.catalogue().stream())
                .toList();
        List<Metric> metrics = all.stream()
                .map(name -> new Metric(
                        name, name.labels().stream().map(label -> "x").toList(), 1))
                .toList();

        var families = PrometheusParser.parse(PrometheusText.of(metrics));

        assertThat(families).hasSameSizeAs(all);
        assertThat(List.copyOf(families.keySet())).isSorted().allMatch(name -> name.startsWith("sotto_"));
        assertThat(families.values()).extracting(PrometheusParser.Family::help).doesNotContain("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sotto_a 1\n",
                "# HELP sotto_a x\nsotto_a 1\n",
                "# HELP sotto_a x\n# TYPE sotto_a gauge\n",
                "# HELP sotto_a x\n# TYPE sotto_a gauge\nsotto_a 1",
                "# HELP sotto_a x\n# TYPE sotto_a gauge\nsotto_b 1\n",
                "# HELP sotto_a x\n# TYPE sotto_a counter\nsotto_a 1\n",
                "# HELP sotto_a x\n# TYPE sotto_a gauge\nsotto_a{p=\"1\",} 1\n",
                "# HELP sotto_a x\n# TYPE sotto_a gauge\nsotto_a{p=\"1\",p=\"2\"} 1\n",
                "# HELP sotto_a x\n# TYPE sotto_a gauge\nsotto_a{p=\"a\\x\"} 1\n",
                "# HELP sotto_a x\n# TYPE sotto_a gauge\nsotto_a 1\nsotto_a 2\n",
                "# HELP sotto_a x\n# TYPE sotto_a gauge\nsotto_a 1\n# HELP sotto_a x\n# TYPE sotto_a gauge\nsotto_a{p=\"1\"} 1\n",
                "# HELP sotto-a x\n# TYPE sotto-a gauge\nsotto-a 1\n"
            })
    void theReaderOfTheseTestsIsStrict(String text) {
        assertThatThrownBy(() -> PrometheusParser.parse(text)).isInstanceOf(AssertionError.class);
    }
}
