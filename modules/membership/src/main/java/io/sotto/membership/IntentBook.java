package io.sotto.membership;

import io.sotto.wire.message.SerfMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The three Lamport clocks of a pool, and the intents about members that are not known yet. One owner.
 *
 * <p>Every intent that arrives is witnessed here first. Then it goes to the machine of that name, or, if there is none,
 * to {@link #buffer}. Source: gossip specification, sections 17.1 and 17.2.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class IntentBook {
    /** @param recentIntentTimeout how long an intent is kept */
    public IntentBook(Duration recentIntentTimeout) {}

    public LamportClock members() {
        throw new IllegalStateException("pending");
    }

    public LamportClock events() {
        throw new IllegalStateException("pending");
    }

    public LamportClock queries() {
        throw new IllegalStateException("pending");
    }

    /** A join intent with the present time, which is then witnessed. */
    public SerfMessage.Join stampJoin(String node) {
        throw new IllegalStateException("pending");
    }

    /** A leave intent with the present time, which is then incremented. */
    public SerfMessage.Leave stampLeave(String node, boolean prune) {
        throw new IllegalStateException("pending");
    }

    /** Keeps an intent about an unknown member; true if it was news and is to be gossiped on. */
    public boolean buffer(SerfMessage.Intent intent, Instant now) {
        throw new IllegalStateException("pending");
    }

    /** The buffered intent about {@code node} that has not expired. */
    public Optional<SerfMessage.Intent> recent(String node, Instant now) {
        throw new IllegalStateException("pending");
    }

    /** Drops what has expired; call now and then. */
    public void expire(Instant now) {
        throw new IllegalStateException("pending");
    }
}
