package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Name;
import io.sotto.wire.record.Nil;
import io.sotto.wire.record.Unsigned;
import java.util.Map;

/**
 * A node of the catalog.
 *
 * @param id a UUID, or empty for a node that was registered without one
 * @param taggedAddresses by {@code lan}, {@code wan}, {@code lan_ipv4} and the like
 * @param createIndex index of the state in which it came
 * @param modifyIndex index of the state in which it last changed
 */
public record Node(
        @Name("ID") String id,
        String node,
        String address,
        String datacenter,
        Map<String, String> taggedAddresses,
        Map<String, String> meta,
        @Unsigned long createIndex,
        @Unsigned long modifyIndex) {
    public Node {
        taggedAddresses = Nil.copy(taggedAddresses);
        meta = Nil.copy(meta);
    }
}
