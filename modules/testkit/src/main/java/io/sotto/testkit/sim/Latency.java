package io.sotto.testkit.sim;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a packet is under way, as a distribution. Source: ours.
 *
 * <p>Arithmetic that differs between processors would make runs unrepeatable, so distributions use {@link StrictMath}.
 */
@FunctionalInterface
public interface Latency {
    /** The time of one packet in nanoseconds, never negative. */
    long drawNanos(RandomGenerator random);

    /** Always the same. */
    static Latency constant(Duration time) {
        long nanos = notNegative(time);
        return random -> nanos;
    }

    /** Anything from {@code least} to {@code most}, each as likely. */
    static Latency uniform(Duration least, Duration most) {
        long low = notNegative(least);
        long high = most.toNanos();
        if (high < low) {
            throw new IllegalArgumentException("a latency of " + least + " to " + most);
        }
        return random -> low + random.nextLong(high - low + 1);
    }

    /**
     * Mostly near {@code median}, sometimes much longer, as networks are: the logarithm is normally distributed.
     *
     * @param spread the standard deviation of the logarithm; 0.5 makes one packet in a hundred three times as slow as the
     *     median, 1 ten times
     */
    static Latency logNormal(Duration median, double spread) {
        long middle = notNegative(median);
        return random -> {
            // Twelve uniform draws make a normal one nearly enough, and the same on every machine.
            double normal = -6;
            for (int i = 0; i < 12; i++) {
                normal += random.nextDouble();
            }
            return (long) (middle * StrictMath.exp(spread * normal));
        };
    }

    /** A local network: 0.2 to 0.8 ms. */
    static Latency lan() {
        return uniform(Duration.ofNanos(200_000), Duration.ofNanos(800_000));
    }

    private static long notNegative(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a latency of " + time);
        }
        return time.toNanos();
    }
}
