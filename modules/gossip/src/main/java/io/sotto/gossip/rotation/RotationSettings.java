package io.sotto.gossip.rotation;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * When the key of a pool is replaced by itself, and how.
 *
 * @param every the age of a primary key at which it is replaced; zero is never
 * @param drivers the members that may do so, in this order; empty for all that are sotto's, by name
 * @param grace how long the old key is kept once every member seals with the new one
 * @param relayFactor through how many more members each answer comes
 * @param budget how many messages this node seals with one key
 */
public record RotationSettings(
        Duration every, List<String> drivers, Duration grace, int relayFactor, NonceBudget budget) {
    private static final Duration LEAST_AGE = Duration.ofMinutes(1);

    public RotationSettings {
        drivers = List.copyOf(drivers);
        if (every.isNegative() || (!every.isZero() && every.compareTo(LEAST_AGE) < 0)) {
            throw new IllegalArgumentException("every " + every + ": must be 0 or at least " + LEAST_AGE);
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace " + grace + " is negative");
        }
        if (relayFactor < 0 || relayFactor > 5) {
            throw new IllegalArgumentException("relay-factor " + relayFactor + ": must be 0 to 5");
        }
    }

    /** Never by itself; a minute of grace. */
    public static RotationSettings defaults() {
        return new RotationSettings(Duration.ZERO, List.of(), Duration.ofMinutes(1), 2, NonceBudget.defaults());
    }

    /**
     * The settings of a {@code key-rotation} section.
     *
     * @throws IllegalArgumentException for a value that cannot be
     */
    public static RotationSettings from(Config section) {
        Config budget = section.getConfig("nonce-budget");
        return new RotationSettings(
                section.getDuration("every"),
                section.getStringList("drivers"),
                section.getDuration("grace"),
                section.getInt("relay-factor"),
                new NonceBudget(
                        budget.getLong("messages"),
                        budget.getInt("warn-percent"),
                        NonceBudget.Action.valueOf(budget.getString("action").toUpperCase(Locale.ROOT))));
    }

    public RotationSettings withBudget(NonceBudget other) {
        return new RotationSettings(every, drivers, grace, relayFactor, other);
    }

    public RotationSettings withGrace(Duration other) {
        return new RotationSettings(every, drivers, other, relayFactor, budget);
    }

    public RotationSettings withEvery(Duration other) {
        return new RotationSettings(other, drivers, grace, relayFactor, budget);
    }
}
