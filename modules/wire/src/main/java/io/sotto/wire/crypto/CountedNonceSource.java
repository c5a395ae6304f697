package io.sotto.wire.crypto;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Nonces by the one nonce rule: 8 bytes of entropy, then a counter.
 *
 * <pre>
 *  0                8            12  (bytes)
 *  +----------------+------------+
 *  | prefix, random | counter u32|
 *  +----------------+------------+
 * </pre>
 *
 * <p>The prefix is drawn anew at the start, every 10 minutes, every 2^20 nonces, and when the wall clock and the monotonic
 * clock have moved apart by more than 5 s since it was drawn, which is how a resumed snapshot shows. One owner, no other
 * thread. Source: ours (the one nonce rule); NIST SP 800-38D, section 8, for what a nonce has to be.
 */
public final class CountedNonceSource implements NonceSource {
    private static final int PREFIX_BYTES = 8;
    private static final int NONCES_PER_PREFIX = 1 << 20;
    private static final long PREFIX_LIFE_NANOS = 600_000_000_000L;
    private static final long CLOCK_DRIFT_MAX_NANOS = 5_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final Consumer<byte[]> entropy;
    private final LongSupplier wallMillis;
    private final LongSupplier monotonicNanos;
    private final byte[] prefix = new byte[PREFIX_BYTES];
    private int counter = NONCES_PER_PREFIX;
    private long drawnAtWallMillis;
    private long drawnAtMonotonicNanos;
    private long count;

    /**
     * @param entropy fills an array with bytes from the operating system
     * @param wallMillis the wall clock, in milliseconds
     * @param monotonicNanos a clock that never goes back, in nanoseconds
     */
    public CountedNonceSource(Consumer<byte[]> entropy, LongSupplier wallMillis, LongSupplier monotonicNanos) {
        this.entropy = entropy;
        this.wallMillis = wallMillis;
        this.monotonicNanos = monotonicNanos;
    }

    @Override
    public void next(byte[] target, int offset) {
        long wall = wallMillis.getAsLong();
        long monotonic = monotonicNanos.getAsLong();
        if (isWornOut(wall, monotonic)) {
            entropy.accept(prefix);
            counter = 0;
            drawnAtWallMillis = wall;
            drawnAtMonotonicNanos = monotonic;
        }
        System.arraycopy(prefix, 0, target, offset, PREFIX_BYTES);
        int at = offset + PREFIX_BYTES;
        target[at] = (byte) (counter >>> 24);
        target[at + 1] = (byte) (counter >>> 16);
        target[at + 2] = (byte) (counter >>> 8);
        target[at + 3] = (byte) counter;
        counter++;
        count++;
    }

    /** Nonces given so far, over all prefixes. */
    public long count() {
        return count;
    }

    private boolean isWornOut(long wall, long monotonic) {
        long age = monotonic - drawnAtMonotonicNanos;
        long drift = (wall - drawnAtWallMillis) * NANOS_PER_MILLI - age;
        return counter >= NONCES_PER_PREFIX
                || age < 0
                || age >= PREFIX_LIFE_NANOS
                || drift > CLOCK_DRIFT_MAX_NANOS
                || drift < -CLOCK_DRIFT_MAX_NANOS;
    }
}
