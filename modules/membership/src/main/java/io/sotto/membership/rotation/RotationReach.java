package io.sotto.membership.rotation;

/** How far the new key has got with any member; only ever grows while a rotation lasts. */
enum RotationReach {
    /** No member was told to seal with it. */
    INSTALLED,
    /** A member may have been told so. */
    USED,
    /** All members did at one time. */
    CONFIRMED,
    /** A member may have been told to forget an old key. */
    REMOVING
}
