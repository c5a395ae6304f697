package io.sotto.gossip;

import io.sotto.gossip.network.Connection;
import io.sotto.gossip.network.DatagramReceiver;
import io.sotto.gossip.network.Endpoint;
import io.sotto.gossip.network.Network;
import io.sotto.wire.Octets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Another network, with sockets that a test can break, as the operating system does when an interface goes. */
final class BreakableNetwork implements Network {
    private final Network network;
    private final Map<InetSocketAddress, DatagramReceiver> receivers = new ConcurrentHashMap<>();
    private final List<InetSocketAddress> bound = new CopyOnWriteArrayList<>();
    private volatile boolean isDown;
    private volatile boolean isDeafOnce;

    BreakableNetwork(Network network) {
        this.network = network;
    }

    /** The socket at {@code local} fails. */
    void breakSocket(InetSocketAddress local) {
        Objects.requireNonNull(receivers.get(local), () -> "nobody receives at " + local)
                .lost(new IOException("network is down"));
    }

    /** While it is down, nothing can be bound. */
    void down(boolean newDown) {
        isDown = newDown;
    }

    /** Whoever takes connections next fails at that. */
    void deafOnce() {
        isDeafOnce = true;
    }

    /** What has been bound, in order. */
    List<InetSocketAddress> bound() {
        return List.copyOf(bound);
    }

    @Override
    public Endpoint bind(InetSocketAddress address) throws IOException {
        if (isDown) {
            throw new IOException("listen udp " + address + ": network is down");
        }
        Endpoint endpoint = network.bind(address);
        bound.add(endpoint.local());
        return new Endpoint() {
            @Override
            public InetSocketAddress local() {
                return endpoint.local();
            }

            @Override
            public void receive(DatagramReceiver receiver) {
                receivers.put(endpoint.local(), receiver);
                endpoint.receive(receiver);
            }

            @Override
            public boolean send(InetSocketAddress to, Octets bytes) {
                return endpoint.send(to, bytes);
            }

            @Override
            public void accept(Consumer<Connection> acceptor) {
                if (isDeafOnce) {
                    isDeafOnce = false;
                    throw new IllegalStateException("cannot listen");
                }
                endpoint.accept(acceptor);
            }

            @Override
            public CompletionStage<Connection> connect(InetSocketAddress to, Duration timeout) {
                return endpoint.connect(to, timeout);
            }

            @Override
            public void close() {
                endpoint.close();
            }
        };
    }
}
