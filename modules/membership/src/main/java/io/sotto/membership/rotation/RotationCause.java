package io.sotto.membership.rotation;

/** Why the key is replaced. */
public enum RotationCause {
    /** An operator or an application asked for it. */
    ASKED,
    /** The schedule says that the key is old. */
    AGE,
    /** This node has sealed as many messages with the key as it may. */
    BUDGET
}
