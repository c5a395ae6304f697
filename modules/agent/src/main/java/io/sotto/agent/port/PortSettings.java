package io.sotto.agent.port;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Times and bounds of the connections to the HTTP API. Source: agent behaviour, section 1, "limits"; the totals are ours.
 *
 * @param maxConnections of all clients together, on all of the agent's HTTP and HTTPS sockets
 * @param maxConnectionsPerAddress of one address
 * @param handshakeTimeout from a connection's beginning to the end of its TLS handshake
 * @param idleTimeout how long a connection may be silent on which no request is being answered
 */
public record PortSettings(
        int maxConnections, int maxConnectionsPerAddress, Duration handshakeTimeout, Duration idleTimeout) {
    public PortSettings {
        if (maxConnections < 1 || maxConnectionsPerAddress < 1) {
            throw new IllegalArgumentException("a bound on connections must be 1 or more");
        }
        if (handshakeTimeout.isZero() || handshakeTimeout.isNegative() || idleTimeout.toMillis() < 2) {
            throw new IllegalArgumentException("a timeout of connections must be longer than 0");
        }
    }

    /** From {@code sotto.http}. */
    public static PortSettings from(Config http) {
        return new PortSettings(
                http.getInt("max-connections"),
                http.getInt("max-connections-per-address"),
                http.getDuration("handshake-timeout"),
                http.getDuration("idle-timeout"));
    }
}
