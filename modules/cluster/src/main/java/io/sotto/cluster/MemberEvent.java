package io.sotto.cluster;

/**
 * Something that happened to a member. Subscribers first receive one {@link Kind#JOINED} per member already known.
 *
 * @param kind what happened
 * @param member the member after it happened
 */
public record MemberEvent(Kind kind, Member member) {
    /** The changes that Serf reports. */
    public enum Kind {
        /** It is new, or it is back. */
        JOINED,
        /** Its tags or its address changed. */
        UPDATED,
        /** It left on purpose, or was declared to have left. */
        LEFT,
        /** It no longer answers. */
        FAILED,
        /** It is forgotten. */
        REAPED
    }
}
