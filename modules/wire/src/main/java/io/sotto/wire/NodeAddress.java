package io.sotto.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * An address as members advertise it: raw IP bytes and a port.
 *
 * <p>Addresses are compared byte for byte: the 4-byte and the 16-byte form of one IPv4 address are different addresses
 * and lead to a name conflict. So the bytes of another member are kept exactly as received. A port of 0 means "the
 * receiver's own gossip port". Source: gossip specification, "Addresses in messages" and section 14.
 *
 * @param ip the address bytes as received; only 4 or 16 of them can be connected to
 * @param port 0 to 65535
 */
public record NodeAddress(Octets ip, int port) {
    public NodeAddress {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not in 0..65535");
        }
    }

    /** The address in the form in which this project advertises its own: 4 bytes for IPv4, 16 for IPv6. */
    public static NodeAddress of(InetSocketAddress socket) {
        return new NodeAddress(Octets.wrap(socket.getAddress().getAddress()), socket.getPort());
    }

    public boolean isRoutable() {
        return (ip.length() == 4 || ip.length() == 16) && port != 0;
    }

    /** Where to send to, or empty when the bytes are no address. Both forms of an IPv4 address give the same result. */
    public Optional<InetSocketAddress> socket() {
        if (ip.length() != 4 && ip.length() != 16) {
            return Optional.empty();
        }
        try {
            return Optional.of(new InetSocketAddress(InetAddress.getByAddress(ip.toArray()), port));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are always an address", e);
        }
    }

    public NodeAddress withPort(int newPort) {
        return new NodeAddress(ip, newPort);
    }

    /** {@code 10.0.0.1:8301}, {@code [::1]:8301}, or the raw bytes when they are no address. */
    @Override
    public String toString() {
        return socket().map(s -> {
                    String host = s.getAddress().getHostAddress();
                    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
                })
                .orElseGet(() -> "?" + ip + ":" + port);
    }
}
