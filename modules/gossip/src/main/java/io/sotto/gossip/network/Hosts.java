package io.sotto.gossip.network;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Socket addresses as people write them: {@code 10.0.0.1:8301}, {@code [::1]:8301}. */
public final class Hosts {
    private Hosts() {}

    public static String format(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        String host = ip == null ? address.getHostString() : ip.getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
