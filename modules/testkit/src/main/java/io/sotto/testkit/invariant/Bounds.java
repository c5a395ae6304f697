package io.sotto.testkit.invariant;

import io.sotto.membership.Formulas;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SwimSettings;
import java.time.Duration;

/**
 * How long things may take, computed from the settings of a pool and nothing else. Immutable.
 *
 * <p>Source: gossip specification, sections 10.7, 11, 12 and 17.3; each method says what it adds up. {@code
 * docs/internals/invariants.md} explains them.
 *
 * @param swim of every member
 * @param serf of every member
 * @param latency the longest way of a datagram on an undisturbed link
 */
public record Bounds(SwimSettings swim, SerfSettings serf, Duration latency) {
    /** Claims that fit into one datagram for certain: an alive with tags of a few words takes less than 200 bytes. */
    private static final int CLAIMS_PER_DATAGRAM = 5;

    /** Tries to reach a failed member of which one must have succeeded. */
    private static final int RECONNECTS = 24;

    /** Exchanges with random partners that must have reached everybody. */
    private static final int EXCHANGES = 12;

    /** From the start of a probe until its verdict is known, at the worst health; and a tick that passed meanwhile. */
    public Duration longestProbe() {
        return probe(swim.awarenessMaxMultiplier() - 1).plus(swim.probeInterval());
    }

    /** The least time that any suspect has. */
    public Duration leastSuspicion() {
        return Formulas.suspicionMin(swim.suspicionMult(), 1, swim.probeInterval());
    }

    /** The least time that a suspect has in a pool of this size. */
    public Duration suspicionMin(int poolSize) {
        return Formulas.suspicionMin(swim.suspicionMult(), poolSize, swim.probeInterval());
    }

    /** The most time that a suspect has in a pool of this size. */
    public Duration suspicionMax(int poolSize) {
        return suspicionMin(poolSize).multipliedBy(swim.suspicionMaxTimeoutMult());
    }

    /** Until a queue of {@code depth} messages is empty if none is added: each goes out its number of times. */
    public Duration drain(int poolSize, int depth) {
        int datagrams = (depth + CLAIMS_PER_DATAGRAM - 1) / CLAIMS_PER_DATAGRAM;
        return swim.gossipInterval().multipliedBy((long) transmissions(poolSize) * datagrams + 2);
    }

    /** Transmissions of one message. */
    public int transmissions(int poolSize) {
        return Math.max(1, Formulas.retransmitLimit(swim.retransmitMult(), poolSize));
    }

    /** Until news that one member has is known to all, each passing it on once it knows: doublings, and the queues. */
    public Duration dissemination(int poolSize) {
        int doublings = Integer.SIZE - Integer.numberOfLeadingZeros(poolSize);
        return drain(poolSize, poolSize)
                .plus(swim.gossipInterval().plus(latency).multipliedBy(doublings));
    }

    /** An accusation that came about now may go back to something that ended so long ago: one probe, and its news. */
    public Duration accusationWindow(int poolSize) {
        return longestProbe().plus(dissemination(poolSize));
    }

    /** A death declared now may go back to something that ended so long ago: a probe, the whole suspicion, the news. */
    public Duration deathWindow(int poolSize) {
        return accusationWindow(poolSize).plus(suspicionMax(poolSize)).plus(dissemination(poolSize));
    }

    /**
     * Until all know that members stopped, when nothing else is amiss: everybody probes everybody within two rounds; each
     * probe of a stopped member may cost two ticks and, at a bad health, more; by then everybody has accused them.
     *
     * @param stopped members that stopped and are not known to
     * @param healthScore the worst of those who probe
     */
    public Duration detection(int poolSize, int stopped, int healthScore) {
        Duration rounds = swim.probeInterval().multipliedBy(2L * poolSize);
        Duration failing = probe(healthScore).plus(swim.probeInterval()).multipliedBy(2L * stopped);
        return rounds.plus(failing).plus(suspicionMin(poolSize)).plus(dissemination(poolSize));
    }

    /**
     * Until all agree after everything has healed: members that stopped are found out; those that failed in each other's
     * eyes meet again, by one of many tries each of which may pick a member that is gone for good; what one knows reaches
     * all by exchanges; a name that was contested is free again; health recovers.
     */
    public Duration convergence(int poolSize, int stopped) {
        Duration exchange = Formulas.pushPullInterval(swim.pushPullInterval(), poolSize);
        return detection(poolSize, stopped, swim.awarenessMaxMultiplier() - 1)
                .plus(suspicionMax(poolSize))
                .plus(serf.reconnectInterval().multipliedBy(RECONNECTS))
                .plus(exchange.multipliedBy(EXCHANGES))
                .plus(swim.gossipToTheDeadTime().plus(swim.probeInterval().multipliedBy(2L * poolSize)))
                .plus(swim.probeInterval().multipliedBy(2L * swim.awarenessMaxMultiplier()));
    }

    private Duration probe(int healthScore) {
        return swim.probeInterval().multipliedBy(healthScore + 1L);
    }
}
