package io.sotto.membership;

import io.sotto.wire.message.SerfMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The Lamport clock of intents, and the intents about members that are not known yet. One owner. User events and queries
 * have clocks of their own: {@link io.sotto.membership.event.EventBook}, {@link io.sotto.membership.query.QueryBook}.
 *
 * <p>Every intent that arrives is first witnessed by {@link #members}. Then it goes to the machine of that name, or, if
 * there is none, to {@link #buffer}. Source: gossip specification, sections 17.1 and 17.2.
 */
public final class IntentBook {
    private static final long FIRST_TIME = 1;
    private static final int MAX_UNKNOWN_NAMES = 8_192;

    private final LamportClock members = new LamportClock(FIRST_TIME);
    private final RecentIntents unknown;

    /** @param recentIntentTimeout how long an intent is kept */
    public IntentBook(Duration recentIntentTimeout) {
        this.unknown = new RecentIntents(recentIntentTimeout, MAX_UNKNOWN_NAMES);
    }

    /**
     * As after an earlier life of this node: the clock is past what that had seen.
     *
     * @param recentIntentTimeout how long an intent is kept
     */
    public static IntentBook above(LamportFloors floors, Duration recentIntentTimeout) {
        IntentBook book = new IntentBook(recentIntentTimeout);
        book.members.witness(floors.member());
        return book;
    }

    /** The clock of intents. */
    public LamportClock members() {
        return members;
    }

    /** A join intent with the present time, which is then witnessed. */
    public SerfMessage.Join stampJoin(String node) {
        var join = new SerfMessage.Join(members.time(), node);
        members.witness(join.ltime());
        return join;
    }

    /** A leave intent with the present time, which is then incremented. Also declares another, failed member to have left. */
    public SerfMessage.Leave stampLeave(String node, boolean prune) {
        var leave = new SerfMessage.Leave(members.time(), node, prune);
        members.increment();
        return leave;
    }

    /** Keeps an intent about an unknown member; true if it was news and is to be gossiped on. */
    public boolean buffer(SerfMessage.Intent intent, Instant now) {
        return unknown.add(intent, now);
    }

    /** The buffered intent about {@code node}, unless it has expired. It stays, since the member may come more than once. */
    public Optional<SerfMessage.Intent> recent(String node, Instant now) {
        return unknown.get(node, now);
    }

    /** Drops what has expired; call now and then. */
    public void expire(Instant now) {
        unknown.expire(now);
    }
}
