package io.sotto.gossip.network;

import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The two sockets of one port as one {@link Endpoint}. */
final class UdpTcpEndpoint implements Endpoint {
    private final UdpSocket udp;
    private final TcpSocket tcp;

    UdpTcpEndpoint(UdpSocket udp, TcpSocket tcp) {
        this.udp = udp;
        this.tcp = tcp;
    }

    @Override
    public InetSocketAddress local() {
        return tcp.local();
    }

    @Override
    public void receive(DatagramReceiver receiver) {
        udp.receive(receiver);
    }

    @Override
    public boolean send(InetSocketAddress to, Octets bytes) {
        return udp.send(to, bytes);
    }

    @Override
    public void accept(Consumer<Connection> acceptor) {
        tcp.accept(acceptor);
    }

    @Override
    public CompletionStage<Connection> connect(InetSocketAddress to, Duration timeout) {
        return tcp.connect(to, timeout);
    }

    @Override
    public void close() {
        udp.close();
        tcp.close();
    }

    @Override
    public String toString() {
        return "Endpoint[" + Hosts.format(local()) + "]";
    }
}
