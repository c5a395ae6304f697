package io.sotto.cluster;

import java.util.Map;

/**
 * Figures of one pool for operators, as {@code info} prints them.
 *
 * @param members all members listed, this node and those that are gone included
 * @param failed members that no longer answer
 * @param left members that left
 * @param healthScore 0 is healthy, 7 the worst: how much this node distrusts its own verdicts (Lifeguard)
 * @param memberTime the Lamport clock of join and leave intents
 * @param eventTime the Lamport clock of user events
 * @param queryTime the Lamport clock of queries
 * @param intentQueue join and leave intents waiting to be gossiped
 * @param eventQueue user events waiting to be gossiped
 * @param queryQueue queries waiting to be gossiped
 * @param broadcastQueue claims about members waiting to be gossiped
 * @param encrypted whether a key is on the ring
 * @param rejected refused input by reason
 */
public record PoolStats(
        int members,
        int failed,
        int left,
        int healthScore,
        long memberTime,
        long eventTime,
        long queryTime,
        int intentQueue,
        int eventQueue,
        int queryQueue,
        int broadcastQueue,
        boolean encrypted,
        Map<String, Long> rejected) {
    public PoolStats {
        rejected = Map.copyOf(rejected);
    }
}
