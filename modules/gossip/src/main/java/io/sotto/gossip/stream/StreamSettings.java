package io.sotto.gossip.stream;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Deadlines and caps of a pool's streams.
 *
 * @param firstByteTimeout within which an accepted connection must have sent something
 * @param totalTimeout within which an accepted connection must have sent its request and taken its answer
 * @param linger how long after the answer what the peer still sends is read and thrown away; closing over unread bytes
 *     would reset the connection and might take the answer with it
 * @param perAddressMax accepted connections of one address at a time
 * @param totalMax accepted connections at a time
 * @param pushPullMax push/pull requests served at a time
 * @param bufferedMaxBytes bytes of requests being read and answers being written at a time, over all accepted connections
 */
public record StreamSettings(
        Duration firstByteTimeout,
        Duration totalTimeout,
        Duration linger,
        int perAddressMax,
        int totalMax,
        int pushPullMax,
        long bufferedMaxBytes) {
    public StreamSettings {
        requirePositive("firstByteTimeout", firstByteTimeout.toNanos());
        requirePositive("totalTimeout", totalTimeout.toNanos());
        requirePositive("linger", linger.toNanos());
        requirePositive("perAddressMax", perAddressMax);
        requirePositive("totalMax", totalMax);
        requirePositive("pushPullMax", pushPullMax);
        requirePositive("bufferedMaxBytes", bufferedMaxBytes);
    }

    /** 2 s and 10 s, 1 s of lingering; 64 of an address, 1,024 in all, 127 push/pulls; 48 MiB. */
    public static StreamSettings defaults() {
        return new StreamSettings(
                Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(1), 64, 1_024, 127, 48L << 20);
    }

    /** Reads {@code sotto.gossip.stream}. */
    public static StreamSettings from(Config stream) {
        return new StreamSettings(
                stream.getDuration("first-byte-timeout"),
                stream.getDuration("total-timeout"),
                stream.getDuration("linger"),
                stream.getInt("per-address-max"),
                stream.getInt("total-max"),
                stream.getInt("push-pull-max"),
                stream.getBytes("buffered-max"));
    }

    public StreamSettings withTotalTimeout(Duration other) {
        return new StreamSettings(
                firstByteTimeout, other, linger, perAddressMax, totalMax, pushPullMax, bufferedMaxBytes);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
