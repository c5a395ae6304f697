package io.sotto.gossip.network;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * One listening socket, and all connections that came or go through it, on one thread of the JDK's asynchronous channels.
 *
 * <p>An accept that fails for want of descriptors is tried again only after a pause, so a flood of connections cannot
 * turn the thread into a busy loop.
 */
final class TcpSocket {
    private static final long ACCEPT_PAUSE_MILLIS = 100;

    private final AsynchronousChannelGroup group;
    private final AsynchronousServerSocketChannel listener;
    private final InetSocketAddress local;
    private final int readChunkBytes;

    private TcpSocket(
            AsynchronousChannelGroup group,
            AsynchronousServerSocketChannel listener,
            InetSocketAddress local,
            int readChunkBytes) {
        this.group = group;
        this.listener = listener;
        this.local = local;
        this.readChunkBytes = readChunkBytes;
    }

    static TcpSocket bind(InetSocketAddress address, NetworkSettings settings) throws IOException {
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(1, task -> {
            Thread thread = new Thread(task, "sotto-tcp");
            thread.setDaemon(true);
            return thread;
        });
        try {
            AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open(group);
            listener.bind(address, settings.backlog());
            InetSocketAddress bound = (InetSocketAddress) listener.getLocalAddress();
            // The kernel reports the IPv6 wildcard for either one: keep the family that was asked for.
            return new TcpSocket(
                    group,
                    listener,
                    new InetSocketAddress(address.getAddress(), bound.getPort()),
                    settings.readChunkBytes());
        } catch (IOException | RuntimeException e) {
            group.shutdownNow();
            throw e;
        }
    }

    InetSocketAddress local() {
        return local;
    }

    void accept(Consumer<Connection> acceptor) {
        listener.accept(acceptor, new Accepting());
    }

    CompletionStage<Connection> connect(InetSocketAddress to, Duration timeout) {
        AsynchronousSocketChannel channel;
        try {
            channel = AsynchronousSocketChannel.open(group);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Connection> connecting = new CompletableFuture<>();
        try {
            if (isSource(to)) {
                channel.bind(new InetSocketAddress(local.getAddress(), 0));
            }
            channel.connect(to, connecting, new Connecting(channel));
        } catch (IOException | RuntimeException e) {
            connecting.completeExceptionally(e);
        }
        return connecting.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).exceptionally(failure -> {
            closeQuietly(channel);
            throw new CompletionException(
                    failure instanceof TimeoutException ? new SocketTimeoutException("i/o timeout") : failure);
        });
    }

    void close() {
        try {
            group.shutdownNow();
        } catch (IOException e) {
            // The group's channels are closed one by one; what could not be closed is gone with its descriptor.
        }
    }

    private Connection connection(AsynchronousSocketChannel channel) throws IOException {
        return new TcpConnection(channel, readChunkBytes);
    }

    /** Others judge by the source whether a stream comes from where the member is that it speaks for. */
    private boolean isSource(InetSocketAddress to) {
        return to.getAddress() != null
                && !local.getAddress().isAnyLocalAddress()
                && local.getAddress().isLoopbackAddress() == to.getAddress().isLoopbackAddress()
                && local.getAddress().getClass() == to.getAddress().getClass();
    }

    private boolean isOtherFamily(InetSocketAddress remote) {
        return local.getAddress() instanceof Inet4Address && remote.getAddress() instanceof Inet6Address;
    }

    private static void closeQuietly(AsynchronousSocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone either way.
        }
    }

    /** Hands each connection on and waits for the next. */
    private final class Accepting implements CompletionHandler<AsynchronousSocketChannel, Consumer<Connection>> {
        @Override
        public void completed(AsynchronousSocketChannel channel, Consumer<Connection> acceptor) {
            try {
                hand(channel, acceptor);
            } finally {
                // Whatever became of this one, an error too: nobody else asks for the next.
                again(acceptor);
            }
        }

        private void hand(AsynchronousSocketChannel channel, Consumer<Connection> acceptor) {
            try {
                Connection connection = connection(channel);
                if (isOtherFamily(connection.remote())) {
                    connection.close();
                } else {
                    acceptor.accept(connection);
                }
            } catch (IOException | RuntimeException e) {
                closeQuietly(channel);
            } catch (Error e) {
                closeQuietly(channel);
                throw e;
            }
        }

        @Override
        public void failed(Throwable failure, Consumer<Connection> acceptor) {
            if (listener.isOpen()) {
                CompletableFuture.delayedExecutor(ACCEPT_PAUSE_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                        .execute(() -> again(acceptor));
            }
        }

        private void again(Consumer<Connection> acceptor) {
            if (listener.isOpen()) {
                try {
                    listener.accept(acceptor, this);
                } catch (RuntimeException e) {
                    // The group was shut down between the look and the call.
                }
            }
        }
    }

    /** Turns the end of a connect into a connection or its failure. */
    private final class Connecting implements CompletionHandler<Void, CompletableFuture<Connection>> {
        private final AsynchronousSocketChannel channel;

        Connecting(AsynchronousSocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public void completed(Void nothing, CompletableFuture<Connection> connecting) {
            try {
                if (!connecting.complete(connection(channel))) {
                    // Too late: the timeout has been told already.
                    closeQuietly(channel);
                }
            } catch (IOException | RuntimeException e) {
                connecting.completeExceptionally(e);
            }
        }

        @Override
        public void failed(Throwable failure, CompletableFuture<Connection> connecting) {
            connecting.completeExceptionally(failure);
        }
    }
}
