package io.sotto.gossip;

import io.sotto.gossip.VirtualPools.Node;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.membership.event.UserEvent;
import io.sotto.membership.query.QueryRequest;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.packet.Checksum;
import io.sotto.wire.packet.Unwrapper;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whole pools whose applications send one another user events and queries. */
final class SerfPools implements AutoCloseable {
    final VirtualPools pools = new VirtualPools();

    /** A pool in which all know all; the first is whom the others joined. */
    List<Node> formed(String... names) {
        List<Node> nodes = new ArrayList<>();
        for (String name : names) {
            nodes.add(pools.start(name));
        }
        for (Node node : nodes.subList(1, nodes.size())) {
            pools.join(node, nodes.get(0).target());
        }
        passUntilAllKnowAll(nodes);
        return nodes;
    }

    void passUntilAllKnowAll(List<Node> nodes) {
        pools.virtual.passUntil(
                "all know all",
                () -> nodes.stream().allMatch(node -> node.names().size() == nodes.size()),
                Duration.ofSeconds(90));
    }

    /** What the application of this node is told from now on. */
    VirtualSystem.Recorder<UserEvent> eventsAt(Node node) {
        VirtualSystem.Recorder<UserEvent> recorder = pools.virtual.recorder();
        pools.virtual.tell(node.pool(), new GossipPool.SubscribeEvents(recorder.ref()));
        return recorder;
    }

    List<VirtualSystem.Recorder<UserEvent>> eventsAt(List<Node> nodes) {
        return nodes.stream().map(this::eventsAt).toList();
    }

    /** The queries that reach the application of this node from now on. */
    VirtualSystem.Recorder<IncomingQuery> queriesAt(Node node) {
        VirtualSystem.Recorder<IncomingQuery> recorder = pools.virtual.recorder();
        pools.virtual.tell(node.pool(), new GossipPool.ServeQueries(recorder.ref()));
        return recorder;
    }

    Broadcasted broadcast(Node from, String name, String payload) {
        VirtualSystem.Recorder<Broadcasted> outcome = pools.virtual.recorder();
        pools.virtual.tell(from.pool(), new GossipPool.Broadcast(name, Octets.utf8(payload), false, outcome.ref()));
        return outcome.all().get(0);
    }

    VirtualSystem.Recorder<QueryProgress> ask(Node from, QueryRequest request) {
        VirtualSystem.Recorder<QueryProgress> progress = pools.virtual.recorder();
        pools.virtual.tell(from.pool(), new GossipPool.Ask(request, progress.ref()));
        return progress;
    }

    /** As a datagram from anywhere. */
    void inject(InetSocketAddress from, Node to, SerfMessage message) {
        inject(from, to, Broadcasts.body(message));
    }

    void inject(InetSocketAddress from, Node to, Octets body) {
        pools.network.inject(from, to.address(), Replies.encode(new SwimMessage.User(body)));
        pools.virtual.settle();
    }

    /** The user messages that left {@code from}, in the bytes of their bodies, beginning with this datagram of the network's. */
    List<Octets> userMessages(Node from, int first) {
        List<Octets> bodies = new ArrayList<>();
        List<MemoryNetwork.Sent> all = pools.network.sent();
        for (MemoryNetwork.Sent sent : all.subList(first, all.size())) {
            if (sent.from().equals(from.address())
                    && Checksum.verify(sent.bytes()) instanceof Checksum.Verified.Intact intact) {
                for (Octets message :
                        Unwrapper.unwrap(intact.rest(), Limits.defaults()).messages()) {
                    if (message.at(0) == SwimMessage.Kind.USER.code()) {
                        bodies.add(message.slice(1, message.length() - 1));
                    }
                }
            }
        }
        return bodies;
    }

    @Override
    public void close() {
        pools.close();
    }
}
