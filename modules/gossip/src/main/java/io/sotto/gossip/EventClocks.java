package io.sotto.gossip;

import io.sotto.membership.LamportFloors;

/**
 * The next times of the Lamport clocks that {@link Events} keeps, unsigned; published after each change.
 *
 * @param events of user events
 * @param queries of queries
 */
record EventClocks(long events, long queries) {
    /** Of a pool that has heard nothing. */
    static EventClocks first() {
        return new EventClocks(1, 1);
    }

    /** Of a pool that has heard nothing yet in this life of its node. */
    static EventClocks above(LamportFloors floors) {
        return new EventClocks(floors.eventMinTime(), floors.queryMinTime());
    }
}
