package io.sotto.membership.rotation;

/** How far a rotation has got; each follows the one before, and {@link #WAITING} is followed by {@link #CONFIRMING} again. */
public enum RotationPhase {
    /** There is none. */
    IDLE,
    /** All members are asked which keys they hold. */
    SURVEYING,
    /** The new key is drawn, and put on this node's own ring before anybody hears of it. */
    MAKING,
    /** All members are told to put the new key on their rings. */
    INSTALLING,
    /** All members are asked whether they have it. */
    CHECKING,
    /** All members are told to seal with it. */
    USING,
    /** All members are asked whether they do. */
    CONFIRMING,
    /** What was sealed with the old key may still be under way. */
    WAITING,
    /** All members are told to forget the old keys. */
    REMOVING,
    /** All members are asked whether they have. */
    CLEARING,
    /** It is over. */
    DONE
}
