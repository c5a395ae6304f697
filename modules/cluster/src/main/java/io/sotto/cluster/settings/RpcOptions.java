package io.sotto.cluster.settings;

import java.time.Duration;

/**
 * Settings in code: calls between members.
 *
 * <p>Each method sets the path that it is named after; units, defaults and bounds are in docs/reference/settings.md.
 *
 * @param <B> what each method gives back
 */
public interface RpcOptions<B> extends Options<B> {
    /** {@code rpc.enabled}: take calls of other members on {@code rpc.port}. */
    default B rpcEnabled(boolean on) {
        return set("rpc.enabled", on);
    }

    /** {@code rpc.port}: TCP, on {@code bind-addr}, 0 to 65535; 0 takes a free one. */
    default B rpcPort(int value) {
        return set("rpc.port", value);
    }

    /** {@code rpc.connect-timeout}: how long the TCP connection of a dial may take. */
    default B rpcConnectTimeout(Duration time) {
        return set("rpc.connect-timeout", time);
    }

    /**
     * {@code rpc.handshake-timeout}: how long type byte, TLS and the byte inside it may take together, from either
     * side.
     */
    default B rpcHandshakeTimeout(Duration time) {
        return set("rpc.handshake-timeout", time);
    }

    /**
     * {@code rpc.connection-write-timeout}: how long a peer may take nothing of what it is sent, or leave a keepalive
     * unanswered.
     */
    default B rpcConnectionWriteTimeout(Duration time) {
        return set("rpc.connection-write-timeout", time);
    }

    /** {@code rpc.keep-alive-interval}: from one keepalive to the next. */
    default B rpcKeepAliveInterval(Duration time) {
        return set("rpc.keep-alive-interval", time);
    }

    /** {@code rpc.drain-timeout}: how long a connection that is to end waits for the calls on it. */
    default B rpcDrainTimeout(Duration time) {
        return set("rpc.drain-timeout", time);
    }

    /**
     * {@code rpc.linger}: how long, after our last word on a connection, what the peer still sends is read and thrown
     * away.
     */
    default B rpcLinger(Duration time) {
        return set("rpc.linger", time);
    }

    /** {@code rpc.max-connections-per-address}: accepted connections of one address at a time. */
    default B rpcMaxConnectionsPerAddress(int value) {
        return set("rpc.max-connections-per-address", value);
    }

    /** {@code rpc.max-connections}: accepted connections at a time. */
    default B rpcMaxConnections(int value) {
        return set("rpc.max-connections", value);
    }

    /** {@code rpc.max-handshakes}: accepted connections at a time that have not said yet what they want. */
    default B rpcMaxHandshakes(int value) {
        return set("rpc.max-handshakes", value);
    }

    /** {@code rpc.backlog}: streams that a peer may have opened on one connection without a byte on them. */
    default B rpcBacklog(int value) {
        return set("rpc.backlog", value);
    }

    /** {@code rpc.max-streams-per-connection}: streams that a peer may have open on one connection. */
    default B rpcMaxStreamsPerConnection(int value) {
        return set("rpc.max-streams-per-connection", value);
    }

    /**
     * {@code rpc.window}: what may come on one stream before it is taken, in bytes; 256 KiB or more, which real peers
     * take for granted.
     */
    default B rpcWindow(long bytes) {
        return set("rpc.window", bytes);
    }

    /** {@code rpc.max-message}: the body of one request or answer, in bytes. */
    default B rpcMaxMessage(long bytes) {
        return set("rpc.max-message", bytes);
    }

    /** {@code rpc.max-buffered}: what requests that are not whole yet may hold, over all accepted connections. */
    default B rpcMaxBuffered(long bytes) {
        return set("rpc.max-buffered", bytes);
    }

    /** {@code rpc.max-calls-in-flight}: calls under way on one dialled connection. */
    default B rpcMaxCallsInFlight(int value) {
        return set("rpc.max-calls-in-flight", value);
    }

    /** {@code rpc.max-idle-streams}: streams kept for the next calls on one dialled connection. */
    default B rpcMaxIdleStreams(int value) {
        return set("rpc.max-idle-streams", value);
    }

    /**
     * {@code rpc.hold-timeout}: how long after its beginning a call is tried again that has not run, or found a server
     * without a leader.
     */
    default B rpcHoldTimeout(Duration time) {
        return set("rpc.hold-timeout", time);
    }

    /** {@code rpc.idle-timeout}: a connection that no call has used for so long is closed. */
    default B rpcIdleTimeout(Duration time) {
        return set("rpc.idle-timeout", time);
    }

    /** {@code rpc.rebalance}: the shortest time with one server before another is tried. */
    default B rpcRebalance(Duration time) {
        return set("rpc.rebalance", time);
    }

    /** {@code rpc.backoff-min}: how long a peer that could not be dialled is left alone at first. */
    default B rpcBackoffMin(Duration time) {
        return set("rpc.backoff-min", time);
    }

    /** {@code rpc.backoff-max}: how long a peer that could not be dialled is left alone at most. */
    default B rpcBackoffMax(Duration time) {
        return set("rpc.backoff-max", time);
    }

    /** {@code rpc.max-waiting}: calls that may wait for a connection, or to be tried again, at a time. */
    default B rpcMaxWaiting(int value) {
        return set("rpc.max-waiting", value);
    }

    /** {@code rpc.rate}: calls to servers per second; negative: without end. */
    default B rpcRate(double value) {
        return set("rpc.rate", value);
    }

    /** {@code rpc.max-burst}: calls to servers at once. */
    default B rpcMaxBurst(int value) {
        return set("rpc.max-burst", value);
    }
}
