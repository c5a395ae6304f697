package io.sotto.rpc.link;

import io.sotto.pki.PeerIdentity;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** What callers hold of a dialled connection; {@link DialCore} is the rest of it. */
final class DialledLink implements RpcLink {
    private final LinkSettings settings;
    private final LinkCounters counters;
    private final LongSupplier clock;
    private final boolean isTls;
    private final long tlsGeneration;
    private final Inbox<Order> inbox = new Inbox<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final CompletableFuture<LinkEnd> ended = new CompletableFuture<>();
    private final CompletableFuture<LinkEnd> goneAway = new CompletableFuture<>();
    private volatile @Nullable LinkEnd end;
    private volatile PeerIdentity peer = PeerIdentity.unproven();

    DialledLink(LinkSettings settings, LinkCounters counters, LongSupplier clock, boolean isTls, long tlsGeneration) {
        this.settings = settings;
        this.counters = counters;
        this.clock = clock;
        this.isTls = isTls;
        this.tlsGeneration = tlsGeneration;
    }

    @Override
    public CompletableFuture<RpcResult> call(RpcRequest request) {
        return make(request, null);
    }

    @Override
    public Source<Octets, CompletionStage<RpcResult>> streamed(RpcRequest request) {
        return Source.fromGraph(new SeriesSource(this, request));
    }

    /** A call that is on its way, or that has ended already because it cannot be. */
    LinkCall make(RpcRequest request, LinkCall.@Nullable Elements elements) {
        LinkCall call =
                new LinkCall(request, clock.getAsLong() + request.timeout().toNanos(), elements, this::tell);
        LinkEnd over = end;
        if (over != null) {
            return ended(call, new RpcResult.Unreachable(over.reason(), false));
        }
        if (request.body().length() > settings.maxMessageBytes()) {
            return ended(call, new RpcResult.Failed("rpc: the request is longer than sotto.rpc.max-message"));
        }
        if (inFlight.incrementAndGet() > settings.maxCallsInFlight()) {
            inFlight.decrementAndGet();
            return ended(call, new RpcResult.Overloaded("sotto.rpc.max-calls-in-flight"));
        }
        if (!inbox.offer(call)) {
            inFlight.decrementAndGet();
            return ended(call, new RpcResult.Unreachable("the connection has ended", false));
        }
        return call;
    }

    private void tell(Order order) {
        // Nobody needs to hear it once the link has ended.
        boolean unused = inbox.offer(order);
    }

    /** Tells the link that an element of a series was taken. */
    void took(LinkCall call, int bytes) {
        inbox.offer(new Order.Took(call, bytes));
    }

    @Override
    public int inFlight() {
        return inFlight.get();
    }

    @Override
    public PeerIdentity peer() {
        return peer;
    }

    @Override
    public boolean isTls() {
        return isTls;
    }

    @Override
    public long tlsGeneration() {
        return tlsGeneration;
    }

    @Override
    public CompletionStage<LinkEnd> ended() {
        return ended;
    }

    @Override
    public CompletionStage<LinkEnd> goneAway() {
        return goneAway;
    }

    @Override
    public void drain() {
        inbox.offer(Order.Drain.DRAIN);
    }

    Inbox<Order> inbox() {
        return inbox;
    }

    @Nullable
    Order poll() {
        return inbox.poll();
    }

    void confirmed(PeerIdentity identity) {
        peer = identity;
        counters.linked.increment();
    }

    void left() {
        inFlight.decrementAndGet();
    }

    void goesAway(LinkEnd why) {
        end = why;
        goneAway.complete(why);
    }

    /** No call is taken any more; those under way are about to be ended. */
    void ends(LinkEnd how) {
        goesAway(how);
        counters.linked.decrement();
    }

    void close() {
        inbox.close();
    }

    /** The socket is closed and every call has ended. */
    void hasEnded() {
        LinkEnd how = end;
        ended.complete(how == null ? new LinkEnd(false, "never linked") : how);
    }

    private LinkCall ended(LinkCall call, RpcResult result) {
        counters.ended(LinkCounters.CallEnd.of(result));
        call.complete(result);
        if (call.elements != null) {
            call.elements.ended(result);
        }
        return call;
    }

    @Override
    public String toString() {
        return "RpcLink[" + (isTls ? "TLS" : "plaintext") + ", " + inFlight + " in flight]";
    }
}
