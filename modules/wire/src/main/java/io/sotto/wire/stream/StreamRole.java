package io.sotto.wire.stream;

/** Which of the two messages of an exchange: it decides on the label header and on the types allowed. */
public enum StreamRole {
    /** From the side that dialled: ping, user message or push/pull, with the label header in front. */
    REQUEST,
    /** From the side that was dialled: ack, push/pull or error, never with a label header. */
    ANSWER
}
