package io.sotto.gossip.datapath;

/** How far the demands in force decide whether a datagram leaves sealed. Source: security rules, "Keys". */
public enum Sealing {
    /** Sealed if the pool demands it. */
    AS_DEMANDED,
    /**
     * Sealed with the primary key, also where what is sent need not be: every member with that key reads it all the same.
     * Where there is no key by the time it leaves it is dropped and counted, never sent in the clear.
     */
    ALWAYS
}
