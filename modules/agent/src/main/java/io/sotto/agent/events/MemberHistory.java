package io.sotto.agent.events;

import io.sotto.cluster.Member;
import io.sotto.cluster.MemberEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * In which state each member was and when, as this agent saw it: each change of state with its time, the newest of them up to a
 * bound. What did not change is not written down. Safe from any thread. Source: ours.
 */
public final class MemberHistory {
    private final InstantSource clock;
    private final int max;
    private final Deque<Change> changes = new ArrayDeque<>();
    private final Map<String, State> last = new HashMap<>();
    private Instant since;

    /** What a member was from some moment on. */
    public enum State {
        UNKNOWN,
        ALIVE,
        LEAVING,
        LEFT,
        FAILED,
        /** It is not listed any more. */
        GONE;

        private static State of(Member.Status status) {
            return switch (status) {
                case NONE -> UNKNOWN;
                case ALIVE -> ALIVE;
                case LEAVING -> LEAVING;
                case LEFT -> LEFT;
                case FAILED -> FAILED;
            };
        }
    }

    /** From this moment on that member was in that state. */
    public record Change(Instant at, String member, State state) {}

    /**
     * What is known.
     *
     * @param since a member of which no change is told has been in its present state since then, or since it came
     * @param changes the oldest first
     */
    public record Known(Instant since, List<Change> changes) {}

    private MemberHistory(InstantSource clock, int max) {
        this.clock = clock;
        this.max = max;
        this.since = clock.instant();
    }

    /**
     * Knows nothing yet; call {@link #seen} with what the pool tells.
     *
     * @param max how many changes are kept, at least 1
     */
    public static MemberHistory create(InstantSource clock, int max) {
        return new MemberHistory(clock, Math.max(1, max));
    }

    /** Takes what the pool told. */
    public synchronized void seen(MemberEvent event) {
        String name = event.member().name();
        boolean isGone = event.kind() == MemberEvent.Kind.REAPED;
        State state = isGone ? State.GONE : State.of(event.member().status());
        State before = isGone ? last.remove(name) : last.put(name, state);
        if (state == before || (isGone && before == null)) {
            return;
        }
        if (changes.size() == max) {
            changes.removeFirst();
            // Of what happened before the oldest change kept, nothing is said.
            since = changes.isEmpty() ? clock.instant() : changes.getFirst().at();
        }
        changes.addLast(new Change(clock.instant(), name, state));
    }

    public synchronized Known known() {
        return new Known(since, List.copyOf(changes));
    }
}
