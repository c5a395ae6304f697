package io.sotto.membership;

/**
 * The rules of user events and queries that the members of one pool share. Source: gossip specification, sections 15 and
 * 17.5 to 17.7.
 *
 * @param eventSlots Lamport times of user events that are remembered, to know what has been seen
 * @param querySlots the same of queries
 * @param userEventMaxBytes the longest user event that this node sends, with its name, encoded; binds only the sender
 * @param queryMaxBytes the longest query that it sends, encoded
 * @param answerMaxBytes the longest answer that it sends, encoded
 * @param queryTimeoutMult gossip intervals that a query is given for each power of ten of members
 * @param resolveNameConflicts whether the pool is asked who bears our name when another address claims it; whatever it
 *     answers is reported, and the node goes on
 */
public record EventSettings(
        int eventSlots,
        int querySlots,
        int userEventMaxBytes,
        int queryMaxBytes,
        int answerMaxBytes,
        int queryTimeoutMult,
        boolean resolveNameConflicts) {
    /** No real member sends a longer user event, whatever it is set to. Source: gossip specification, section 17.5. */
    public static final int USER_EVENT_HARD_MAX_BYTES = 9_216;

    public EventSettings {
        requirePositive("eventSlots", eventSlots);
        requirePositive("querySlots", querySlots);
        requirePositive("userEventMaxBytes", userEventMaxBytes);
        requirePositive("queryMaxBytes", queryMaxBytes);
        requirePositive("answerMaxBytes", answerMaxBytes);
        requirePositive("queryTimeoutMult", queryTimeoutMult);
        if (userEventMaxBytes > USER_EVENT_HARD_MAX_BYTES) {
            throw new IllegalArgumentException("userEventMaxBytes must be at most " + USER_EVENT_HARD_MAX_BYTES
                    + ", which no member exceeds, not " + userEventMaxBytes);
        }
    }

    /** The Serf agent's. */
    public static EventSettings serf() {
        return new EventSettings(512, 512, 512, 1_024, 1_024, 16, true);
    }

    /** Consul's, which ask nobody about names. */
    public static EventSettings consul() {
        return new EventSettings(512, 512, 512, 1_024, 1_024, 16, false);
    }

    /** With other bounds of what this node sends, and with or without questions about its name. */
    public EventSettings with(
            int newUserEventMaxBytes, int newQueryMaxBytes, int newAnswerMaxBytes, boolean newResolveNameConflicts) {
        return new EventSettings(
                eventSlots,
                querySlots,
                newUserEventMaxBytes,
                newQueryMaxBytes,
                newAnswerMaxBytes,
                queryTimeoutMult,
                newResolveNameConflicts);
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
