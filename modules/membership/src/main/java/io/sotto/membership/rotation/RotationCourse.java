package io.sotto.membership.rotation;

/** Where a rotation is heading. */
public enum RotationCourse {
    /** To the new key. */
    FORWARD,
    /** Back to sealing with the old key for a while, so that a member that can read nothing else gets the new one. */
    RESCUE,
    /** Back to the old key for good. */
    BACK
}
