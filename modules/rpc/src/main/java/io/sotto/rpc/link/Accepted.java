package io.sotto.rpc.link;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** One accepted connection's place among all: how other threads reach it, and what it holds. */
final class Accepted {
    private final AcceptedConnections all;
    private final InetSocketAddress source;
    private final long tlsGeneration;
    private final Inbox<ServingOrder> inbox = new Inbox<>();

    /** Whether it was told to go before it was served; looked at by its owner alone. */
    private volatile boolean isDisplaced;

    Accepted(AcceptedConnections all, InetSocketAddress source, long tlsGeneration) {
        this.all = all;
        this.source = source;
        this.tlsGeneration = tlsGeneration;
    }

    InetSocketAddress source() {
        return source;
    }

    long tlsGeneration() {
        return tlsGeneration;
    }

    Inbox<ServingOrder> inbox() {
        return inbox;
    }

    boolean offer(ServingOrder order) {
        return inbox.offer(order);
    }

    @Nullable
    ServingOrder poll() {
        return inbox.poll();
    }

    /** Its first byte has come. */
    void isHeard() {
        all.hear(this);
    }

    /** It has said what it wants. */
    void isServed() {
        all.serve(this);
    }

    /** Counts bytes; false if all requests being read hold more than they may. */
    boolean buffer(int change) {
        return all.buffer(change);
    }

    /** A newer one takes its place. */
    void displace() {
        isDisplaced = true;
        inbox.offer(ServingOrder.Drain.DRAIN);
    }

    boolean isDisplaced() {
        return isDisplaced;
    }

    void leave() {
        all.leave(this);
    }
}
