package io.sotto.membership.event;

import io.sotto.membership.MemberEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds events back for a while, so that an application hears of several that belong together only what matters in the
 * end. It changes what is delivered here and nothing else. One owner.
 *
 * <p>What is held back is delivered when the period since the first of it is over, when nothing has come for the quiet time,
 * or when there is too much of it. Source: gossip specification, section 17.9; the bound is ours.
 */
public final class Coalescing<E> {
    /** Events held back at a time. */
    private static final int HELD_MAX = 1_024;

    private final Gathering<E> gathering;
    private final Duration period;
    private final Duration quiet;
    private @Nullable Instant end;
    private @Nullable Instant quietEnd;

    /** What belongs together, and what of it matters. */
    interface Gathering<E> {
        /** Whether the event may be held back at all. */
        boolean takes(E event);

        void add(E event);

        /** Events held back. */
        int size();

        /** What is to be delivered of them, in order; nothing is held back any more. */
        List<E> drain();
    }

    private Coalescing(Gathering<E> gathering, Duration period, Duration quiet) {
        this.gathering = gathering;
        this.period = period;
        this.quiet = quiet;
    }

    /**
     * Of several events of one member the latest; none that says what was said of it last, but for updates.
     *
     * @param period the longest that anything is held back
     * @param quiet the longest that it is while nothing comes
     */
    public static Coalescing<MemberEvent> ofMembers(Duration period, Duration quiet) {
        return new Coalescing<>(new LatestOfMembers(), period, quiet);
    }

    /** Of several user events of one name, sent to be coalesced, those of the greatest time; all others at once. */
    public static Coalescing<UserEvent> ofUserEvents(Duration period, Duration quiet) {
        return new Coalescing<>(new LatestOfNames(), period, quiet);
    }

    /** An event happened; answers what is to be delivered now. */
    public List<E> on(E event, Instant now) {
        if (!gathering.takes(event)) {
            return List.of(event);
        }
        gathering.add(event);
        if (end == null) {
            end = now.plus(period);
        }
        quietEnd = now.plus(quiet);
        return gathering.size() >= HELD_MAX ? drain() : List.of();
    }

    /** When {@link #onTimer} has something to do; empty while nothing is held back. */
    public Optional<Instant> due() {
        if (end == null || quietEnd == null) {
            return Optional.empty();
        }
        return Optional.of(quietEnd.isBefore(end) ? quietEnd : end);
    }

    /** Time has passed; answers what is to be delivered now. */
    public List<E> onTimer(Instant now) {
        return due().filter(at -> !now.isBefore(at)).isPresent() ? drain() : List.of();
    }

    private List<E> drain() {
        end = null;
        quietEnd = null;
        return gathering.drain();
    }
}
