package io.sotto.rpc;

import java.util.concurrent.CompletionStage;

/** Answers the calls of one method. */
@FunctionalInterface
public interface Endpoint {
    /**
     * Answers one call. Called on the link's thread, so it must not block: work that takes time goes elsewhere, and the
     * answer may be completed on any thread. What it throws, or fails with, is logged, and the caller sees
     * {@code internal error}.
     */
    CompletionStage<RpcAnswer> answer(IncomingCall call);
}
