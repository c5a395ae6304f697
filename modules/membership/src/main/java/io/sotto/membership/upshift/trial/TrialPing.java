package io.sotto.membership.upshift.trial;

/** A ping of a trial. */
public enum TrialPing {
    /** Sealed with the key that the trial is about. */
    SEALED,
    /** Not sealed. */
    PLAIN
}
