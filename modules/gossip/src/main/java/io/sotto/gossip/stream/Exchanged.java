package io.sotto.gossip.stream;

import io.sotto.wire.stream.StreamMessage;

/** How a request of ours over a stream ended. */
public sealed interface Exchanged {
    /**
     * The peer answered.
     *
     * @param sealed whether a key of the ring opened the answer
     */
    record Answered(StreamMessage message, boolean sealed) implements Exchanged {}

    /** All was written, and no answer belongs to such a request. */
    record Sent() implements Exchanged {}

    /** It failed. {@code text} is what the real implementation prints, such as {@code remote error: ...}. */
    record Failed(String text) implements Exchanged {}
}
