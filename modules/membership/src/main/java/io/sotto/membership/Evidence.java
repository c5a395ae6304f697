package io.sotto.membership;

import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What speaks for and against what others say of one member: their claims that wait, and how our own pings went. One owner,
 * the member's machine, which forgets most of it when a suspicion ends. Source: ours.
 */
final class Evidence {
    private @Nullable Instant answeredAt;
    private @Nullable Instant leavingSince;
    private SwimMessage.@Nullable Dead told;
    private boolean probeFailed;
    private boolean asking;

    Grounds grounds(Teller teller, Instant now) {
        return new Grounds(
                teller,
                probeFailed,
                Optional.ofNullable(answeredAt).map(at -> Duration.between(at, now)),
                Optional.ofNullable(leavingSince).map(at -> Duration.between(at, now)));
    }

    /** A death or farewell that does not count yet. */
    void keep(SwimMessage.Dead dead) {
        // Whoever heard the farewell too late tells of a death; it stays a farewell.
        if (told == null || !told.isLeave() || dead.isLeave()) {
            told = dead;
        }
    }

    Optional<SwimMessage.Dead> told() {
        return Optional.ofNullable(told);
    }

    /** Whether a ping is to be sent now: one is enough at a time. */
    boolean ask() {
        boolean first = !asking;
        asking = true;
        return first;
    }

    boolean hasFailed() {
        return probeFailed;
    }

    void failed() {
        asking = false;
        probeFailed = true;
    }

    /** Deaths that others told of are contradicted; a farewell is not, since who leaves answers until it has gone. */
    void answered(Instant now) {
        asking = false;
        probeFailed = false;
        answeredAt = now;
        if (told != null && !told.isLeave()) {
            told = null;
        }
    }

    /** The member means to leave, or does not any more. */
    void leaving(boolean isLeaving, Instant now) {
        if (!isLeaving) {
            leavingSince = null;
            if (told != null && told.isLeave()) {
                told = null;
            }
        } else if (leavingSince == null) {
            leavingSince = now;
        }
    }

    /** The suspicion is over: the member has refuted it, or is gone. */
    void settled() {
        told = null;
        probeFailed = false;
    }
}
