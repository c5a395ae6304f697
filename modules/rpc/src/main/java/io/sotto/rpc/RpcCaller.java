package io.sotto.rpc;

import java.util.concurrent.CompletableFuture;

/** Whatever calls can be made through: a single link, or a pool of them. Safe to use from every thread. */
@FunctionalInterface
public interface RpcCaller {
    /**
     * Calls, and says how it ended. The future is completed on the thread that read the answer, so what is chained to it
     * without an executor must not block; it never completes exceptionally. Cancelling it cancels the call: the peer is told,
     * and the result, should anyone still look, is {@link RpcResult.Cancelled}.
     */
    CompletableFuture<RpcResult> call(RpcRequest request);
}
