package io.sotto.cluster;

/** What became of a user event that was to be sent. */
public sealed interface EventOutcome {
    /**
     * It is on its way; nobody confirms that all have it.
     *
     * @param ltime its Lamport time
     */
    record Sent(long ltime) implements EventOutcome {}

    /**
     * Nothing was sent.
     *
     * @param reason for people, such as a payload that is too long
     */
    record Refused(String reason) implements EventOutcome {}
}
