package io.sotto.rpc.pool;

import io.sotto.pki.PeerRefused;
import io.sotto.rpc.link.RpcLink;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What callers see of the connection to one peer: the link that calls go to, if there is one, and where those wait that need
 * one. Only the peer's {@link RpcConnection} publishes links here; callers of any thread may take a dead one away.
 */
final class Slot {
    /**
     * What a caller that waits is told, once.
     *
     * @param link the link, if there is one
     * @param failure why there is none
     */
    record Outcome(Optional<RpcLink> link, Optional<Failure> failure) {}

    /**
     * A dial that gave no link.
     *
     * @param reason for people
     * @param refused what was wrong with the peer's certificate, if that was it
     */
    record Failure(String reason, Optional<PeerRefused> refused) {}

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final long number = NUMBERS.incrementAndGet();
    private final AtomicReference<@Nullable RpcLink> link = new AtomicReference<>();
    private final Set<Consumer<Outcome>> waiting = new LinkedHashSet<>();
    private volatile RpcPeer peer;
    private volatile long usedAtNanos;

    Slot(RpcPeer peer, long nowNanos) {
        this.peer = peer;
        this.usedAtNanos = nowNanos;
    }

    /** Differs from all others of this process. */
    long number() {
        return number;
    }

    RpcPeer peer() {
        return peer;
    }

    void update(RpcPeer next) {
        peer = next;
    }

    @Nullable
    RpcLink link() {
        return link.get();
    }

    void publish(RpcLink next) {
        link.set(next);
    }

    /** No further call goes to {@code gone}; whatever took its place stays. */
    void withdraw(RpcLink gone) {
        link.compareAndSet(gone, null);
    }

    void used(long nowNanos) {
        usedAtNanos = nowNanos;
    }

    long usedAtNanos() {
        return usedAtNanos;
    }

    synchronized void await(Consumer<Outcome> caller) {
        waiting.add(caller);
    }

    /** Whether it did wait, and had not been told. */
    synchronized boolean forget(Consumer<Outcome> caller) {
        return waiting.remove(caller);
    }

    synchronized boolean isAwaited() {
        return !waiting.isEmpty();
    }

    /** Tells all that wait, outside the lock: what they do then may come back here. */
    void tell(Outcome outcome) {
        List<Consumer<Outcome>> told;
        synchronized (this) {
            told = new ArrayList<>(waiting);
            waiting.clear();
        }
        told.forEach(caller -> caller.accept(outcome));
    }
}
