package io.sotto.gossip;

import io.sotto.gossip.network.Connection;
import io.sotto.gossip.network.DatagramReceiver;
import io.sotto.gossip.network.Endpoint;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.gossip.network.Network;
import io.sotto.wire.Octets;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.pekko.Done;

/**
 * A network in memory whose streams are recorded as whoever listens on the way sees them, what the dialling side writes, and
 * may come from elsewhere than their pool is bound, as those of hosts with several addresses do.
 */
final class RecordedStreams implements Network {
    private final MemoryNetwork network;
    private final Map<InetSocketAddress, InetAddress> elsewhere = new ConcurrentHashMap<>();
    private final List<Stream> recorded = new CopyOnWriteArrayList<>();
    private final AtomicInteger nextPort = new AtomicInteger(60_000);
    private volatile boolean isRecording;

    RecordedStreams(MemoryNetwork network) {
        this.network = network;
    }

    /** What one side of one connection wrote, in order. */
    record Stream(InetSocketAddress from, InetSocketAddress to, List<Octets> written) {}

    void record() {
        isRecording = true;
    }

    List<Stream> recorded() {
        return List.copyOf(recorded);
    }

    /** Streams of the pool that is bound at {@code local} come from this host. */
    void comeFrom(InetSocketAddress local, InetAddress host) {
        elsewhere.put(local, host);
    }

    /** Writes what was recorded to another, from another. */
    void replay(Stream stream, InetSocketAddress from, InetSocketAddress to) {
        network.dial(from, to).thenAccept(connection -> {
            stream.written().forEach(connection::write);
            connection.finish();
        });
    }

    @Override
    public Endpoint bind(InetSocketAddress address) throws BindException {
        Endpoint endpoint = network.bind(address);
        return new Endpoint() {
            @Override
            public InetSocketAddress local() {
                return endpoint.local();
            }

            @Override
            public void receive(DatagramReceiver receiver) {
                endpoint.receive(receiver);
            }

            @Override
            public boolean send(InetSocketAddress to, Octets bytes) {
                return endpoint.send(to, bytes);
            }

            @Override
            public void accept(Consumer<Connection> acceptor) {
                endpoint.accept(acceptor);
            }

            @Override
            public CompletionStage<Connection> connect(InetSocketAddress to, Duration timeout) {
                InetAddress host = elsewhere.get(endpoint.local());
                CompletionStage<Connection> connecting = host == null
                        ? endpoint.connect(to, timeout)
                        : network.dial(new InetSocketAddress(host, nextPort.getAndIncrement()), to);
                return isRecording ? connecting.thenApply(RecordedStreams.this::recorded) : connecting;
            }

            @Override
            public void close() {
                endpoint.close();
            }
        };
    }

    private Connection recorded(Connection connection) {
        List<Octets> written = new CopyOnWriteArrayList<>();
        recorded.add(new Stream(connection.local(), connection.remote(), written));
        return new Connection() {
            @Override
            public InetSocketAddress local() {
                return connection.local();
            }

            @Override
            public InetSocketAddress remote() {
                return connection.remote();
            }

            @Override
            public CompletionStage<Octets> read() {
                return connection.read();
            }

            @Override
            public CompletionStage<Done> write(Octets bytes) {
                written.add(bytes);
                return connection.write(bytes);
            }

            @Override
            public void finish() {
                connection.finish();
            }

            @Override
            public void close() {
                connection.close();
            }
        };
    }
}
