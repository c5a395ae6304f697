package io.sotto.agent.access;

/** What the sender of one request may do. Safe to use from every thread. Source: ours. */
@FunctionalInterface
public interface Rights {
    /** May everything. */
    Rights ALL = (access, resource) -> true;

    /**
     * Whether this much is allowed.
     *
     * @param resource whose or which, such as the name of a member or of an event; empty where there is but one
     */
    boolean may(Access access, String resource);

    /** Who it is, for what is written down: the accessor of a token, never the token. */
    default String holder() {
        return "anybody";
    }
}
