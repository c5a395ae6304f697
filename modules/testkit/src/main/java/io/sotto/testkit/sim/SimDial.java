package io.sotto.testkit.sim;

import io.sotto.gossip.network.Connection;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The opening of one connection: asks, and asks again after 1 s, 2 s, 4 s, until the other side's machine answers or the
 * time is over. That machine answers for a process that is paused, as kernels do; the process hears of it when it can.
 */
final class SimDial {
    private static final long FIRST_PATIENCE_NANOS = 1_000_000_000L;

    private final SimNetwork network;
    private final SimEndpoint endpoint;
    private final InetSocketAddress to;
    private final CompletableFuture<Connection> result = new CompletableFuture<>();
    private boolean isDone;

    SimDial(SimNetwork network, SimEndpoint endpoint, InetSocketAddress to) {
        this.network = network;
        this.endpoint = endpoint;
        this.to = to;
    }

    CompletionStage<Connection> start(Duration timeout) {
        if (!endpoint.isOpen()) {
            return CompletableFuture.failedFuture(new ClosedChannelException());
        }
        endpoint.host().streamsOpened++;
        endpoint.lane().executeAfter(timeout.toNanos(), () -> {
            if (!isDone) {
                isDone = true;
                result.completeExceptionally(new SocketTimeoutException("i/o timeout"));
            }
        });
        network.hostAt(to).ifPresent(target -> ask(target, FIRST_PATIENCE_NANOS));
        return result;
    }

    private void ask(SimHost target, long patienceNanos) {
        SimHost source = endpoint.host();
        if (isDone || !endpoint.isOpen()) {
            return;
        }
        SimLink there = network.link(source, target);
        SimLink back = network.link(target, source);
        // Both draw, whatever the first gives, so that what follows does not depend on it.
        boolean reaches = there.passes(source.random());
        boolean returns = back.passes(target.random());
        if (source.isBlocked() || !reaches || !returns) {
            network.after(patienceNanos, () -> ask(target, 2 * patienceNanos));
            return;
        }
        long thereNanos = there.delay(source.random());
        long backNanos = back.delay(target.random());
        network.after(thereNanos, () -> answer(target, backNanos));
    }

    private void answer(SimHost target, long backNanos) {
        Optional<SimEndpoint> listening = target.listening(to.getPort());
        if (listening.isEmpty()) {
            network.after(
                    backNanos,
                    () -> complete(() -> result.completeExceptionally(new ConnectException("Connection refused"))));
            return;
        }
        SimEndpoint other = listening.get();
        SimConnection.Pair pair = SimConnection.pair(network, endpoint, other);
        target.streamsAccepted++;
        target.unlessBlocked(() -> other.lane().execute(() -> other.arrive(pair.accepted())));
        network.after(backNanos, () -> {
            if (isDone || !endpoint.isOpen()) {
                pair.dialled().reset();
            } else {
                complete(() -> result.complete(pair.dialled()));
            }
        });
    }

    private void complete(Runnable completion) {
        endpoint.host()
                .unlessBlocked(() -> endpoint.lane().execute(() -> {
                    if (!isDone) {
                        isDone = true;
                        completion.run();
                    }
                }));
    }
}
