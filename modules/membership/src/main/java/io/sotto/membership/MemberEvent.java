package io.sotto.membership;

/**
 * What an application is told of a member. Source: gossip specification, section 17.2.
 *
 * @param member the record after the change
 */
public record MemberEvent(Kind kind, MemberRecord member) {
    /** The five things that happen to members. */
    public enum Kind {
        JOINED,
        UPDATED,
        LEFT,
        FAILED,
        REAPED
    }
}
