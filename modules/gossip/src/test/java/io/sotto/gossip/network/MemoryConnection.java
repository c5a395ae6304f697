package io.sotto.gossip.network;

import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** One end of a connection of {@link MemoryNetwork}. Reads complete on the thread that writes. */
final class MemoryConnection implements Connection {
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final Pipe in;
    private final Pipe out;

    record Pair(Connection dialled, Connection accepted) {}

    private MemoryConnection(InetSocketAddress local, InetSocketAddress remote, Pipe in, Pipe out) {
        this.local = local;
        this.remote = remote;
        this.in = in;
        this.out = out;
    }

    static Pair pair(InetSocketAddress from, InetSocketAddress to) {
        Pipe there = new Pipe();
        Pipe back = new Pipe();
        return new Pair(new MemoryConnection(from, to, back, there), new MemoryConnection(to, from, there, back));
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public InetSocketAddress remote() {
        return remote;
    }

    @Override
    public CompletionStage<Octets> read() {
        return in.read();
    }

    @Override
    public CompletionStage<Done> write(Octets bytes) {
        return out.write(bytes);
    }

    @Override
    public void finish() {
        out.finish();
    }

    @Override
    public void close() {
        in.abandon();
        out.finish();
    }

    /** One direction. */
    private static final class Pipe {
        private final Queue<Octets> chunks = new ArrayDeque<>();
        private Optional<CompletableFuture<Octets>> reader = Optional.empty();
        private boolean finished;
        private boolean abandoned;

        CompletionStage<Octets> read() {
            synchronized (this) {
                if (abandoned) {
                    return CompletableFuture.failedFuture(new ClosedChannelException());
                }
                if (chunks.isEmpty() && !finished) {
                    CompletableFuture<Octets> waiting = new CompletableFuture<>();
                    reader = Optional.of(waiting);
                    return waiting;
                }
                Octets next = chunks.poll();
                return CompletableFuture.completedFuture(next == null ? Octets.empty() : next);
            }
        }

        CompletionStage<Done> write(Octets bytes) {
            Optional<CompletableFuture<Octets>> waiting;
            synchronized (this) {
                if (finished || abandoned) {
                    return CompletableFuture.failedFuture(new ClosedChannelException());
                }
                if (bytes.isEmpty()) {
                    return CompletableFuture.completedFuture(Done.getInstance());
                }
                waiting = takeReader();
                if (waiting.isEmpty()) {
                    chunks.add(bytes);
                }
            }
            waiting.ifPresent(read -> read.complete(bytes));
            return CompletableFuture.completedFuture(Done.getInstance());
        }

        void finish() {
            Optional<CompletableFuture<Octets>> waiting;
            synchronized (this) {
                finished = true;
                waiting = takeReader();
            }
            waiting.ifPresent(read -> read.complete(Octets.empty()));
        }

        void abandon() {
            Optional<CompletableFuture<Octets>> waiting;
            synchronized (this) {
                abandoned = true;
                chunks.clear();
                waiting = takeReader();
            }
            waiting.ifPresent(read -> read.completeExceptionally(new ClosedChannelException()));
        }

        private Optional<CompletableFuture<Octets>> takeReader() {
            Optional<CompletableFuture<Octets>> waiting = reader;
            reader = Optional.empty();
            return waiting;
        }
    }
}
