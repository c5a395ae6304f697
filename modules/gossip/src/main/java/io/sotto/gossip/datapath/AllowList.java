package io.sotto.gossip.datapath;

import io.sotto.membership.admission.AllowedNetworks;
import io.sotto.wire.Octets;
import java.net.InetAddress;

/**
 * The networks that a pool talks to, and how far the list reaches.
 *
 * <p>Immutable. Source: gossip specification, section 14 ({@code CIDRsAllowed}); security rules, "address allow-list".
 *
 * @param networks allowed networks; an empty list allows everything
 * @param scope what the list is applied to
 */
public record AllowList(AllowedNetworks networks, Scope scope) {
    /** What the list is applied to. */
    public enum Scope {
        /** Every datagram and every connection: our rule. */
        EVERYTHING,
        /** Only alive messages, their source and the address they claim: the real implementations' rule. */
        CLAIMS
    }

    /** Everything is allowed. */
    public static AllowList all() {
        return new AllowList(AllowedNetworks.all(), Scope.EVERYTHING);
    }

    /** Whether anything at all from {@code source} is listened to. */
    public boolean admits(InetAddress source) {
        return scope == Scope.CLAIMS || contains(source);
    }

    /** Whether {@code address} lies in an allowed network. */
    boolean contains(InetAddress address) {
        return networks.allows(Octets.wrap(address.getAddress()));
    }
}
