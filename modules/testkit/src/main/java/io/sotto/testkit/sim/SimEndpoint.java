package io.sotto.testkit.sim;

import io.sotto.gossip.network.Connection;
import io.sotto.gossip.network.DatagramReceiver;
import io.sotto.gossip.network.Endpoint;
import io.sotto.virtualtime.Lane;
import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The port of one process on its {@link SimHost}. What it receives, it receives as the process's {@link Lane}. */
final class SimEndpoint implements Endpoint {
    private final SimNetwork network;
    private final SimHost host;
    private final Lane lane;
    private final InetSocketAddress local;
    private final Kind kind;
    private final List<Connection> unaccepted = new ArrayList<>();
    private @Nullable DatagramReceiver receiver;
    private Consumer<Connection> acceptor = unaccepted::add;
    private boolean listens;

    /** What a port is for. */
    enum Kind {
        /** Datagrams and streams; connections may come before anybody accepts them. */
        GOSSIP,
        /** Streams that say the same in each run of a seed. */
        CALLS,
        /** Streams whose bytes are of nobody's seed, since Java's TLS takes its own chance. */
        SEALED_CALLS
    }

    SimEndpoint(SimNetwork network, SimHost host, Lane lane, InetSocketAddress local, Kind kind) {
        this.network = network;
        this.host = host;
        this.lane = lane;
        this.local = local;
        this.kind = kind;
        this.listens = kind == Kind.GOSSIP;
    }

    /** Whether it takes connections. */
    boolean listens() {
        return listens;
    }

    /** Takes no further connection. */
    void refuse() {
        listens = false;
    }

    /** What the checksum over all that arrived may know of these bytes. */
    Octets repeatable(Octets bytes) {
        return kind == Kind.SEALED_CALLS ? Octets.empty() : bytes;
    }

    SimHost host() {
        return host;
    }

    Lane lane() {
        return lane;
    }

    boolean isReceiving() {
        return receiver != null;
    }

    @Nullable
    DatagramReceiver receiver() {
        return receiver;
    }

    /** Hands a new connection over to the process. */
    void arrive(Connection connection) {
        acceptor.accept(connection);
    }

    boolean isOpen() {
        return host.isBound(this);
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public void receive(DatagramReceiver newReceiver) {
        receiver = newReceiver;
        host.readSoon();
    }

    @Override
    public boolean send(InetSocketAddress to, Octets bytes) {
        if (!isOpen()) {
            return false;
        }
        network.send(host, to, bytes);
        return true;
    }

    @Override
    public void accept(Consumer<Connection> newAcceptor) {
        acceptor = newAcceptor;
        listens = true;
        List.copyOf(unaccepted).forEach(newAcceptor);
        unaccepted.clear();
    }

    @Override
    public CompletionStage<Connection> connect(InetSocketAddress to, Duration timeout) {
        return new SimDial(network, this, to).start(timeout);
    }

    @Override
    public void close() {
        host.closed(this);
    }
}
