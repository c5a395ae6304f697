package io.sotto.gossip;

import io.sotto.gossip.datapath.DatapathCounters;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeState;
import io.sotto.wire.Rejection;
import io.sotto.wire.metrics.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads every {@link GossipMetric} from what a pool publishes. It asks nobody, takes no lock on the way of a packet, and
 * reads each counter once; counters that belong together may be some packets apart. Any thread.
 */
final class PoolMetrics {
    private final String pool;
    private final PoolState state;
    private final List<Metric> metrics = new ArrayList<>();

    private PoolMetrics(String pool, PoolState state) {
        this.pool = pool;
        this.state = state;
    }

    /** One value, or one for each of its labels, for every entry of the catalogue. */
    static List<Metric> read(String pool, PoolState state) {
        PoolMetrics reader = new PoolMetrics(pool, state);
        reader.datagrams();
        reader.rejections();
        reader.members();
        reader.news();
        reader.keys();
        return List.copyOf(reader.metrics);
    }

    private void datagrams() {
        DatapathCounters traffic = state.traffic();
        add(GossipMetric.DATAGRAMS_RECEIVED, traffic.received());
        add(GossipMetric.DATAGRAMS_RECEIVED_BYTES, traffic.receivedBytes());
        add(GossipMetric.DATAGRAMS_DROPPED, traffic.inboundDropped());
        add(GossipMetric.DATAGRAMS_SENT, traffic.sent());
        add(GossipMetric.DATAGRAMS_SENT_BYTES, traffic.sentBytes());
        add(GossipMetric.OUTBOX_DROPPED, traffic.outboundDropped());
        add(GossipMetric.OUTBOX_FAILED, traffic.outboundFailed());
    }

    private void rejections() {
        for (Rejection.Reason reason : Rejection.Reason.values()) {
            add(GossipMetric.REJECTIONS, state.rejections().count(reason), reason.label());
        }
    }

    private void members() {
        MembersView view = state.members();
        for (SerfStatus status : SerfStatus.values()) {
            if (status != SerfStatus.NONE) {
                add(
                        GossipMetric.MEMBERS,
                        view.records().stream()
                                .filter(record -> record.status() == status)
                                .count(),
                        status.name().toLowerCase(Locale.ROOT));
            }
        }
        add(
                GossipMetric.MEMBERS_SUSPECTED,
                view.records().stream().filter(PoolMetrics::isSuspected).count());
        add(GossipMetric.HEALTH_SCORE, view.healthScore());
        add(GossipMetric.CLOCK, view.clocks().members(), "members");
        add(GossipMetric.CLOCK, view.clocks().events(), "events");
        add(GossipMetric.CLOCK, view.clocks().queries(), "queries");
    }

    private static boolean isSuspected(MemberRecord record) {
        return record.pooled() && record.state() == NodeState.SUSPECT;
    }

    private void news() {
        add(GossipMetric.BROADCASTS_WAITING, state.queues().claims(), "claims");
        add(GossipMetric.BROADCASTS_WAITING, state.queues().intents(), "intents");
    }

    private void keys() {
        add(GossipMetric.KEYS, state.policy().ring().keys().size());
    }

    private void add(GossipMetric metric, long value, String... labels) {
        metrics.add(metric.of(pool, value, labels));
    }
}
