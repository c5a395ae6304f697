package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.VirtualPools.Node;
import io.sotto.membership.event.UserEvent;
import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** User events through whole pools, in virtual time. */
class UserEventsTest {
    private static final Duration GOSSIP = Duration.ofSeconds(10);
    /** Two rounds of anti-entropy. */
    private static final Duration ANTI_ENTROPY = Duration.ofSeconds(61);

    private VirtualPools pools;

    @BeforeEach
    void setUp() throws InterruptedException {
        pools = new VirtualPools();
    }

    @AfterEach
    void tearDown() {
        pools.close();
    }

    @Test
    void anEventReachesTheApplicationOfEveryMemberOnce() throws InterruptedException {
        List<Node> nodes = formed("a", "b", "c", "d", "e");
        List<VirtualSystem.Recorder<UserEvent>> told = subscribed(nodes);

        Broadcasted sent = broadcast(nodes.get(2), "deploy", "1.2.3");
        pools.virtual.pass(ANTI_ENTROPY);

        assertThat(sent).isEqualTo(new Broadcasted.Sent(1));
        for (VirtualSystem.Recorder<UserEvent> one : told) {
            assertThat(one.all()).containsExactly(new UserEvent(1, "deploy", Octets.utf8("1.2.3"), false));
        }
    }

    @Test
    void whoJoinsIsNotToldWhatHappenedBefore() throws InterruptedException {
        List<Node> nodes = formed("a", "b");
        broadcast(nodes.get(0), "deploy", "1");
        pools.virtual.pass(GOSSIP);
        Node late = pools.start("late");
        VirtualSystem.Recorder<UserEvent> told = subscribed(List.of(late)).get(0);

        pools.join(late, nodes.get(0).target());
        pools.virtual.pass(ANTI_ENTROPY);
        assertThat(told.all()).isEmpty();
        broadcast(nodes.get(1), "deploy", "2");
        pools.virtual.pass(GOSSIP);

        assertThat(told.all()).containsExactly(new UserEvent(2, "deploy", Octets.utf8("2"), false));
    }

    private List<Node> formed(String... names) throws InterruptedException {
        List<Node> nodes = new ArrayList<>();
        for (String name : names) {
            nodes.add(pools.start(name));
        }
        for (Node node : nodes.subList(1, nodes.size())) {
            pools.join(node, nodes.get(0).target());
        }
        pools.virtual.passUntil(
                "all know all",
                () -> nodes.stream().allMatch(node -> node.names().size() == nodes.size()),
                Duration.ofSeconds(60));
        return nodes;
    }

    private List<VirtualSystem.Recorder<UserEvent>> subscribed(List<Node> nodes) throws InterruptedException {
        List<VirtualSystem.Recorder<UserEvent>> told = new ArrayList<>();
        for (Node node : nodes) {
            VirtualSystem.Recorder<UserEvent> recorder = pools.virtual.recorder();
            pools.virtual.tell(node.pool(), new GossipPool.SubscribeEvents(recorder.ref()));
            told.add(recorder);
        }
        return told;
    }

    private Broadcasted broadcast(Node from, String name, String payload) throws InterruptedException {
        VirtualSystem.Recorder<Broadcasted> outcome = pools.virtual.recorder();
        pools.virtual.tell(from.pool(), new GossipPool.Broadcast(name, Octets.utf8(payload), false, outcome.ref()));
        return outcome.all().get(0);
    }
}
