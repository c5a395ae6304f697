package io.sotto.rpc.link;

import io.sotto.pki.PeerIdentity;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Source;

/**
 * One connection that we dialled and that the peer confirmed. Calls go out in the order in which they are made, each on a
 * stream of its own; those that wait together share TLS records. Safe to use from every thread; futures complete on the
 * link's own thread, where nothing may block.
 *
 * <p>Source: RPC specification, sections 2, 3 and 9.
 */
public interface RpcLink extends RpcCaller {
    /**
     * A call whose answer is a series. The call is made when the source is materialised; the peer sends no more than the
     * stream's window ahead of demand, and cancelling the source tells it to stop. The source itself only completes; how the
     * call ended is its materialised value: {@code Answered}, with the body of the closing mark, when the series is whole. A
     * method that answers once gives no element and {@code Answered}.
     */
    Source<Octets, CompletionStage<RpcResult>> streamed(RpcRequest request);

    /** Calls made and not yet ended. */
    int inFlight();

    /** What the peer proved about itself. */
    PeerIdentity peer();

    boolean isTls();

    /** The generation of the TLS snapshot that it was dialled under. */
    long tlsGeneration();

    /** Completed when the connection is gone; the calls on it have ended by then. */
    CompletionStage<LinkEnd> ended();

    /**
     * Completed when no further call can be made here, because the peer or {@link #drain} said so, or because it ended. Those
     * under way go on.
     */
    CompletionStage<LinkEnd> goneAway();

    /** Takes no further call, lets those under way end for as long as the drain timeout allows, and closes. */
    void drain();
}
