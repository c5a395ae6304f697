package io.sotto.gossip;

import io.sotto.gossip.VirtualPools.Node;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.keys.KeyReport;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.membership.query.SottoQuery;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.message.Tags;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whole pools with keys, whose members may be sotto's or somebody else's. */
final class KeyPools implements AutoCloseable {
    final SerfPools serf = new SerfPools();
    final VirtualPools pools = serf.pools;

    /** Sotto members in which all know all. */
    List<Node> formed(KeySettings keys, String... names) {
        List<Node> nodes = new ArrayList<>();
        for (String name : names) {
            nodes.add(sotto(name, keys));
        }
        joined(nodes);
        return nodes;
    }

    void joined(List<Node> nodes) {
        for (Node node : nodes.subList(1, nodes.size())) {
            pools.join(node, nodes.get(0).target());
        }
        serf.passUntilAllKnowAll(nodes);
        pools.virtual.pass(Duration.ofSeconds(2));
    }

    Node sotto(String name, KeySettings keys) {
        return pools.start(
                name,
                settings ->
                        settings.withKeys(keys).withMeta(Tags.encode(Map.of(SottoQuery.TAG, SottoQuery.TAG_VALUE))));
    }

    /** A member that lacks sotto's tag, as all members do that are not sotto's. */
    Node other(String name, KeySettings keys) {
        return pools.start(name, settings -> settings.withKeys(keys));
    }

    KeyReport ask(Node from, KeyOperation operation, String... key) {
        VirtualSystem.Recorder<KeyReport> reports = begin(from, operation, key);
        pools.virtual.passUntil("a report", () -> !reports.all().isEmpty(), Duration.ofSeconds(20));
        return reports.all().get(0);
    }

    VirtualSystem.Recorder<KeyReport> begin(Node from, KeyOperation operation, String... key) {
        VirtualSystem.Recorder<KeyReport> reports = pools.virtual.recorder();
        Optional<GossipKey> given = List.of(key).stream().findFirst().map(GossipKey::parse);
        pools.virtual.tell(from.pool(), new GossipPool.KeyQuery(operation, given, 0, reports.ref()));
        return reports;
    }

    KeyReport status(Node from) {
        VirtualSystem.Recorder<KeyReport> reports = pools.virtual.recorder();
        pools.virtual.tell(from.pool(), new GossipPool.KeyStatus(0, reports.ref()));
        pools.virtual.passUntil("a report", () -> !reports.all().isEmpty(), Duration.ofSeconds(60));
        return reports.all().get(0);
    }

    static KeySettings keyed(String key, Optional<Path> file, boolean verifyIncoming, boolean verifyOutgoing) {
        return new KeySettings(Optional.of(GossipKey.parse(key)), file, verifyIncoming, verifyOutgoing);
    }

    static List<String> ids(Node node) {
        return node.state().policy().ring().keys().stream().map(GossipKey::id).toList();
    }

    static List<String> ids(String... keys) {
        return List.of(keys).stream().map(key -> GossipKey.parse(key).id()).toList();
    }

    @Override
    public void close() {
        serf.close();
    }
}
