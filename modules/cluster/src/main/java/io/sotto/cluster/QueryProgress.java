package io.sotto.cluster;

import io.sotto.wire.Octets;
import java.time.Duration;

/**
 * What comes back of a query, in this order: {@link Started}, then acks and answers as they arrive, then {@link Finished};
 * or {@link Refused} alone. Each member acks and answers at most once.
 */
public sealed interface QueryProgress {
    /**
     * The question is on its way.
     *
     * @param ltime its Lamport time
     * @param timeout how long answers count
     */
    record Started(long ltime, Duration timeout) implements QueryProgress {}

    /**
     * A member got the question.
     *
     * @param from the name that it gives itself; a claim, not a proof
     */
    record Acked(String from) implements QueryProgress {}

    /**
     * A member answered.
     *
     * @param from the name that it gives itself; a claim, not a proof
     */
    record Answered(String from, Octets payload) implements QueryProgress {}

    /** Time is up; what comes later is dropped. */
    record Finished(int acks, int answers) implements QueryProgress {}

    /**
     * Nothing was asked.
     *
     * @param reason for people, such as a question that is too long or an expression that cannot be read
     */
    record Refused(String reason) implements QueryProgress {}
}
