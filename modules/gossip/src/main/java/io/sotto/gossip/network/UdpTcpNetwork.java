package io.sotto.gossip.network;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Locale;

/**
 * The machine's own network: one UDP and one TCP socket on the same port, IPv4 or IPv6.
 *
 * <p>Each endpoint has two daemon threads that sleep in the kernel while nothing happens: {@code sotto-udp-PORT} drains
 * the datagram socket into batches and does nothing else, {@code sotto-tcp} serves all connections. Both are plain
 * {@code java.nio}. Pekko's {@code Tcp} and {@code Udp} extensions would bring an actor tree with a selector thread of
 * their own and some hundred classes to every start, and a hop per datagram or chunk, for one short exchange every
 * 30 seconds: that is start-up time and idle CPU without a use.
 *
 * <p>Source: gossip specification, section 1; performance notes "Datagrams" and "Start". Safe to call from any thread.
 */
public final class UdpTcpNetwork implements Network {
    private static final int PORT_ATTEMPTS = 32;

    private final NetworkSettings settings;

    private UdpTcpNetwork(NetworkSettings settings) {
        this.settings = settings;
    }

    public static UdpTcpNetwork create(NetworkSettings settings) {
        return new UdpTcpNetwork(settings);
    }

    @Override
    public Endpoint bind(InetSocketAddress address) throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("lookup " + address.getHostString() + ": no such host");
        }
        if (address.getPort() != 0) {
            return bindBoth(address);
        }
        IOException last = new IOException("no attempt made");
        for (int i = 0; i < PORT_ATTEMPTS; i++) {
            try {
                return bindBoth(address);
            } catch (BindException e) {
                // The port that is free for TCP belongs to someone else for UDP: the next one may be free for both.
                last = e;
            }
        }
        throw last;
    }

    private Endpoint bindBoth(InetSocketAddress address) throws IOException {
        TcpSocket tcp = bindTcp(address);
        try {
            UdpSocket udp = bindUdp(tcp.local());
            return new UdpTcpEndpoint(udp, tcp);
        } catch (IOException | RuntimeException e) {
            tcp.close();
            throw e;
        }
    }

    private TcpSocket bindTcp(InetSocketAddress address) throws IOException {
        try {
            return TcpSocket.bind(address, settings);
        } catch (IOException e) {
            throw explained("tcp", address, e);
        }
    }

    private UdpSocket bindUdp(InetSocketAddress address) throws IOException {
        try {
            return UdpSocket.bind(address, settings);
        } catch (IOException e) {
            throw explained("udp", address, e);
        }
    }

    private static IOException explained(String protocol, InetSocketAddress address, IOException cause) {
        String text = "listen " + protocol + " " + Hosts.format(address) + ": bind: "
                + String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        IOException explained = cause instanceof BindException ? new BindException(text) : new IOException(text);
        explained.initCause(cause);
        return explained;
    }
}
