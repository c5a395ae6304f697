package io.sotto.membership.event;

/** What a member makes of a user event or a query that reaches it. Source: gossip specification, section 17.5. */
public enum Sighting {
    /** Never seen: to be delivered, and passed on. */
    NEW,
    /** Seen before. */
    DUPLICATE,
    /** From before the window, or from before the time from which events count here. */
    OLD,
    /** So far ahead of our clock that taking it up would silence whoever is honest. Only where claims are guarded. */
    IMPLAUSIBLE,
    /** Longer than any real member sends. Only where claims are guarded. */
    OVERSIZE,
    /** There is no room left to remember it, and so none to tell it from its repetitions. */
    FULL
}
