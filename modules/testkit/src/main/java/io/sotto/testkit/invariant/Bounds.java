package io.sotto.testkit.invariant;

import io.sotto.membership.Claims;
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
 * @param claims the rule by which all members judge claims
 */
public record Bounds(SwimSettings swim, SerfSettings serf, Duration latency, Claims claims) {
    /** Claims that fit into one datagram for certain: an alive with tags of a few words takes less than 200 bytes. */
    private static final int CLAIMS_PER_DATAGRAM = 5;

    /** Tries to reach a failed member of which one must have succeeded. */
    private static final int RECONNECTS = 24;

    /** Exchanges with random partners that must have reached everybody. */
    private static final int EXCHANGES = 12;

    /** Three rounds of pings, each looked at within a tick of 25 ms. */
    private static final Duration PROOF_TICKS = Duration.ofMillis(100);

    /** From the start of a probe until its verdict is known, at the worst health, and a tick that passed meanwhile. */
    public Duration longestProbe() {
        return probe(swim.awarenessMaxMultiplier() - 1)
                .plus(swim.probeInterval().multipliedBy(2));
    }

    /** The least time that any suspect has. */
    public Duration leastSuspicion() {
        return Formulas.suspicionMin(swim.suspicionMult(), 1, swim.probeInterval());
    }

    /** The least time that a suspect has in a pool of this size. */
    public Duration suspicionMin(int poolSize) {
        return Formulas.suspicionMin(swim.suspicionMult(), poolSize, swim.probeInterval());
    }

    /** The most time that a suspect has in a pool of this size, with what a node adds that could not hear for a while. */
    public Duration suspicionMax(int poolSize) {
        return suspicionMin(poolSize)
                .multipliedBy(swim.suspicionMaxTimeoutMult())
                .plus(swim.caution().grace().multipliedBy(2))
                .plus(swim.caution().deafAfter());
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

    /**
     * Where claims are guarded, until the pings that a told death leads to have gone unanswered, and their ticks; elsewhere a
     * told death counts at once.
     */
    public Duration proof() {
        return switch (claims) {
            case GUARDED -> swim.probeInterval().plus(PROOF_TICKS);
            case UPSTREAM -> Duration.ZERO;
        };
    }

    /** An accusation that came about now may go back to something that ended so long ago: one probe, and its news. */
    public Duration accusationWindow(int poolSize) {
        return longestProbe().plus(dissemination(poolSize));
    }

    /**
     * A death declared now may go back to something that ended so long ago: whoever has been undisturbed for longer has
     * been probed by one of those who suspect it, who tell it so, and its refutation has spread.
     */
    public Duration deathWindow(int poolSize) {
        return rounds(poolSize, 1, 0).plus(dissemination(poolSize).multipliedBy(2));
    }

    /**
     * Until all know of one member that stopped, when nothing else is amiss: everybody probes it within two rounds, a probe
     * of it may cost two ticks and, at a bad health, more; by then all have accused it.
     *
     * @param healthScore the worst of those who probe
     */
    public Duration detection(int poolSize, int healthScore) {
        return rounds(poolSize, 1, healthScore).plus(suspicionMin(poolSize)).plus(dissemination(poolSize));
    }

    /**
     * Until all know of all who stopped, when nothing else is amiss any more: as {@link #detection}, but each may be the last
     * to suspect, so that nobody confirms it; and where those are among the stopped who could testify, failed probes are
     * held against the prober itself for a while.
     *
     * @param stopped members that have stopped
     * @param healthScore the worst of those who probe
     */
    public Duration lateDetection(int poolSize, int stopped, int healthScore) {
        return rounds(poolSize, stopped, healthScore)
                .plus(stopped > 1 ? swim.caution().patience() : Duration.ZERO)
                .plus(suspicionMax(poolSize))
                .plus(dissemination(poolSize));
    }

    /**
     * Until all agree after everything has healed: members that stopped are found out; those that failed in each other's
     * eyes meet again, by one of many tries each of which may pick a member that is gone for good; what one knows reaches
     * all by exchanges; a name that was contested is free again; health recovers.
     */
    public Duration convergence(int poolSize, int stopped) {
        Duration exchange = Formulas.pushPullInterval(swim.pushPullInterval(), poolSize);
        return lateDetection(poolSize, Math.max(2, stopped), swim.awarenessMaxMultiplier() - 1)
                .plus(suspicionMax(poolSize))
                .plus(serf.reconnectInterval().multipliedBy(RECONNECTS))
                .plus(exchange.multipliedBy(EXCHANGES))
                .plus(swim.gossipToTheDeadTime().plus(swim.probeInterval().multipliedBy(2L * poolSize)))
                .plus(swim.probeInterval().multipliedBy(2L * swim.awarenessMaxMultiplier()));
    }

    /** Within which everybody has probed everybody at least once, when all answer: two rounds, of which one may begin late. */
    public Duration turns(int poolSize) {
        return swim.probeInterval().multipliedBy(2L * poolSize);
    }

    private Duration rounds(int poolSize, int stopped, int healthScore) {
        return swim.probeInterval()
                .multipliedBy(2L * poolSize)
                .plus(probe(healthScore).plus(swim.probeInterval()).multipliedBy(2L * stopped));
    }

    private Duration probe(int healthScore) {
        return swim.probeInterval().multipliedBy(healthScore + 1L);
    }
}
