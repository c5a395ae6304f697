package io.sotto.gossip;

import io.sotto.gossip.datapath.Outbound;
import io.sotto.gossip.datapath.Outbox;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.stream.Exchanged;
import io.sotto.wire.stream.StreamMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What outlives a {@link Transport} that is restarted: the address it had, what it carried, and a door that leads to
 * whichever transport is there. Written by the transport, read by the actors that send; while none is there, datagrams are
 * dropped and counted, and exchanges fail.
 */
final class TransportSlot implements Outbox {
    /** Sends one request over a stream of the transport that is there. */
    @FunctionalInterface
    interface Dialler {
        CompletionStage<Exchanged> exchange(InetSocketAddress to, StreamMessage request, Duration timeout);
    }

    /** Sends one request over a stream on terms of its own; nothing that comes of it counts as traffic of the pool. */
    @FunctionalInterface
    interface TrialDialler {
        CompletionStage<Exchanged> exchange(
                InetSocketAddress to, StreamMessage request, Duration timeout, WirePolicy terms);
    }

    /** How an exchange ends while no transport is there. */
    static final Exchanged.Failed UNBOUND = new Exchanged.Failed("the gossip port is not bound");

    private final LongAdder dropped = new LongAdder();
    private volatile @Nullable InetSocketAddress address;
    private volatile Transport.@Nullable Carry carry;
    private volatile @Nullable Outbox outbox;
    private volatile @Nullable Dialler dialler;
    private volatile @Nullable TrialDialler trials;

    Optional<InetSocketAddress> address() {
        return Optional.ofNullable(address);
    }

    Optional<Transport.Carry> carrying() {
        return Optional.ofNullable(carry);
    }

    void bound(InetSocketAddress newAddress, Dialler newDialler) {
        address = newAddress;
        dialler = newDialler;
    }

    void trials(TrialDialler newTrials) {
        trials = newTrials;
    }

    void carry(Transport.Carry newCarry) {
        carry = newCarry;
    }

    void outbox(Outbox newOutbox) {
        outbox = newOutbox;
    }

    void lost() {
        outbox = null;
        dialler = null;
        trials = null;
    }

    @Override
    public boolean offer(Outbound outbound) {
        Outbox current = outbox;
        if (current == null) {
            dropped.increment();
            return false;
        }
        return current.offer(outbound);
    }

    @Override
    public long dropped() {
        Outbox current = outbox;
        return dropped.sum() + (current == null ? 0 : current.dropped());
    }

    /** Datagrams dropped because no transport was there. */
    long droppedUnbound() {
        return dropped.sum();
    }

    CompletionStage<Exchanged> exchange(InetSocketAddress to, StreamMessage request, Duration timeout) {
        Dialler current = dialler;
        return current == null ? CompletableFuture.completedFuture(UNBOUND) : current.exchange(to, request, timeout);
    }

    /** The same on {@code terms}; see {@link TrialDialler}. */
    CompletionStage<Exchanged> exchange(
            InetSocketAddress to, StreamMessage request, Duration timeout, WirePolicy terms) {
        TrialDialler current = trials;
        return current == null
                ? CompletableFuture.completedFuture(UNBOUND)
                : current.exchange(to, request, timeout, terms);
    }
}
