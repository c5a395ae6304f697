package io.sotto.rpc.application;

import java.util.concurrent.CompletionStage;

/**
 * Answers the calls of one {@link RpcMethod}.
 *
 * @param <Q> what a request is
 * @param <A> what an answer is
 */
@FunctionalInterface
public interface RpcService<Q, A> {
    /**
     * Answers one call. Called on the connection's thread, so it must not block; the stage may be completed on any thread.
     * What it throws, or fails with, is logged, and the caller sees {@code internal error}; but the message of an
     * {@link RpcFaultException} is what the caller sees.
     */
    CompletionStage<A> answer(Q request, CallContext context);
}
