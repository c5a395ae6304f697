package io.sotto.wire.message;

import io.sotto.wire.Rejection;

/** What became of the bytes of one memberlist message. Source: ours. */
public sealed interface Decoded {
    /** The bytes were a message, and every value in it is within its bounds. */
    record Message(SwimMessage message) implements Decoded {}

    /** They were not; {@code detail} is for the log and holds no bytes of the message. */
    record Malformed(Rejection.Reason reason, String detail) implements Decoded {}
}
