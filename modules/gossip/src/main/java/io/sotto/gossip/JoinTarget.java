package io.sotto.gossip;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * An address as operators write it: {@code host}, {@code host:port}, {@code [v6]:port}, a bare IPv6 address, or any of
 * these after {@code name/}. Source: gossip specification, section 13.
 *
 * @param host a DNS name or an address without brackets
 * @param port 1 to 65535
 */
public record JoinTarget(String host, int port) {
    /** Looks names up. A pool is given one, so that tests and simulations need no DNS. */
    @FunctionalInterface
    public interface Resolver {
        /** All addresses of {@code host}; may block. */
        InetAddress[] lookUp(String host) throws UnknownHostException;
    }

    /**
     * Reads an address as an operator wrote it.
     *
     * @throws IllegalArgumentException when the text is no address; the message says what is wrong with it
     */
    public static JoinTarget parse(String text, int defaultPort) {
        String address = text.substring(text.lastIndexOf('/') + 1).strip();
        if (address.isEmpty()) {
            throw new IllegalArgumentException("empty address in '" + text + "'");
        }
        if (address.startsWith("[")) {
            int end = address.indexOf(']');
            if (end < 0) {
                throw new IllegalArgumentException("missing ']' in address '" + text + "'");
            }
            String rest = address.substring(end + 1);
            if (!rest.isEmpty() && !rest.startsWith(":")) {
                throw new IllegalArgumentException("unexpected '" + rest + "' after ']' in address '" + text + "'");
            }
            return new JoinTarget(
                    address.substring(1, end), rest.isEmpty() ? defaultPort : port(rest.substring(1), text));
        }
        int colon = address.indexOf(':');
        if (colon < 0 || address.indexOf(':', colon + 1) >= 0) {
            return new JoinTarget(address, defaultPort);
        }
        return new JoinTarget(address.substring(0, colon), port(address.substring(colon + 1), text));
    }

    List<InetSocketAddress> resolve(Resolver resolver) throws UnknownHostException {
        List<InetSocketAddress> sockets = new ArrayList<>();
        for (InetAddress address : resolver.lookUp(host)) {
            sockets.add(new InetSocketAddress(address, port));
        }
        return sockets;
    }

    private static int port(String digits, String text) {
        try {
            int port = Integer.parseInt(digits);
            if (port > 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for everything that is no port.
        }
        throw new IllegalArgumentException("invalid port '" + digits + "' in address '" + text + "'");
    }
}
