package io.sotto.membership.rotation;

/** How a rotation ended. */
public enum RotationOutcome {
    /** Every member holds the new key alone. */
    FINISHED,
    /** It was called off. */
    ABORTED,
    /** Another key became the primary meanwhile; whoever brought it goes on. */
    SUPERSEDED,
    /** It did not begin, and nothing changed. */
    REFUSED,
    /** It cannot go on. */
    FAILED
}
