package io.sotto.membership.proof;

/** What {@link Proofs} wants done, in this order. Source: ours. */
public sealed interface ProofStep {
    Subject subject();

    /** Send a ping with this number. */
    record Ping(Subject subject, long seqNo) implements ProofStep {}

    /** Have helpers ping it, with this number. */
    record AskOthers(Subject subject, long seqNo) implements ProofStep {}

    /** It answered. */
    record Answered(Subject subject) implements ProofStep {}

    /** It did not answer, nor did a helper pass an answer on: forgotten. */
    record Silent(Subject subject, long seqNo) implements ProofStep {}
}
