package io.sotto.testkit.invariant;

/**
 * A claim about a pool that must hold after every step. One owner, {@link Watch}; a checker may remember what it saw.
 * Source: ours, after SWIM, Lifeguard and the gossip specification, sections 10 to 13 and 17.
 */
public interface Invariant {
    /** The claim, in words that fit into one line. */
    String claim();

    /** Told once for each record that differs from the moment before, a process's own record before those of others. */
    default void changed(Change change, Report report) {}

    /** The work of a moment is done, and all its changes have been told. */
    default void looked(Moment moment, Report report) {}

    /** The counters of one process were read, which happens now and then. */
    default void counted(Moment moment, Sight sight, Tally tally, Report report) {}

    /** Takes what was seen that must not be. */
    interface Report {
        void violated(Invariant invariant, String detail);
    }
}
