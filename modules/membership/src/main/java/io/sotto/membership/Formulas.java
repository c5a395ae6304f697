package io.sotto.membership;

import java.time.Duration;

/**
 * The protocol's formulas, with the real systems' truncations. Stateless.
 *
 * <p>Source: gossip specification, sections 11.4, 12.1 and 13.
 */
public final class Formulas {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int SURE_AFTER_PERIODS = 4;
    private static final int UNSCALED_PUSH_PULL = 32;
    private static final int UNSCALED_PUSH_PULL_LOG2 = 5;

    private Formulas() {}

    /** The least time that a suspect has in a pool of {@code poolSize}. */
    public static Duration suspicionMin(int suspicionMult, int poolSize, Duration probeInterval) {
        double scale = Math.max(1.0, Math.log10(Math.max(1.0, poolSize)));
        long scaleInThousandths = (long) (scale * 1000);
        return probeInterval
                .multipliedBy(suspicionMult)
                .multipliedBy(scaleInThousandths)
                .dividedBy(1000);
    }

    /**
     * The least time that a suspect has where this node is sure: a share of {@code min}, but never less than four protocol
     * periods, which a member that stands still for four seconds needs. Source: ours.
     */
    static Duration sureSuspicionMin(SwimSettings settings, Duration min) {
        Duration share = min.multipliedBy(settings.caution().surePercent()).dividedBy(100);
        Duration least = settings.probeInterval().multipliedBy(SURE_AFTER_PERIODS);
        Duration sure = share.compareTo(least) > 0 ? share : least;
        return sure.compareTo(min) < 0 ? sure : min;
    }

    /** Confirmations that shorten a suspicion all the way to its least time; 0 where too few members could confirm. */
    public static int expectedConfirmations(int suspicionMult, int poolSize) {
        int expected = Math.max(0, suspicionMult - 2);
        return poolSize - 2 < expected ? 0 : expected;
    }

    /** What is left after {@code confirmations} of {@code expected} and {@code elapsed}; zero or less means now. */
    public static Duration suspicionRemaining(
            int confirmations, int expected, Duration elapsed, Duration min, Duration max) {
        return suspicionTotal(confirmations, expected, min, max).minus(elapsed);
    }

    /** The time that a suspect has in all; the least time where no confirmation is expected. */
    static Duration suspicionTotal(int confirmations, int expected, Duration min, Duration max) {
        if (expected < 1) {
            return min;
        }
        double share = Math.log(confirmations + 1.0) / Math.log(expected + 1.0);
        double raw = seconds(max) - share * (seconds(max) - seconds(min));
        Duration total = Duration.ofMillis((long) Math.floor(1000.0 * raw));
        return total.compareTo(min) < 0 ? min : total;
    }

    /** Transmissions of one broadcast; zero in effect means one. */
    public static int retransmitLimit(int retransmitMult, int poolSize) {
        return retransmitMult * (int) Math.ceil(Math.log10(poolSize + 1.0));
    }

    /** Time between push/pulls, which grows with the pool. */
    public static Duration pushPullInterval(Duration interval, int poolSize) {
        if (poolSize <= UNSCALED_PUSH_PULL) {
            return interval;
        }
        int log2 = Integer.SIZE - Integer.numberOfLeadingZeros(poolSize - 1);
        return interval.multipliedBy(log2 - UNSCALED_PUSH_PULL_LOG2 + 1L);
    }

    private static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / NANOS_PER_SECOND;
    }
}
