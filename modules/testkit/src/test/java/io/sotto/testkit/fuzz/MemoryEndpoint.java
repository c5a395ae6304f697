package io.sotto.testkit.fuzz;

import io.sotto.gossip.network.Connection;
import io.sotto.gossip.network.DatagramReceiver;
import io.sotto.gossip.network.Endpoint;
import io.sotto.wire.Octets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** An endpoint without sockets: what arrives is handed to the receiver by the test. */
final class MemoryEndpoint implements Endpoint {
    private final CompletableFuture<DatagramReceiver> receiver = new CompletableFuture<>();

    DatagramReceiver receiver() throws Exception {
        return receiver.get(20, TimeUnit.SECONDS);
    }

    @Override
    public InetSocketAddress local() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 7946);
    }

    @Override
    public void receive(DatagramReceiver newReceiver) {
        receiver.complete(newReceiver);
    }

    @Override
    public boolean send(InetSocketAddress to, Octets bytes) {
        return true;
    }

    @Override
    public void accept(Consumer<Connection> acceptor) {
        throw new UnsupportedOperationException("datagrams only");
    }

    @Override
    public CompletionStage<Connection> connect(InetSocketAddress to, Duration timeout) {
        throw new UnsupportedOperationException("datagrams only");
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
