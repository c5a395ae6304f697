package io.sotto.wire.yamux;

import java.time.Duration;

/**
 * Bounds and times of a session. Those of the real peers are 256 streams, 256 KiB, 30 s and 10 s.
 *
 * @param backlog streams that the peer may have opened without a byte on them, and streams of ours that it has not
 *     acknowledged: one more of its is reset, one more of ours has to wait
 * @param maxStreams streams that the peer may have open at once; one more is reset
 * @param windowBytes what the peer may send on one stream before it is consumed; at least 256 KiB, which it takes for granted
 * @param maxWaitingReplies answers (pongs, acknowledgements, resets) that may wait to be sent; with more the peer is taken for
 *     one that never reads
 * @param keepAliveInterval from one keep-alive to the next
 * @param keepAliveTimeout how long the answer to one may take
 * @param streamCloseTimeout how long the peer may leave a stream open that this side finished; then it is reset
 */
public record YamuxSettings(
        int backlog,
        int maxStreams,
        int windowBytes,
        int maxWaitingReplies,
        Duration keepAliveInterval,
        Duration keepAliveTimeout,
        Duration streamCloseTimeout) {

    /** What either side may send on a new stream before it hears anything. Source: RPC specification, section 2. */
    public static final int INITIAL_WINDOW_BYTES = 262_144;

    public YamuxSettings {
        requireAtLeast("backlog", backlog, 1);
        requireAtLeast("maxStreams", maxStreams, 1);
        requireAtLeast("windowBytes", windowBytes, INITIAL_WINDOW_BYTES);
        requireAtLeast("maxWaitingReplies", maxWaitingReplies, 1);
        requirePositive("keepAliveInterval", keepAliveInterval);
        requirePositive("keepAliveTimeout", keepAliveTimeout);
        requirePositive("streamCloseTimeout", streamCloseTimeout);
    }

    /** Those of the real peers, and for what they do not bound: 4096 streams and 16384 replies. */
    public static YamuxSettings defaults() {
        return new YamuxSettings(
                256,
                4_096,
                INITIAL_WINDOW_BYTES,
                16_384,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5));
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
