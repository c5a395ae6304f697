package io.sotto.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a node lives: its gossip address, and an IPv4 loopback address of its own for the ports it is controlled by. No
 * two sites of a machine share an address and port, so tests run beside each other and beside a running agent.
 */
record Site(String ip, int port, String control) {
    /** Serf's own port. */
    static final int SERF_PORT = 7946;
    /** Consul's LAN port. */
    static final int CONSUL_PORT = 8301;

    private static final long PROCESS = ProcessHandle.current().pid();
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** An IPv4 loopback address that nobody else has. */
    static Site ipv4(int port) {
        String ip = ownAddress();
        return new Site(ip, port, ip);
    }

    /** The one IPv6 loopback address, and a free port on it. */
    static Site ipv6() {
        return new Site("::1", freePort("::1"), ownAddress());
    }

    /** The address that {@code localhost} names, and a free port on it. */
    static Site localhost() {
        return new Site("127.0.0.1", freePort("127.0.0.1"), ownAddress());
    }

    /** As real agents print and take it. */
    String address() {
        return address(ip, port);
    }

    static String address(String ip, int port) {
        return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + port;
    }

    private static String ownAddress() {
        int count = COUNT.getAndIncrement();
        return "127." + (100 + PROCESS % 100) + "." + (PROCESS / 100 + count / 200) % 256 + "." + (1 + count % 200);
    }

    /** A port that is free for UDP and TCP alike. */
    private static int freePort(String ip) {
        try {
            InetAddress address = InetAddress.getByName(ip);
            try (ServerSocket tcp = new ServerSocket()) {
                tcp.bind(new InetSocketAddress(address, 0));
                try (DatagramSocket udp = new DatagramSocket(new InetSocketAddress(address, tcp.getLocalPort()))) {
                    return udp.getLocalPort();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
