package io.sotto.rpc.link;

import com.typesafe.config.Config;
import io.sotto.wire.yamux.YamuxSettings;
import java.time.Duration;

/**
 * Times and bounds of connections, dialled and accepted. Immutable.
 *
 * <p>Source: RPC specification, sections 1, 2 and 9, for what real agents have; security rules, "TLS".
 *
 * @param connectTimeout for the TCP connection of a dial
 * @param handshakeTimeout for type byte, TLS and the byte inside it, from either side; a dial's confirmation is within it
 * @param writeTimeout how long a peer may take nothing of what it is sent, or leave a keepalive unanswered
 * @param keepAliveInterval from one yamux ping to the next
 * @param drainTimeout how long a connection that is to end waits for the calls on it
 * @param linger how long after our farewell what the peer still sends is read and thrown away: closing over unread bytes
 *     would reset the connection and might take the farewell with it
 * @param maxConnectionsPerAddress accepted connections of one address at a time
 * @param maxConnections accepted connections at a time
 * @param maxHandshakes accepted connections at a time that have not yet said what they want; one more displaces the eldest
 * @param backlog streams that a peer may have opened without a byte on them
 * @param maxStreams streams that a peer may have open on one connection
 * @param windowBytes what may come on one stream before it is taken
 * @param maxMessageBytes header and body of one request or answer, each
 * @param maxBufferedBytes of requests that are not whole yet or wait for the one before them, over all accepted connections
 * @param maxCallsInFlight calls under way on one dialled connection
 * @param maxIdleStreams streams kept for the next calls on one dialled connection
 */
public record LinkSettings(
        Duration connectTimeout,
        Duration handshakeTimeout,
        Duration writeTimeout,
        Duration keepAliveInterval,
        Duration drainTimeout,
        Duration linger,
        int maxConnectionsPerAddress,
        int maxConnections,
        int maxHandshakes,
        int backlog,
        int maxStreams,
        int windowBytes,
        int maxMessageBytes,
        long maxBufferedBytes,
        int maxCallsInFlight,
        int maxIdleStreams) {
    /** Answers that may wait for a peer that asks and does not read; yamux's own bound, of no use to anyone as a setting. */
    private static final int WAITING_REPLIES_MAX = 16_384;

    private static final Duration STREAM_CLOSE_TIMEOUT = Duration.ofMinutes(5);

    /** @throws IllegalArgumentException for what is not positive, and for a window that real peers do not know */
    public LinkSettings {
        requirePositive("connect-timeout", connectTimeout.toNanos());
        requirePositive("handshake-timeout", handshakeTimeout.toNanos());
        requirePositive("connection-write-timeout", writeTimeout.toNanos());
        requirePositive("keep-alive-interval", keepAliveInterval.toNanos());
        requirePositive("drain-timeout", drainTimeout.toNanos());
        requirePositive("linger", linger.toNanos());
        requirePositive("max-connections-per-address", maxConnectionsPerAddress);
        requirePositive("max-connections", maxConnections);
        requirePositive("max-handshakes", maxHandshakes);
        requirePositive("backlog", backlog);
        requirePositive("max-streams-per-connection", maxStreams);
        requirePositive("max-message", maxMessageBytes);
        requirePositive("max-buffered", maxBufferedBytes);
        requirePositive("max-calls-in-flight", maxCallsInFlight);
        requirePositive("max-idle-streams", maxIdleStreams);
        if (windowBytes < YamuxSettings.INITIAL_WINDOW_BYTES) {
            throw new IllegalArgumentException(
                    "window must be at least " + YamuxSettings.INITIAL_WINDOW_BYTES + ", not " + windowBytes);
        }
    }

    /** What the module's {@code reference.conf} says. */
    public static LinkSettings defaults() {
        return new LinkSettings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                100,
                4_096,
                1_024,
                256,
                4_096,
                YamuxSettings.INITIAL_WINDOW_BYTES,
                32 << 20,
                48L << 20,
                1_024,
                64);
    }

    /** Reads {@code sotto.rpc}. */
    public static LinkSettings from(Config rpc) {
        return new LinkSettings(
                rpc.getDuration("connect-timeout"),
                rpc.getDuration("handshake-timeout"),
                rpc.getDuration("connection-write-timeout"),
                rpc.getDuration("keep-alive-interval"),
                rpc.getDuration("drain-timeout"),
                rpc.getDuration("linger"),
                rpc.getInt("max-connections-per-address"),
                rpc.getInt("max-connections"),
                rpc.getInt("max-handshakes"),
                rpc.getInt("backlog"),
                rpc.getInt("max-streams-per-connection"),
                bytes(rpc, "window"),
                bytes(rpc, "max-message"),
                rpc.getBytes("max-buffered"),
                rpc.getInt("max-calls-in-flight"),
                rpc.getInt("max-idle-streams"));
    }

    /** What of this concerns a yamux session. */
    YamuxSettings yamux() {
        return new YamuxSettings(
                backlog,
                maxStreams,
                windowBytes,
                WAITING_REPLIES_MAX,
                keepAliveInterval,
                writeTimeout,
                STREAM_CLOSE_TIMEOUT);
    }

    private static int bytes(Config rpc, String key) {
        long value = rpc.getBytes(key);
        if (value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(key + " must be below 2 GiB, not " + value);
        }
        return (int) value;
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
