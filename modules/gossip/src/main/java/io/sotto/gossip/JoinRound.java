package io.sotto.gossip;

import io.sotto.wire.message.PushPull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Those who join at the same time and are answered together, so that each of them is shown all the others at once instead
 * of hearing of them one by one. They are those who know nobody but themselves. Who comes alone waits for nobody: the first
 * is answered immediately, which begins a round, and is told of the others at its end. A round ends when nobody has come for
 * a moment, when it has lasted for long enough, or when many wait. One owner, {@link Members}. Source: ours; performance notes, "Joins".
 */
final class JoinRound {
    /** Within which nobody else must come for a round to end. */
    static final Duration QUIET = Duration.ofMillis(20);

    private static final Duration LONGEST = Duration.ofMillis(100);

    /** More are not kept waiting: each takes the place of a stream that somebody else may need. */
    private static final int WAITING_MAX = 112;

    /** One who waits, and what it says of itself. */
    record Joiner(PushPull.Node self, ActorRef<PushPull> replyTo) {}

    private final List<Joiner> waiting = new ArrayList<>();
    private Optional<PushPull.Node> first = Optional.empty();
    private boolean isOn;
    private long beganNanos;
    private long lastNanos;

    /** Whether a round is on, so that who comes now waits. */
    boolean isOn() {
        return isOn;
    }

    /** Begins a round with one who has been answered already. */
    void begin(PushPull.Node answered, long nowNanos) {
        isOn = true;
        first = Optional.of(answered);
        beganNanos = nowNanos;
        lastNanos = nowNanos;
    }

    /** One more waits; tells whether the round is to end at once. */
    boolean add(Joiner joiner, long nowNanos) {
        lastNanos = nowNanos;
        waiting.add(joiner);
        return waiting.size() >= WAITING_MAX;
    }

    /** Who was answered before the others came. */
    Optional<PushPull.Node> first() {
        return first;
    }

    /** How long the round goes on if nobody else comes; zero or less when it is over. */
    Duration left(long nowNanos) {
        long quiet = lastNanos + QUIET.toNanos() - nowNanos;
        long longest = beganNanos + LONGEST.toNanos() - nowNanos;
        return Duration.ofNanos(Math.min(quiet, longest));
    }

    /** Ends the round: whom to answer. The next begins at once if there was anybody. */
    List<Joiner> end(long nowNanos) {
        List<Joiner> all = List.copyOf(waiting);
        waiting.clear();
        isOn = !all.isEmpty();
        first = Optional.empty();
        beganNanos = nowNanos;
        lastNanos = nowNanos;
        return all;
    }
}
