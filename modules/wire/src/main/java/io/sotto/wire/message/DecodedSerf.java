package io.sotto.wire.message;

import io.sotto.wire.Rejection;

/** What became of the bytes of one Serf message. Source: ours. */
public sealed interface DecodedSerf {
    /** The bytes were a message, and every value in it is within its bounds. */
    record Message(SerfMessage message) implements DecodedSerf {}

    /** They were not; {@code detail} is for the log and holds no bytes of the message. */
    record Malformed(Rejection.Reason reason, String detail) implements DecodedSerf {}
}
