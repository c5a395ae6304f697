package io.sotto.membership;

/**
 * The greatest Lamport times that an earlier life of this node had seen. Its clocks go on above them, and events and queries
 * at or below them are old: whoever replays them to a node that has restarted fires nothing.
 *
 * <p>Times are unsigned 64-bit numbers; 0 is none. Source: gossip specification, section 17.8.
 *
 * @param member of intents
 * @param event of user events
 * @param query of queries
 */
public record LamportFloors(long member, long event, long query) {
    private static final LamportFloors NONE = new LamportFloors(0, 0, 0);
    private static final long LAST = -1;

    /** Of a node that has not lived before, or does not remember. */
    public static LamportFloors none() {
        return NONE;
    }

    /** What clocks have seen that show these times as the next ones. */
    public static LamportFloors below(long memberClock, long eventClock, long queryClock) {
        return new LamportFloors(below(memberClock), below(eventClock), below(queryClock));
    }

    /** The least time of a user event that is not old. */
    public long eventMinTime() {
        return above(event);
    }

    /** The least time of a query that is not old. */
    public long queryMinTime() {
        return above(query);
    }

    private static long below(long clock) {
        return clock == 0 ? 0 : clock - 1;
    }

    private static long above(long floor) {
        return floor == LAST ? LAST : floor + 1;
    }
}
