package io.sotto.rpc.application;

import org.apache.pekko.stream.javadsl.Source;

/**
 * Answers the calls of one {@link RpcMethod} with a stream of values, as fast as the caller takes them.
 *
 * @param <Q> what a request is
 * @param <A> what each part of the answer is
 */
@FunctionalInterface
public interface RpcStreamService<Q, A> {
    /**
     * Answers one call. The source is cancelled when the caller is gone or has had enough. How its failure reaches the caller
     * is as with {@link RpcService#answer}. Called on the connection's thread, so it must not block.
     */
    Source<A, ?> answer(Q request, CallContext context);
}
