package io.sotto.gossip.network;

import io.sotto.wire.Octets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** One socket of {@link TcpSocket}. A chunk is allocated when a read is asked for and cut to what arrived. */
final class TcpConnection implements Connection {
    private final AsynchronousSocketChannel channel;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final int chunkBytes;

    TcpConnection(AsynchronousSocketChannel channel, int chunkBytes) throws IOException {
        this.channel = channel;
        this.chunkBytes = chunkBytes;
        this.local = (InetSocketAddress) channel.getLocalAddress();
        this.remote = (InetSocketAddress) channel.getRemoteAddress();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
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
        CompletableFuture<Octets> result = new CompletableFuture<>();
        byte[] chunk = new byte[chunkBytes];
        try {
            channel.read(ByteBuffer.wrap(chunk), result, new Reading(chunk));
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    @Override
    public CompletionStage<Done> write(Octets bytes) {
        CompletableFuture<Done> result = new CompletableFuture<>();
        if (bytes.isEmpty()) {
            result.complete(Done.getInstance());
        } else {
            writeRest(bytes.asReadOnlyBuffer(), result);
        }
        return result;
    }

    @Override
    public void finish() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            // The peer is gone already: there is nobody left to tell.
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone either way.
        }
    }

    @Override
    public String toString() {
        return "Connection[" + Hosts.format(local) + "->" + Hosts.format(remote) + "]";
    }

    private void writeRest(ByteBuffer rest, CompletableFuture<Done> result) {
        try {
            channel.write(rest, result, new Writing(rest));
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    /** Ends one read. */
    private static final class Reading implements CompletionHandler<Integer, CompletableFuture<Octets>> {
        private final byte[] chunk;

        Reading(byte[] chunk) {
            this.chunk = chunk;
        }

        @Override
        public void completed(Integer count, CompletableFuture<Octets> result) {
            result.complete(count <= 0 ? Octets.empty() : Octets.copyOf(chunk, 0, count));
        }

        @Override
        public void failed(Throwable failure, CompletableFuture<Octets> result) {
            result.completeExceptionally(failure);
        }
    }

    /** Goes on until all is written. */
    private final class Writing implements CompletionHandler<Integer, CompletableFuture<Done>> {
        private final ByteBuffer rest;

        Writing(ByteBuffer rest) {
            this.rest = rest;
        }

        @Override
        public void completed(Integer count, CompletableFuture<Done> result) {
            if (rest.hasRemaining()) {
                writeRest(rest, result);
            } else {
                result.complete(Done.getInstance());
            }
        }

        @Override
        public void failed(Throwable failure, CompletableFuture<Done> result) {
            result.completeExceptionally(failure);
        }
    }
}
