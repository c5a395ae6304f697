package io.sotto.cluster.client;

import io.sotto.wire.rpc.consul.Catalog;
import io.sotto.wire.rpc.consul.Node;
import java.util.Map;
import java.util.TreeMap;

/**
 * A node as its datacenter's catalog should have it. Immutable; holds a secret, which never shows in its text.
 *
 * @param datacenter lower-case
 * @param name the member's
 * @param id a UUID
 * @param address the literal IP address that others are told
 * @param meta what describes it
 * @param token of the access control list; empty for none
 */
public record ClientIdentity(
        String datacenter, String name, String id, String address, Map<String, String> meta, String token) {
    private static final String SEGMENT = "consul-network-segment";

    public ClientIdentity {
        Map<String, String> all = new TreeMap<>(meta);
        all.put(SEGMENT, "");
        meta = Map.copyOf(all);
    }

    /** What the node is registered with. Source: RPC specification, section 9. */
    Catalog.Register registration() {
        return Catalog.Register.node(datacenter, id, name, address, addresses(), meta, token);
    }

    /** Whether the catalog has it so. */
    boolean isAs(Node known) {
        return known.id().equals(id)
                && known.address().equals(address)
                && known.taggedAddresses().equals(addresses())
                && known.meta().equals(meta);
    }

    private Map<String, String> addresses() {
        String family = address.indexOf(':') < 0 ? "ipv4" : "ipv6";
        return Map.of("lan", address, "lan_" + family, address, "wan", address, "wan_" + family, address);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "ClientIdentity[" + name + ", " + id + ", " + address + " in " + datacenter + "]";
    }
}
