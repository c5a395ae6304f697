package io.sotto.rpc.pool;

import io.sotto.rpc.link.DialResult;
import java.util.concurrent.CompletionStage;

/** Makes a connection to a peer, under the TLS settings of the moment. */
@FunctionalInterface
public interface RpcDialer {
    /** Ends within a bounded time, and never exceptionally. */
    CompletionStage<DialResult> dial(RpcPeer peer);
}
