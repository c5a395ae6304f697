package io.sotto.membership.coordinate;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Our own coordinate, which each measured round trip moves a little: away from a member that turned out to be farther than
 * the coordinates say, towards one that is nearer.
 *
 * <p>It never holds anything that {@link Coordinate#isPlausible} denies: what a peer tells is checked before it is used,
 * and whatever comes of it is checked again and given up for the initial coordinate. Memory is some 100 bytes for each name
 * it is told of; {@link #forget} frees them. One owner. Source: gossip specification, section 18.
 */
public final class Vivaldi {
    /** What became of one measurement. */
    public enum Update {
        /** Our coordinate has moved. */
        APPLIED,
        /** Our coordinate had moved to where none can be, and begins anew. */
        RESET,
        /** Refused: the peer lives in a space of other dimensions. */
        DIMENSIONS,
        /** Refused: the peer's coordinate is one that no honest member can have. */
        IMPLAUSIBLE,
        /** Refused: the round trip is negative or longer than 10 s. */
        ROUND_TRIP
    }

    private static final double CE = 0.25;
    private static final double CC = 0.25;
    private static final int ADJUSTMENT_WINDOW = 20;
    private static final double GRAVITY_RHO = 150;
    private static final Duration ROUND_TRIP_MAX = Duration.ofSeconds(10);
    private static final double NANOS_PER_SECOND = 1e9;

    private final RandomGenerator random;
    private final Map<String, LatencyFilter> filters = new HashMap<>();
    private final double[] adjustments = new double[ADJUSTMENT_WINDOW];
    private int nextAdjustment;
    private Coordinate own;

    private Vivaldi(Coordinate own, RandomGenerator random) {
        this.own = own;
        this.random = random;
    }

    /** At the initial coordinate. {@code random} chooses a direction where two coordinates are in one place. */
    public static Vivaldi create(RandomGenerator random) {
        return new Vivaldi(Coordinate.initial(), random);
    }

    /** At a coordinate that was not learnt, for the worked sequences. */
    static Vivaldi at(Coordinate own, RandomGenerator random) {
        return new Vivaldi(own, random);
    }

    public Coordinate own() {
        return own;
    }

    /** A direct answer of {@code peer} took {@code roundTrip} and told {@code theirs}. */
    public Update update(String peer, Coordinate theirs, Duration roundTrip) {
        if (!own.isCompatible(theirs)) {
            return Update.DIMENSIONS;
        }
        if (!theirs.isPlausible()) {
            return Update.IMPLAUSIBLE;
        }
        if (roundTrip.isNegative() || roundTrip.compareTo(ROUND_TRIP_MAX) > 0) {
            return Update.ROUND_TRIP;
        }
        double seconds =
                filters.computeIfAbsent(peer, name -> new LatencyFilter()).take(seconds(roundTrip));
        move(theirs, Math.max(seconds, Coordinate.ZERO_THRESHOLD));
        adjust(theirs, seconds);
        gravitate();
        if (own.isPlausible()) {
            return Update.APPLIED;
        }
        own = Coordinate.initial();
        // What drove us away would do so again for as long as the window holds it.
        Arrays.fill(adjustments, 0);
        return Update.RESET;
    }

    /** Nothing is kept of the round trips to {@code peer}. */
    public void forget(String peer) {
        filters.remove(peer);
    }

    private void move(Coordinate theirs, double seconds) {
        double distance = seconds(own.distanceTo(theirs));
        double wrong = Math.abs(distance - seconds) / seconds;
        double weight = own.error() / Math.max(own.error() + theirs.error(), Coordinate.ZERO_THRESHOLD);
        double error = CE * weight * wrong + own.error() * (1 - CE * weight);
        own = own.withError(Math.min(Coordinate.ERROR_MAX, error))
                .pushed(CC * weight * (seconds - distance), theirs, random);
    }

    private void adjust(Coordinate theirs, double seconds) {
        adjustments[nextAdjustment] = seconds - own.rawDistanceTo(theirs);
        nextAdjustment = (nextAdjustment + 1) % ADJUSTMENT_WINDOW;
        double sum = 0;
        for (double adjustment : adjustments) {
            sum += adjustment;
        }
        own = own.withAdjustment(sum / (2 * ADJUSTMENT_WINDOW));
    }

    /** Keeps the whole pool from drifting away from the origin. */
    private void gravitate() {
        double pull = seconds(Coordinate.initial().distanceTo(own)) / GRAVITY_RHO;
        own = own.pushed(-pull * pull, Coordinate.initial(), random);
    }

    private static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / NANOS_PER_SECOND;
    }
}
