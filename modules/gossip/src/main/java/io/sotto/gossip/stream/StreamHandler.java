package io.sotto.gossip.stream;

import io.sotto.wire.stream.StreamMessage;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Answers requests. Called on the pool's dispatcher, many at a time: must not block. */
@FunctionalInterface
public interface StreamHandler {
    /** The answer, or none to close without one, as a failure does too. The connection's deadline goes on meanwhile. */
    CompletionStage<Optional<StreamMessage>> handle(StreamRequest request);
}
