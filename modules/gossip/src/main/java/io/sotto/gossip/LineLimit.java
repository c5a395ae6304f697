package io.sotto.gossip;

import java.time.Duration;
import java.time.Instant;

/**
 * At most one line of log in an interval: what others can cause must not fill a disk. One owner.
 *
 * <p>Source: security rules, "Rules for the packet path"; house style, section 7.
 */
final class LineLimit {
    private final Duration interval;
    private Instant next = Instant.MIN;

    private LineLimit(Duration interval) {
        this.interval = interval;
    }

    /** For lines that anybody can cause. */
    static LineLimit perSecond() {
        return new LineLimit(Duration.ofSeconds(1));
    }

    /** For lines about one peer. */
    static LineLimit perMinute() {
        return new LineLimit(Duration.ofMinutes(1));
    }

    /** Whether a line may be written now; if so, the next one has to wait. */
    boolean admits(Instant now) {
        if (now.isBefore(next)) {
            return false;
        }
        next = now.plus(interval);
        return true;
    }
}
