package io.sotto.membership.upshift.drive;

/** How an upshift ended. */
public enum UpshiftOutcome {
    /** Every member but those excluded has confirmed the last stage. */
    FINISHED,
    /** It was called off, and every member but those excluded has confirmed the stage that it went back to. */
    UNDONE,
    /** It did not begin; the text says why. */
    REFUSED,
    /** Another member drives it by now. */
    TAKEN_OVER
}
