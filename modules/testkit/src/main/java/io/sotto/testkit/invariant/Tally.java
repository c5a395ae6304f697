package io.sotto.testkit.invariant;

import io.sotto.gossip.GossipMetric;
import io.sotto.wire.metrics.Metric;
import java.util.List;

/**
 * What one process has counted since it started, as far as invariants look at it.
 *
 * @param claimsQueued claims taken into the queue
 * @param claimsSent claims put into datagrams, once for each
 * @param intentsQueued join and leave intents taken into the queue
 * @param intentsSent intents put into datagrams, once for each
 * @param probesFailed probes that nobody answered
 * @param exchangesFailed push/pulls of its own that failed
 * @param actorFailures actors that failed, whatever became of them
 */
public record Tally(
        long claimsQueued,
        long claimsSent,
        long intentsQueued,
        long intentsSent,
        long probesFailed,
        long exchangesFailed,
        long actorFailures) {
    /** From all metrics of a pool. */
    public static Tally of(List<Metric> metrics) {
        return new Tally(
                sum(metrics, GossipMetric.BROADCASTS_QUEUED, "claim"),
                sum(metrics, GossipMetric.BROADCASTS_SENT, "claim"),
                sum(metrics, GossipMetric.BROADCASTS_QUEUED, "intent"),
                sum(metrics, GossipMetric.BROADCASTS_SENT, "intent"),
                sum(metrics, GossipMetric.PROBES, "failed"),
                sum(metrics, GossipMetric.PUSH_PULLS, "asked", "failed"),
                sum(metrics, GossipMetric.ACTORS_RESTARTED)
                        + sum(metrics, GossipMetric.ACTORS_RESUMED)
                        + sum(metrics, GossipMetric.ACTORS_STOPPED));
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
