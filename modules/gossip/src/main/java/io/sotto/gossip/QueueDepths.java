package io.sotto.gossip;

/**
 * How much news waits to be spread, for operators. Written by {@link Broadcasts}, read by anybody.
 */
public final class QueueDepths {
    private volatile int claims;
    private volatile int intents;

    void set(int newClaims, int newIntents) {
        claims = newClaims;
        intents = newIntents;
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
