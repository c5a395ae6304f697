package io.sotto.testkit.fuzz;

/** What must become of a case. */
public enum Verdict {
    /**
     * Nothing in it may have an effect: no message of it reaches whoever acts on messages. It is dropped and counted, or on a
     * stream its connection is closed, after an error at most.
     */
    MUST_BE_REJECTED,

    /** Some message in it may be understood and acted upon. It still must do no harm. */
    MAY_BE_ACCEPTED
}
