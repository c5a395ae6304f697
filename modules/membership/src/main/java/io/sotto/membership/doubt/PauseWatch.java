package io.sotto.membership.doubt;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Notices that the process stood still, by a tick that comes late: by the monotonic clock when the process was stopped or
 * starved, by the wall clock alone when the machine under it was suspended, since then the monotonic clock stands still as
 * well. A wall clock that is set forward looks the same and costs a moment of caution; one that is set back is nothing.
 *
 * <p>One owner. Source: ours.
 */
public final class PauseWatch {
    private final Duration interval;
    private final Duration lateAfter;
    private final Duration wallLateAfter;
    private Instant lastTick;
    private Instant lastWall;

    /**
     * The process stood still.
     *
     * @param from by the monotonic clock; equal to {@code to} where only the wall clock shows it
     * @param to now, by the monotonic clock
     * @param length the longer of what the two clocks say
     */
    public record Pause(Instant from, Instant to, Duration length) {}

    /**
     * @param interval between two ticks
     * @param lateAfter by which the monotonic clock shows a pause
     * @param wallLateAfter by which the wall clock does
     */
    public PauseWatch(Duration interval, Duration lateAfter, Duration wallLateAfter, Instant now, Instant wall) {
        this.interval = interval;
        this.lateAfter = lateAfter;
        this.wallLateAfter = wallLateAfter;
        this.lastTick = now;
        this.lastWall = wall;
    }

    /** The tick came. */
    public Optional<Pause> onTick(Instant now, Instant wall) {
        Duration late = Duration.between(lastTick, now).minus(interval);
        Duration wallLate = Duration.between(lastWall, wall).minus(interval);
        Instant due = lastTick.plus(interval);
        lastTick = now;
        lastWall = wall;
        if (late.compareTo(lateAfter) > 0) {
            return Optional.of(new Pause(due, now, longer(late, wallLate)));
        }
        return wallLate.compareTo(wallLateAfter) > 0 ? Optional.of(new Pause(now, now, wallLate)) : Optional.empty();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
