package io.sotto.rpc.link;

import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call on a dialled link, from its making to its end. The result is completed by the link's owner, or by cancelling. */
final class LinkCall extends CompletableFuture<RpcResult> implements Order {
    /** Takes the elements of a series, on the link's thread; what it took it tells by {@link Order.Took}. */
    interface Elements {
        void element(Octets body, int weight);

        void ended(RpcResult result);
    }

    private static final int NO_STREAM = 0;

    final RpcRequest request;
    final long deadlineNanos;
    final @Nullable Elements elements;
    private final Consumer<Order> tell;

    /** Owner only: the stream that it is on, and whether its place among those in flight was given back. */
    int stream = NO_STREAM;

    boolean hasLeft;

    LinkCall(RpcRequest request, long deadlineNanos, @Nullable Elements elements, Consumer<Order> tell) {
        this.request = request;
        this.deadlineNanos = deadlineNanos;
        this.elements = elements;
        this.tell = tell;
    }

    /** Ends the call at once with {@link RpcResult.Cancelled}; the link then tells the peer. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean isEnded = complete(new RpcResult.Cancelled());
        if (isEnded) {
            tell.accept(this);
        }
        return isEnded;
    }

    boolean isSent() {
        return stream != NO_STREAM;
    }
}
