package io.sotto.gossip;

import java.util.concurrent.atomic.LongAdder;

/**
 * How much news waits to be spread, for operators. Written by {@link Broadcasts}, read by anybody.
 */
public final class QueueDepths {
    private volatile int claims;
    private volatile int intents;
    private volatile int queries;
    private volatile int events;
    private final LongAdder dropped = new LongAdder();

    void set(int newClaims, int newIntents, int newQueries, int newEvents) {
        claims = newClaims;
        intents = newIntents;
        queries = newQueries;
        events = newEvents;
    }

    void dropped(int messages) {
        dropped.add(messages);
    }

    /** News dropped before it was sent its full number of times, because more waited than may, or because it fits into no datagram. */
    public long dropped() {
        return dropped.sum();
    }

    /** Claims about members. */
    public int claims() {
        return claims;
    }

    /** Serf's join and leave intents. */
    public int intents() {
        return intents;
    }

    /** Queries, ours and those of others. */
    public int queries() {
        return queries;
    }

    /** User events, ours and those of others. */
    public int events() {
        return events;
    }
}
