package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Rejection;
import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricName;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What two pools over a network in memory count of each other. */
class PoolMetricsTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODw==";

    private VirtualPools rig;

    @BeforeEach
    void setUp() throws InterruptedException {
        rig = new VirtualPools();
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    @Test
    void everyEntryOfTheCatalogueIsReadInItsOrder() throws InterruptedException {
        VirtualPools.Node a = rig.start("a");

        assertThat(a.state().metrics().stream().map(Metric::name).distinct()).isEqualTo(GossipMetric.catalogue());
    }

    @Test
    void noValueIsGivenTwice() throws InterruptedException {
        VirtualPools.Node a = rig.start("a");

        assertThat(a.state().metrics().stream().map(metric -> metric.name().dotted() + metric.labels()))
                .doesNotHaveDuplicates();
    }

    @Test
    void namesAreUnique() {
        assertThat(GossipMetric.catalogue()).extracting(MetricName::dotted).doesNotHaveDuplicates();
    }

    @Test
    void datagramsMembersAndKeysOfARunningPoolAreCounted() throws InterruptedException {
        VirtualPools.Node a = rig.start("a", VirtualPools.keyed(KEY), PoolSettings.Joining.nobody());
        VirtualPools.Node b = rig.start("b", VirtualPools.keyed(KEY), PoolSettings.Joining.nobody());
        rig.join(b, a.target());
        rig.virtual.pass(Duration.ofSeconds(20));

        assertThat(value(a, GossipMetric.DATAGRAMS_RECEIVED)).isPositive();
        assertThat(value(a, GossipMetric.DATAGRAMS_SENT)).isPositive();
        assertThat(value(a, GossipMetric.DATAGRAMS_SENT_BYTES)).isGreaterThan(value(a, GossipMetric.DATAGRAMS_SENT));
        assertThat(value(a, GossipMetric.MEMBERS, "alive")).isEqualTo(2);
        assertThat(value(a, GossipMetric.MEMBERS, "failed")).isZero();
        assertThat(value(a, GossipMetric.KEYS)).isEqualTo(1);
        assertThat(value(a, GossipMetric.CLOCK, "members")).isGreaterThan(1);
        assertThat(value(a, GossipMetric.REJECTIONS, Rejection.Reason.PLAINTEXT.label()))
                .isZero();
    }

    private static double value(VirtualPools.Node node, GossipMetric metric, String... labels) {
        List<Double> found = node.state().metrics().stream()
                .filter(read -> read.equals(metric.of(read.labels().get(0), (long) read.value(), labels)))
                .map(Metric::value)
                .toList();
        assertThat(found).as(metric + List.of(labels).toString()).hasSize(1);
        return found.get(0);
    }
}
