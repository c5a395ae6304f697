package io.sotto.gossip;

import io.sotto.gossip.datapath.WirePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether plaintext is taken in beside a key, since when, and until when it may be. Follows each policy that comes into
 * force.
 *
 * <p>Safe to call from any thread. The listener is told of each change on the thread that makes it.
 */
final class PlaintextBook {
    private final PoolTime time;
    private PlaintextUntil until;
    private Runnable listener = () -> {};
    private volatile Optional<PlaintextPhase> phase = Optional.empty();

    PlaintextBook(PoolTime time, PlaintextUntil until) {
        this.time = time;
        this.until = until;
    }

    /** The phase that lasts. */
    Optional<PlaintextPhase> phase() {
        return phase;
    }

    Instant wall() {
        return time.wall();
    }

    /** How long it has lasted past its deadline. */
    Duration overdue() {
        return phase.map(lasting -> lasting.overdue(time.wall())).orElse(Duration.ZERO);
    }

    /** Tells {@code newListener} of changes from now on, nobody else. */
    synchronized void listener(Runnable newListener) {
        listener = newListener;
    }

    /** This policy is in force from now on. */
    synchronized void follow(WirePolicy policy) {
        boolean accepts = policy.isKeyed() && !policy.verifyIncoming();
        if (accepts != phase.isPresent()) {
            phase = accepts ? Optional.of(phaseSince(time.wall())) : Optional.empty();
            listener.run();
        }
    }

    /** Another end, for the phase that lasts and for those to come. A duration counts from now on. */
    synchronized void until(PlaintextUntil other) {
        if (!other.equals(until)) {
            until = other;
            phase = phase.map(lasting -> new PlaintextPhase(lasting.since(), other.deadline(time.wall())));
            listener.run();
        }
    }

    private PlaintextPhase phaseSince(Instant since) {
        return new PlaintextPhase(since, until.deadline(since));
    }
}
