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
        assertThat(value(a, GossipMetric.SEALS)).isGreaterThanOrEqualTo(value(a, GossipMetric.DATAGRAMS_SENT));
        assertThat(value(a, GossipMetric.SEALS_WITH_PRIMARY)).isEqualTo(value(a, GossipMetric.SEALS));
        assertThat(value(a, GossipMetric.CLOCK, "members")).isGreaterThan(1);
        assertThat(value(a, GossipMetric.REJECTIONS, "stream", Rejection.Reason.PLAINTEXT.label()))
                .isZero();
    }

    @Test
    void datagramsReceivedAreThoseAcceptedRejectedDroppedAndWaiting() throws InterruptedException {
        VirtualPools.Node a = rig.start("a", VirtualPools.keyed(KEY), PoolSettings.Joining.nobody());
        VirtualPools.Node b = rig.start("b", VirtualPools.keyed(KEY), PoolSettings.Joining.nobody());
        rig.join(b, a.target());
        rig.virtual.pass(Duration.ofSeconds(20));

        assertThat(value(a, GossipMetric.DATAGRAMS_ACCEPTED)).isPositive();
        assertThat(value(a, GossipMetric.DATAGRAMS_RECEIVED))
                .isEqualTo(value(a, GossipMetric.DATAGRAMS_ACCEPTED)
                        + sum(a, GossipMetric.DATAGRAMS_REJECTED)
                        + value(a, GossipMetric.DATAGRAMS_DROPPED)
                        + value(a, GossipMetric.DATAGRAMS_WAITING));
    }

    @Test
    void probesPushPullsAndNewsAreCounted() throws InterruptedException {
        VirtualPools.Node a = rig.start("a");
        VirtualPools.Node b = rig.start("b");
        rig.join(b, a.target());
        rig.virtual.pass(Duration.ofMinutes(3));

        assertThat(value(a, GossipMetric.PROBES, "direct")).isGreaterThan(100);
        assertThat(value(a, GossipMetric.PROBES, "failed")).isZero();
        assertThat(value(a, GossipMetric.PUSH_PULLS, "served", "merged")).isPositive();
        assertThat(value(b, GossipMetric.PUSH_PULLS, "asked", "merged")).isPositive();
        assertThat(value(b, GossipMetric.PUSH_PULLS, "asked", "failed")).isZero();
        assertThat(value(a, GossipMetric.EVENTS, "joined")).isEqualTo(2);
        assertThat(value(a, GossipMetric.BROADCASTS_QUEUED, "claim")).isPositive();
        assertThat(value(a, GossipMetric.BROADCASTS_SENT, "claim")).isPositive();
        assertThat(value(b, GossipMetric.BROADCASTS_QUEUED, "intent")).isPositive();
        assertThat(value(b, GossipMetric.BROADCASTS_SENT, "intent")).isPositive();
    }

    @Test
    void suspicionsFailuresAndRefutationsAreCounted() throws InterruptedException {
        VirtualPools.Node a = rig.start("a");
        VirtualPools.Node b = rig.start("b");
        rig.join(b, a.target());
        rig.virtual.expectWarning("Refuting a");
        // A probe under way when the cut heals: its ping was lost, its stream gets through.
        rig.virtual.tolerateWarning("over TCP but UDP probes failed");

        rig.cutOff(b);
        rig.virtual.passUntil(
                "a suspicion", () -> value(a, GossipMetric.MEMBERS_SUSPECTED) == 1, Duration.ofSeconds(4));
        assertThat(value(a, GossipMetric.SUSPICIONS)).isEqualTo(1);
        assertThat(value(a, GossipMetric.PROBES, "failed")).isPositive();
        rig.virtual.passUntil("a failure", () -> value(a, GossipMetric.MEMBERS, "failed") == 1, Duration.ofSeconds(10));
        assertThat(value(a, GossipMetric.EVENTS, "failed")).isEqualTo(1);
        assertThat(value(a, GossipMetric.MEMBERS_SUSPECTED)).isZero();
        rig.heal();
        rig.virtual.passUntil("the heal", () -> value(a, GossipMetric.MEMBERS, "failed") == 0, Duration.ofSeconds(65));

        rig.virtual.pass(Duration.ofSeconds(10));
        assertThat(value(a, GossipMetric.REFUTATIONS) + value(b, GossipMetric.REFUTATIONS))
                .isPositive();
    }

    @Test
    void aRunningPoolHasOneOfEachActorAndOneForEachOtherMember() throws InterruptedException {
        VirtualPools.Node a = rig.start("a");
        VirtualPools.Node b = rig.start("b");
        rig.join(b, a.target());

        for (String kind :
                List.of("pool", "keyring", "transport", "broadcasts", "members", "local", "probes", "sync", "remote")) {
            assertThat(value(a, GossipMetric.ACTORS_LIVE, kind)).as(kind).isEqualTo(1);
        }
        assertThat(value(a, GossipMetric.ACTORS_LIVE, "retry-join")).isZero();
        assertThat(sum(a, GossipMetric.ACTORS_RESTARTED)
                        + sum(a, GossipMetric.ACTORS_RESUMED)
                        + sum(a, GossipMetric.ACTORS_STOPPED))
                .isZero();
    }

    @Test
    void aLostSocketIsARestartOfTheTransport() throws InterruptedException {
        VirtualPools.Node a = rig.start("a");
        rig.started(a);
        rig.virtual.expectWarning("network is down");

        rig.sockets.breakSocket(a.address());
        rig.virtual.settle();
        assertThat(value(a, GossipMetric.ACTORS_LIVE, "transport")).isZero();
        rig.virtual.pass(Duration.ofSeconds(1));

        assertThat(value(a, GossipMetric.ACTORS_LIVE, "transport")).isEqualTo(1);
        assertThat(sum(a, GossipMetric.ACTORS_RESTARTED)).isEqualTo(1);
    }

    @Test
    void whatIsSentWhileTheSocketIsLostCountsAsDropped() throws InterruptedException {
        VirtualPools.Node a = rig.start("a");
        VirtualPools.Node b = rig.start("b");
        rig.join(b, a.target());
        rig.virtual.expectWarning("network is down");
        rig.virtual.tolerateWarning("memberlist: ");

        rig.sockets.down(true);
        rig.sockets.breakSocket(a.address());
        rig.virtual.settle();
        rig.virtual.pass(Duration.ofSeconds(5));

        assertThat(value(a, GossipMetric.OUTBOX_DROPPED)).isPositive();
        assertThat(value(a, GossipMetric.ACTORS_LIVE, "transport")).isZero();
    }

    private static double sum(VirtualPools.Node node, GossipMetric metric) {
        return node.state().metrics().stream()
                .filter(read -> read.name().equals(metric.metric()))
                .mapToDouble(Metric::value)
                .sum();
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
