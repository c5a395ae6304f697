package io.sotto.testkit.invariant;

import io.sotto.gossip.CoordinatesView;
import io.sotto.gossip.GossipMetric;
import io.sotto.gossip.PoolState;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.metrics.Metric;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What one process has counted since it started, as far as invariants look at it.
 *
 * @param claimsQueued claims taken into the queue
 * @param claimsSent claims put into datagrams, once for each
 * @param intentsQueued join and leave intents taken into the queue
 * @param intentsSent intents put into datagrams, once for each
 * @param probesFailed probes that nobody answered
 * @param probesMissed probes that no datagram answered: a stream did, or the prober holds itself responsible
 * @param exchangesFailed push/pulls of its own that failed
 * @param actorFailures actors that failed, whatever became of them
 * @param packetsTo datagrams sent to an address
 * @param answerOf the network coordinate that came with a member's last direct answer, a new object each time
 */
public record Tally(
        long claimsQueued,
        long claimsSent,
        long intentsQueued,
        long intentsSent,
        long probesFailed,
        long probesMissed,
        long exchangesFailed,
        long actorFailures,
        ToLongFunction<NodeAddress> packetsTo,
        Function<String, Optional<?>> answerOf) {
    /** From all that a pool tells of itself. */
    public static Tally of(PoolState state, ToLongFunction<NodeAddress> packetsTo) {
        List<Metric> metrics = state.metrics();
        CoordinatesView coordinates = state.coordinates();
        return new Tally(
                sum(metrics, GossipMetric.BROADCASTS_QUEUED, "claim"),
                sum(metrics, GossipMetric.BROADCASTS_SENT, "claim"),
                sum(metrics, GossipMetric.BROADCASTS_QUEUED, "intent"),
                sum(metrics, GossipMetric.BROADCASTS_SENT, "intent"),
                sum(metrics, GossipMetric.PROBES, "failed"),
                sum(metrics, GossipMetric.PROBES, "stream-only") + sum(metrics, GossipMetric.PROBES, "excused-deaf"),
                sum(metrics, GossipMetric.PUSH_PULLS, "asked", "failed"),
                sum(metrics, GossipMetric.ACTORS_RESTARTED)
                        + sum(metrics, GossipMetric.ACTORS_RESUMED)
                        + sum(metrics, GossipMetric.ACTORS_STOPPED),
                packetsTo,
                coordinates::of);
    }

    /** Of all values of the metric whose labels are these, after the pool's name. */
    private static long sum(List<Metric> metrics, GossipMetric wanted, String... labels) {
        List<String> expected = List.of(labels);
        double sum = 0;
        for (Metric metric : metrics) {
            if (metric.name().equals(wanted.metric())
                    && (expected.isEmpty()
                            || metric.labels()
                                    .subList(1, metric.labels().size())
                                    .equals(expected))) {
                sum += metric.value();
            }
        }
        return (long) sum;
    }
}
