package io.sotto.cluster;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;

/**
 * The address that a node bound to all addresses tells others: the first private one of this host, as the real agents
 * choose it, else any that is not loopback, else loopback.
 *
 * <p>Source: agent specification, section 1 ({@code advertise_addr}); RFC 1918 and RFC 4193 for "private".
 */
final class PrivateAddress {
    private PrivateAddress() {}

    /** @param wildcard {@code 0.0.0.0} or {@code ::}; the result is of the same family */
    static InetAddress find(InetAddress wildcard) {
        try {
            List<InetAddress> candidates = NetworkInterface.networkInterfaces()
                    .filter(PrivateAddress::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address == wildcard instanceof Inet4Address)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .toList();
            return candidates.stream()
                    .filter(PrivateAddress::isPrivate)
                    .findFirst()
                    .or(() -> candidates.stream().findFirst())
                    .orElseGet(() -> loopback(wildcard));
        } catch (SocketException e) {
            return loopback(wildcard);
        }
    }

    static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address.isSiteLocalAddress() || (bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc);
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp();
        } catch (SocketException e) {
            return false;
        }
    }

    private static InetAddress loopback(InetAddress wildcard) {
        try {
            return InetAddress.getByAddress(
                    wildcard instanceof Inet4Address
                            ? new byte[] {127, 0, 0, 1}
                            : new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are always an address", e);
        }
    }
}
