package io.sotto.gossip;

import java.time.Instant;

/** The machine's clocks: the one class of this project that may read them. */
final class SystemTime implements PoolTime {
    private final long startNanos = System.nanoTime();
    private final Instant startWall = Instant.now();

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant wall() {
        return Instant.now();
    }

    @Override
    public Instant now() {
        return startWall.plusNanos(System.nanoTime() - startNanos);
    }
}
