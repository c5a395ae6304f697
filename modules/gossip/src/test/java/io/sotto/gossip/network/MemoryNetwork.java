package io.sotto.gossip.network;

import io.sotto.wire.Octets;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A network without sockets, threads or time: what is sent is there when {@code send} returns.
 *
 * <p>Datagrams are delivered on the sender's thread, in batches of one. Links can be cut in one direction; every datagram
 * that was sent is kept for a test to look at. Safe to use from several threads.
 */
public final class MemoryNetwork implements Network {
    private static final int FIRST_PORT = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Map<InetSocketAddress, MemoryEndpoint> endpoints = new ConcurrentHashMap<>();
    private final AtomicInteger nextPort = new AtomicInteger(FIRST_PORT);
    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private volatile BiPredicate<InetSocketAddress, InetSocketAddress> link = (from, to) -> true;

    /** One datagram that somebody sent, whether or not it arrived. */
    public record Sent(InetSocketAddress from, InetSocketAddress to, Octets bytes) {}

    /** Says from now on which sender reaches which receiver, datagrams and new connections alike. */
    public void link(BiPredicate<InetSocketAddress, InetSocketAddress> reaches) {
        link = reaches;
    }

    /** Every datagram sent so far, in order. */
    public List<Sent> sent() {
        return List.copyOf(sent);
    }

    /** Waits until {@code count} datagrams were sent. */
    public void awaitSent(int count) throws InterruptedException {
        await(() -> sent.size() >= count, count + " datagrams sent");
    }

    /** Waits until a datagram was sent to {@code to}. */
    public void awaitSentTo(InetSocketAddress to) throws InterruptedException {
        await(() -> sent.stream().anyMatch(datagram -> datagram.to().equals(to)), "a datagram to " + to);
    }

    /** Waits until somebody receives at {@code local}. */
    public void awaitReceiver(InetSocketAddress local) throws InterruptedException {
        await(
                () -> {
                    MemoryEndpoint endpoint = endpoints.get(local);
                    return endpoint != null && endpoint.isReceiving();
                },
                "a receiver at " + local);
    }

    private synchronized void await(BooleanSupplier condition, String what) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            if (leftMillis <= 0) {
                throw new AssertionError("waited " + PATIENCE + " in vain for " + what);
            }
            wait(leftMillis);
        }
    }

    private synchronized void changed() {
        notifyAll();
    }

    @Override
    public Endpoint bind(InetSocketAddress address) throws BindException {
        InetSocketAddress local = address.getPort() == 0
                ? new InetSocketAddress(address.getAddress(), nextPort.getAndIncrement())
                : address;
        MemoryEndpoint endpoint = new MemoryEndpoint(local);
        if (endpoints.putIfAbsent(local, endpoint) != null) {
            throw new BindException("listen tcp " + Hosts.format(local) + ": bind: address already in use");
        }
        return endpoint;
    }

    /** Hands a datagram to {@code to} as if {@code from} had sent it, whoever that is. */
    public void inject(InetSocketAddress from, InetSocketAddress to, Octets bytes) {
        MemoryEndpoint target = endpoints.get(to);
        if (target != null) {
            target.deliver(new Datagram(from, bytes));
        }
    }

    /** Opens a connection to {@code to} as if from {@code from}. */
    public CompletionStage<Connection> dial(InetSocketAddress from, InetSocketAddress to) {
        if (!link.test(from, to)) {
            return CompletableFuture.failedFuture(new SocketTimeoutException("i/o timeout"));
        }
        MemoryEndpoint target = endpoints.get(to);
        if (target == null) {
            return CompletableFuture.failedFuture(new ConnectException("Connection refused"));
        }
        MemoryConnection.Pair pair = MemoryConnection.pair(from, to);
        target.arrive(pair.accepted());
        return CompletableFuture.completedFuture(pair.dialled());
    }

    private final class MemoryEndpoint implements Endpoint {
        private final InetSocketAddress local;
        private final List<Datagram> unread = new ArrayList<>();
        private final List<Connection> unaccepted = new ArrayList<>();
        private Optional<DatagramReceiver> receiver = Optional.empty();
        private Consumer<Connection> acceptor = unaccepted::add;
        private final AtomicInteger nextClientPort = new AtomicInteger(50_000);

        MemoryEndpoint(InetSocketAddress local) {
            this.local = local;
        }

        @Override
        public InetSocketAddress local() {
            return local;
        }

        @Override
        public void receive(DatagramReceiver newReceiver) {
            synchronized (this) {
                receiver = Optional.of(newReceiver);
                if (!unread.isEmpty()) {
                    newReceiver.receive(List.copyOf(unread));
                    unread.clear();
                }
            }
            changed();
        }

        synchronized boolean isReceiving() {
            return receiver.isPresent();
        }

        @Override
        public boolean send(InetSocketAddress to, Octets bytes) {
            if (endpoints.get(local) != this) {
                return false;
            }
            sent.add(new Sent(local, to, bytes));
            if (link.test(local, to)) {
                inject(local, to, bytes);
            }
            changed();
            return true;
        }

        @Override
        public synchronized void accept(Consumer<Connection> newAcceptor) {
            acceptor = newAcceptor;
            unaccepted.forEach(newAcceptor);
            unaccepted.clear();
        }

        @Override
        public CompletionStage<Connection> connect(InetSocketAddress to, Duration timeout) {
            InetAddress address = local.getAddress();
            return dial(new InetSocketAddress(address, nextClientPort.getAndIncrement()), to);
        }

        @Override
        public void close() {
            endpoints.remove(local, this);
        }

        void deliver(Datagram datagram) {
            Optional<DatagramReceiver> told;
            synchronized (this) {
                told = receiver;
                if (told.isEmpty()) {
                    unread.add(datagram);
                }
            }
            // Not under the lock: what a receiver does may lead back here.
            told.ifPresent(to -> to.receive(List.of(datagram)));
        }

        synchronized void arrive(Connection connection) {
            acceptor.accept(connection);
        }
    }
}
