package io.sotto.gossip.stream;

import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.stream.StreamMessage;
import java.util.Optional;

/** How a request of ours over a stream ended. */
public sealed interface Exchanged {
    /**
     * The peer answered.
     *
     * @param key the key of the ring that opened the answer; empty where nothing had sealed it
     */
    record Answered(StreamMessage message, Optional<GossipKey> key) implements Exchanged {}

    /** All was written, and no answer belongs to such a request. */
    record Sent() implements Exchanged {}

    /**
     * It failed.
     *
     * @param text what the real implementation prints, such as {@code remote error: ...}
     * @param isCutOff whether the other side ended the connection before a byte of an answer had come
     */
    record Failed(String text, boolean isCutOff) implements Exchanged {
        public Failed(String text) {
            this(text, false);
        }
    }
}
