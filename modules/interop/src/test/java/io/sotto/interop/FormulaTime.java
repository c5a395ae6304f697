package io.sotto.interop;

import java.time.Duration;

/**
 * How long things take in a LAN pool by the formulas of the gossip specification, and the bounds that tests wait for.
 *
 * <p>Source: gossip specification, sections 11.1, 11.4, 15 and 17.3, computed here on their own and not by the code under
 * test.
 */
final class FormulaTime {
    /** A test waits this many times the formulas' time before it calls something missing. */
    private static final int PATIENCE = 3;

    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(1);
    private static final int SUSPICION_MULT = 4;
    /** Within which a member has exchanged full state: a random wait of up to one push/pull interval, and the interval. */
    private static final Duration ANTI_ENTROPY = Duration.ofSeconds(30).multipliedBy(2);
    /** The longest that a piece of news may wait to have been sent often enough: Serf's BroadcastTimeout. */
    private static final Duration BROADCAST = Duration.ofSeconds(5);
    /** What a leave may take: two broadcasts, and Consul's propagation delay of 3 s. */
    private static final Duration LEAVE = BROADCAST.multipliedBy(2).plusSeconds(3);

    private FormulaTime() {}

    /**
     * Bound for "all see it as failed": each member's round over all others finds it silent, one interval for the probe that
     * does, and the suspicion time, at its minimum since the round brings more accusers than it takes.
     */
    static Duration failureBound(int nodes) {
        double logarithm = Math.max(1, Math.log10(nodes));
        Duration suspicion = Duration.ofMillis((long) (SUSPICION_MULT * logarithm * PROBE_INTERVAL.toMillis()));
        Duration round = PROBE_INTERVAL.multipliedBy(nodes - 1L);
        return round.plus(PROBE_INTERVAL).plus(suspicion).multipliedBy(PATIENCE);
    }

    /**
     * Bound for "all see it as left", counted from the verb: what a leave may take, and the exchange of full state that tells
     * whoever gossip missed.
     */
    static Duration leaveBound() {
        return LEAVE.plus(ANTI_ENTROPY);
    }

    /**
     * Bound for "all see it as alive", counted from when it answers. Gossip nearly always takes a fraction of a second, but
     * in a pool of six a piece of news is sent four times by each member and misses somebody in a few cases of a hundred,
     * real members and ours alike; then only the exchange of full state brings it.
     */
    static Duration joinBound() {
        return ANTI_ENTROPY.plus(BROADCAST.multipliedBy(PATIENCE));
    }
}
