package io.sotto.gossip;

import java.time.Instant;

/**
 * The only place from which a pool takes time, so that a simulation can give it its own.
 *
 * <p>{@link #now} never goes back, whatever the operating system's clock does: suspicion, probes and reaping measure
 * durations, not dates. {@link #wall} is for what people and other machines read.
 */
public interface PoolTime {
    /** Monotonic nanoseconds from an arbitrary origin. */
    long nanos();

    /** The operating system's date and time; may jump. */
    Instant wall();

    /** A date that advances with {@link #nanos}: equal to {@link #wall} when the pool started. */
    Instant now();

    static PoolTime system() {
        return new SystemTime();
    }
}
