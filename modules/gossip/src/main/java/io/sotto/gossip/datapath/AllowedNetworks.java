package io.sotto.gossip.datapath;

import io.sotto.wire.Octets;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * The networks that a pool talks to, and how far the list reaches. An empty list allows everything.
 *
 * <p>Both forms of an IPv4 address, 4 and 16 bytes, are one address here. Immutable. Source: gossip specification,
 * section 14 ({@code CIDRsAllowed}); security rules, "address allow-list".
 *
 * @param networks allowed networks
 * @param scope what the list is applied to
 */
public record AllowedNetworks(List<Cidr> networks, Scope scope) {
    /** What the list is applied to. */
    public enum Scope {
        /** Every datagram and every connection: our rule. */
        EVERYTHING,
        /** Only alive messages, their source and the address they claim: the real implementations' rule. */
        CLAIMS
    }

    public AllowedNetworks {
        networks = List.copyOf(networks);
    }

    /** Everything is allowed. */
    public static AllowedNetworks all() {
        return new AllowedNetworks(List.of(), Scope.EVERYTHING);
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code fd00::/8} and plain addresses.
     *
     * @throws IllegalArgumentException with the entry in its text, when one is neither
     */
    public static AllowedNetworks parse(List<String> entries, Scope scope) {
        return new AllowedNetworks(entries.stream().map(Cidr::parse).toList(), scope);
    }

    /** Whether anything at all from {@code source} is listened to. */
    public boolean admits(InetAddress source) {
        return scope == Scope.CLAIMS || contains(source);
    }

    /** Whether {@code address} lies in an allowed network. */
    public boolean contains(InetAddress address) {
        return networks.isEmpty() || contains(Octets.wrap(address.getAddress()));
    }

    /** Whether the raw {@code address} lies in an allowed network; bytes that are no address never do. */
    public boolean contains(Octets address) {
        if (networks.isEmpty()) {
            return true;
        }
        Octets plain = unmapped(address);
        for (Cidr network : networks) {
            if (network.contains(plain)) {
                return true;
            }
        }
        return false;
    }

    private static Octets unmapped(Octets address) {
        if (address.length() != 16 || address.at(10) != 0xff || address.at(11) != 0xff) {
            return address;
        }
        for (int i = 0; i < 10; i++) {
            if (address.at(i) != 0) {
                return address;
            }
        }
        return address.slice(12, 4);
    }

    /** One network: all addresses that share {@code prefixBits} leading bits with {@code address}. */
    public record Cidr(Octets address, int prefixBits) {
        public Cidr {
            if (prefixBits < 0 || prefixBits > address.length() * 8) {
                throw new IllegalArgumentException(
                        "prefix length " + prefixBits + " is not in 0.." + address.length() * 8);
            }
        }

        static Cidr parse(String text) {
            int slash = text.indexOf('/');
            String host = slash < 0 ? text : text.substring(0, slash);
            // Only literals: a name must not be looked up while a policy is read.
            if (!host.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
                throw new IllegalArgumentException("invalid CIDR address: " + text);
            }
            try {
                Octets address = Octets.wrap(InetAddress.getByName(host).getAddress());
                int bits = slash < 0 ? address.length() * 8 : Integer.parseInt(text.substring(slash + 1));
                return new Cidr(address, bits);
            } catch (UnknownHostException | IllegalArgumentException e) {
                throw new IllegalArgumentException("invalid CIDR address: " + text, e);
            }
        }

        boolean contains(Octets other) {
            if (other.length() != address.length()) {
                return false;
            }
            int whole = prefixBits / 8;
            for (int i = 0; i < whole; i++) {
                if (other.at(i) != address.at(i)) {
                    return false;
                }
            }
            int rest = prefixBits % 8;
            return rest == 0 || (other.at(whole) ^ address.at(whole)) >>> (8 - rest) == 0;
        }
    }
}
