package io.sotto.wire.stream;

import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SwimMessage;

/** What one direction of a stream carries. Source: gossip specification, section 5.2. */
public sealed interface StreamMessage {
    /** A ping, ack, user message or error. */
    record Swim(SwimMessage message) implements StreamMessage {}

    /** A push/pull. */
    record Exchange(PushPull state) implements StreamMessage {}
}
