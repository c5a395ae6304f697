package io.sotto.membership.coordinate;

import java.util.Arrays;

/**
 * The last few round trips to one member, of which the middle one counts: a single late answer moves nothing.
 *
 * <p>One owner. Source: gossip specification, section 18.
 */
final class LatencyFilter {
    private static final int SAMPLES = 3;

    private final double[] samples = new double[SAMPLES];
    private int count;

    /** Takes a round trip in seconds; answers the median of the last three, of two the greater. */
    double take(double seconds) {
        samples[count % SAMPLES] = seconds;
        // Past the first three only the place in the ring matters.
        count = count + 1 < 2 * SAMPLES ? count + 1 : SAMPLES;
        double[] sorted = Arrays.copyOf(samples, Math.min(count, SAMPLES));
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
