package io.sotto.testkit.sim;

import io.sotto.gossip.network.Connection;
import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** One end of a connection: a {@link SimPipe} in each direction. */
final class SimConnection implements Connection {
    private final SimHost host;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final SimPipe in;
    private final SimPipe out;

    /** Both ends. */
    record Pair(SimConnection dialled, SimConnection accepted) {}

    private SimConnection(SimHost host, InetSocketAddress local, InetSocketAddress remote, SimPipe in, SimPipe out) {
        this.host = host;
        this.local = local;
        this.remote = remote;
        this.in = in;
        this.out = out;
    }

    static Pair pair(SimNetwork network, SimEndpoint from, SimEndpoint to) {
        InetSocketAddress client = new InetSocketAddress(from.local().getAddress(), network.nextClientPort());
        SimPipe there = new SimPipe(network, from, to);
        SimPipe back = new SimPipe(network, to, from);
        SimConnection dialled = new SimConnection(from.host(), client, to.local(), back, there);
        SimConnection accepted = new SimConnection(to.host(), to.local(), client, there, back);
        from.host().opened(dialled, from);
        to.host().opened(accepted, to);
        return new Pair(dialled, accepted);
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
        host.closed(this);
        in.abandon();
        out.finish();
    }

    /** The process is gone: the other side is told at once, whatever was under way. */
    void reset() {
        host.closed(this);
        in.abandon();
        out.reset();
    }
}
