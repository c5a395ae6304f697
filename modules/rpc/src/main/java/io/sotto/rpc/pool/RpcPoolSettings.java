package io.sotto.rpc.pool;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Times and bounds of the calls that a node makes. Immutable.
 *
 * <p>Source: RPC specification, section 9, for those that real agents have.
 *
 * @param holdTimeout how long after its beginning a call is tried again; pauses between tries are up to a sixteenth of it
 * @param idleTimeout a connection without calls for so long is closed
 * @param drainTimeout within which every connection is replaced that was made under older TLS settings
 * @param rebalance the shortest time with one server before another is tried; the longest is half as much more
 * @param backoffMin how long a peer that could not be dialled is left alone at first; doubled with each further failure
 * @param backoffMax how long at most
 * @param maxWaiting calls that may wait for a connection, or to be tried again, at a time
 * @param limit how fast calls to servers may be made
 */
public record RpcPoolSettings(
        Duration holdTimeout,
        Duration idleTimeout,
        Duration drainTimeout,
        Duration rebalance,
        Duration backoffMin,
        Duration backoffMax,
        int maxWaiting,
        RateLimit limit) {
    /**
     * How fast calls to servers may be made.
     *
     * @param perSecond negative for without end
     * @param burst how many may be made at once
     */
    public record RateLimit(double perSecond, int burst) {
        public RateLimit {
            if (perSecond == 0 || Double.isNaN(perSecond)) {
                throw new IllegalArgumentException("rate must be positive, or negative for none, not " + perSecond);
            }
            if (burst <= 0) {
                throw new IllegalArgumentException("max-burst must be positive, not " + burst);
            }
        }

        public static RateLimit from(Config rpc) {
            return new RateLimit(rpc.getDouble("rate"), rpc.getInt("max-burst"));
        }
    }

    /** Throws {@link IllegalArgumentException} for what is not positive. */
    public RpcPoolSettings {
        require("hold-timeout", holdTimeout);
        require("idle-timeout", idleTimeout);
        require("drain-timeout", drainTimeout);
        require("rebalance", rebalance);
        require("backoff-min", backoffMin);
        require("backoff-max", backoffMax);
        if (backoffMax.compareTo(backoffMin) < 0) {
            throw new IllegalArgumentException(
                    "backoff-max must not be less than backoff-min: " + backoffMax + " < " + backoffMin);
        }
        if (maxWaiting <= 0) {
            throw new IllegalArgumentException("max-waiting must be positive, not " + maxWaiting);
        }
    }

    /** What the module's {@code reference.conf} says. */
    public static RpcPoolSettings defaults() {
        return new RpcPoolSettings(
                Duration.ofSeconds(7),
                Duration.ofSeconds(127),
                Duration.ofSeconds(10),
                Duration.ofSeconds(120),
                Duration.ofMillis(200),
                Duration.ofSeconds(3),
                10_000,
                new RateLimit(-1, 1_000));
    }

    /** Reads {@code sotto.rpc}. */
    public static RpcPoolSettings from(Config rpc) {
        return new RpcPoolSettings(
                rpc.getDuration("hold-timeout"),
                rpc.getDuration("idle-timeout"),
                rpc.getDuration("drain-timeout"),
                rpc.getDuration("rebalance"),
                rpc.getDuration("backoff-min"),
                rpc.getDuration("backoff-max"),
                rpc.getInt("max-waiting"),
                RateLimit.from(rpc));
    }

    private static void require(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
