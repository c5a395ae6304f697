package io.sotto.cluster.server;

import java.time.Duration;

/**
 * How a server answers. Immutable.
 *
 * @param datacenter the one that it serves, in lower case
 * @param holdTimeout how long it waits for a leader, which there never is, before it says so
 */
public record ServerSettings(String datacenter, Duration holdTimeout) {
    /** How long a blocking query waits that does not say. Source: RPC specification, section 7. */
    static final Duration QUERY_TIME = Duration.ofMinutes(5);

    /** The longest that one may say. Source: RPC specification, section 7. */
    static final Duration QUERY_TIME_MAX = Duration.ofMinutes(10);

    public ServerSettings {
        if (holdTimeout.isNegative()) {
            throw new IllegalArgumentException("hold-timeout must not be negative, not " + holdTimeout);
        }
    }
}
