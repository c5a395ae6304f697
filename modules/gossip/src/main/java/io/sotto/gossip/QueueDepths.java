package io.sotto.gossip;

import java.util.concurrent.atomic.LongAdder;

/**
 * How much news waits to be spread, for operators. Written by {@link Broadcasts}, read by anybody.
 */
public final class QueueDepths {
    private volatile int claims;
    private volatile int intents;
    private final LongAdder dropped = new LongAdder();

    void set(int newClaims, int newIntents) {
        claims = newClaims;
        intents = newIntents;
    }

    void dropped(int messages) {
        dropped.add(messages);
    }

    /** News dropped before it was sent its full number of times, because more waited than may. */
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
}
