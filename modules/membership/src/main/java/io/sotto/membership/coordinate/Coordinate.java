package io.sotto.membership.coordinate;

import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A place in the space of round trips: a vector, a height above it for the way to the network, and an adjustment for what
 * such a space cannot express. All numbers are seconds, but for the error, which is a ratio.
 *
 * <p>Immutable. It may hold any numbers, as they come from others; {@link #isPlausible} tells those apart that can be used.
 * Source: gossip specification, section 18.
 */
public final class Coordinate {
    /** Components of the vector. */
    public static final int DIMENSIONS = 8;

    /** The error of who knows nothing yet, and the greatest that our own ever has. */
    static final double ERROR_MAX = 1.5;

    static final double HEIGHT_MIN = 10e-6;

    /** Vectors closer than this, in seconds, have no direction; times below it are taken for it. */
    static final double ZERO_THRESHOLD = 1e-6;

    /**
     * No honest number is greater: a round trip counts up to 10 s, and a coordinate moves by a quarter of one at a time.
     * Source: ours.
     */
    private static final double PLAUSIBLE_MAX_SECONDS = 60;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final Coordinate INITIAL = new Coordinate(new double[DIMENSIONS], ERROR_MAX, 0, HEIGHT_MIN);

    private final double[] vector;
    private final double error;
    private final double adjustment;
    private final double height;

    private Coordinate(double[] vector, double error, double adjustment, double height) {
        this.vector = vector;
        this.error = error;
        this.adjustment = adjustment;
        this.height = height;
    }

    /** Where everybody begins: the origin, without any confidence. */
    public static Coordinate initial() {
        return INITIAL;
    }

    /** Any numbers: the vector is copied, and of any length. */
    public static Coordinate of(double[] vector, double error, double adjustment, double height) {
        return new Coordinate(vector.clone(), error, adjustment, height);
    }

    /** A copy of the components. */
    public double[] vector() {
        return vector.clone();
    }

    /** How far off this coordinate's distances may be, relative to them. */
    public double error() {
        return error;
    }

    public double adjustment() {
        return adjustment;
    }

    public double height() {
        return height;
    }

    /** Whether distances between the two have a meaning. */
    public boolean isCompatible(Coordinate other) {
        return vector.length == other.vector.length;
    }

    /** Whether an honest member could have it: every number finite and of a size that round trips lead to. */
    public boolean isPlausible() {
        for (double component : vector) {
            if (!isWithin(component, -PLAUSIBLE_MAX_SECONDS)) {
                return false;
            }
        }
        return isWithin(error, 0) && isWithin(adjustment, -PLAUSIBLE_MAX_SECONDS) && isWithin(height, 0);
    }

    private static boolean isWithin(double value, double least) {
        // Not a number is neither.
        return value >= least && value <= PLAUSIBLE_MAX_SECONDS;
    }

    /**
     * The estimated round trip between the two.
     *
     * @throws IllegalArgumentException if they have not the same number of dimensions
     */
    public Duration distanceTo(Coordinate other) {
        double raw = rawDistanceTo(other);
        double adjusted = raw + adjustment + other.adjustment;
        // A cast saturates, and makes nothing of what is not a number.
        return Duration.ofNanos((long) ((adjusted > 0 ? adjusted : raw) * NANOS_PER_SECOND));
    }

    /** Seconds between the two without what the adjustments say. */
    double rawDistanceTo(Coordinate other) {
        return magnitude(difference(other)) + height + other.height;
    }

    /** Pushed away from {@code other} by {@code seconds}, or drawn towards it if negative. */
    Coordinate pushed(double seconds, Coordinate other, RandomGenerator random) {
        double[] direction = difference(other);
        double magnitude = magnitude(direction);
        if (magnitude > ZERO_THRESHOLD) {
            double moved = Math.max((height + other.height) * seconds / magnitude + height, HEIGHT_MIN);
            return new Coordinate(plus(direction, seconds, 1 / magnitude), error, adjustment, moved);
        }
        // In the same place: anywhere is away.
        for (int i = 0; i < direction.length; i++) {
            direction[i] = random.nextDouble() - 0.5;
        }
        magnitude = magnitude(direction);
        if (magnitude <= ZERO_THRESHOLD) {
            direction[0] = 1;
            magnitude = 1;
        }
        return new Coordinate(plus(direction, seconds, 1 / magnitude), error, adjustment, height);
    }

    Coordinate withError(double newError) {
        return new Coordinate(vector, newError, adjustment, height);
    }

    Coordinate withAdjustment(double newAdjustment) {
        return new Coordinate(vector, error, newAdjustment, height);
    }

    private double[] difference(Coordinate other) {
        if (!isCompatible(other)) {
            throw new IllegalArgumentException(
                    "a distance between " + vector.length + " and " + other.vector.length + " dimensions");
        }
        double[] difference = new double[vector.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = vector[i] - other.vector[i];
        }
        return difference;
    }

    private double[] plus(double[] direction, double seconds, double scale) {
        double[] sum = new double[vector.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = vector[i] + direction[i] * scale * seconds;
        }
        return sum;
    }

    private static double magnitude(double[] vector) {
        double sum = 0;
        for (double component : vector) {
            sum += component * component;
        }
        return Math.sqrt(sum);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Coordinate that
                && Arrays.equals(vector, that.vector)
                && Double.compare(error, that.error) == 0
                && Double.compare(adjustment, that.adjustment) == 0
                && Double.compare(height, that.height) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * Arrays.hashCode(vector) + Double.hashCode(error)) + Double.hashCode(adjustment))
                + Double.hashCode(height);
    }

    @Override
    public String toString() {
        return "Coordinate[vector=" + Arrays.toString(vector) + ", error=" + error + ", adjustment=" + adjustment
                + ", height=" + height + "]";
    }
}
