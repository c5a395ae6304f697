package io.sotto.membership;

import java.time.Duration;

/**
 * What a node asks of itself before it accuses another. Each part concerns only this node's own accusations and its own
 * timers: what is on the wire, and what the accusations of others lead to, stays as the real implementations have it.
 *
 * <p>Source: ours; Lifeguard, section IV, whose thought it carries on: a node that is slow itself must not blame others.
 *
 * @param lateAfter a timer that comes later than this shows that the process stood still; zero to look at no timer
 * @param grace fresh time for what waits in the sockets when the process goes on
 * @param deafAfter silence of everybody for this long shows that nothing reaches this node
 * @param patience how long failed probes that nobody testifies for are held against this node itself, before they are
 *     believed after all; zero to ask for no testimony
 * @param pingRepeats how often one probe repeats its ping to a target that is silent
 * @param surePercent share of the least suspicion time that is enough when this node is healthy, its helpers have
 *     testified, and as many others as are expected accuse too; 100 to wait as long as the real implementations
 */
public record Caution(
        Duration lateAfter, Duration grace, Duration deafAfter, Duration patience, int pingRepeats, int surePercent) {
    private static final int WHOLE_PERCENT = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Twice as coarse as the coarsest timers that carry a pool; what is later is no rounding. Source: ours. */
    private static final Duration LATE_AT_LEAST = Duration.ofMillis(100);

    public Caution {
        requireNotNegative("lateAfter", lateAfter);
        requireNotNegative("grace", grace);
        requireNotNegative("deafAfter", deafAfter);
        requireNotNegative("patience", patience);
        if (pingRepeats < 0) {
            throw new IllegalArgumentException("pingRepeats must be 0 or more, not " + pingRepeats);
        }
        if (surePercent < 1 || surePercent > WHOLE_PERCENT) {
            throw new IllegalArgumentException("surePercent must be 1 to 100, not " + surePercent);
        }
    }

    /** None of it: the real implementations' own behaviour, under which their vectors run. */
    public static Caution none() {
        return new Caution(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, WHOLE_PERCENT);
    }

    /** For protocol periods of this length. */
    static Caution of(Duration probeInterval, Duration probeTimeout) {
        Duration late = probeTimeout.dividedBy(2);
        return new Caution(
                late.compareTo(LATE_AT_LEAST) < 0 ? LATE_AT_LEAST : late,
                probeInterval.multipliedBy(2),
                probeInterval.multipliedBy(2),
                PATIENCE,
                3,
                75);
    }

    /** The same with what operators may choose. */
    public Caution with(Duration newPatience, int newPingRepeats, int newSurePercent) {
        return new Caution(lateAfter, grace, deafAfter, newPatience, newPingRepeats, newSurePercent);
    }

    /** Whether timers are compared with when they were due. */
    public boolean watchesTimers() {
        return !lateAfter.isZero();
    }

    /** Whether a failed probe needs somebody's testimony. */
    public boolean asksForTestimony() {
        return !patience.isZero();
    }

    /** Whether what may have been lost is said again: pings, and a refutation to who still accuses. */
    boolean repeats() {
        return pingRepeats > 0;
    }

    /** Whether a timer that was due {@code late} ago shows that the process stood still. */
    public boolean isLate(Duration late) {
        return watchesTimers() && late.compareTo(lateAfter) > 0;
    }

    private static void requireNotNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, not " + value);
        }
    }
}
