package io.sotto.testkit.sim;

import io.sotto.gossip.PoolTime;
import io.sotto.virtualtime.VirtualTime;
import java.time.Duration;
import java.time.Instant;

/** The clocks of one process: virtual time, and a date that a test may put wrong. */
final class SimClock implements PoolTime {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private final VirtualTime virtual;
    private final Instant startWall;
    private final long startNanos;
    private Duration jumped;

    /** A process that starts now, on a machine whose date is wrong by {@code jumped}. */
    SimClock(VirtualTime virtual, Duration jumped) {
        this.virtual = virtual;
        this.jumped = jumped;
        this.startNanos = virtual.nanos();
        this.startWall = wall();
    }

    /** The operating system sets the date. */
    void jump(Duration by) {
        jumped = jumped.plus(by);
    }

    Duration jumped() {
        return jumped;
    }

    @Override
    public long nanos() {
        return virtual.nanos();
    }

    @Override
    public Instant wall() {
        return START.plusNanos(virtual.nanos()).plus(jumped);
    }

    @Override
    public Instant now() {
        return startWall.plusNanos(virtual.nanos() - startNanos);
    }
}
