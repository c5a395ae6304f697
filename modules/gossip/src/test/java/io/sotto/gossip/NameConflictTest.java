package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.VirtualPools.Node;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody else claims our name: the pool is asked, the outcome is told, and the node goes on whatever it is. */
class NameConflictTest {
    private SerfPools serf;

    @BeforeEach
    void setUp() {
        serf = new SerfPools();
        serf.pools.virtual.tolerateWarning("serf: Node name conflicts with another node");
        serf.pools.virtual.tolerateWarning("memberlist: Conflicting address for a");
    }

    @AfterEach
    void tearDown() {
        serf.close();
    }

    @Test
    void whereMostKnowUsByItThatIsWritten() {
        List<Node> nodes = serf.formed("a", "b", "c");

        claim(nodes.get(0));
        serf.pools.virtual.pass(Duration.ofSeconds(5));

        assertThat(outcomes(nodes.get(0), PoolCounters.NameOutcome.MAJORITY)).isEqualTo(1);
        assertThat(outcomes(nodes.get(0), PoolCounters.NameOutcome.MINORITY)).isZero();
    }

    @Test
    void whereNobodyDoesThatIsWrittenAndTheNodeGoesOn() {
        serf.pools.virtual.expectWarning("serf: minority in name conflict resolution [0 / 0]");
        List<Node> alone = serf.formed("a");

        claim(alone.get(0));
        serf.pools.virtual.pass(Duration.ofSeconds(5));

        assertThat(outcomes(alone.get(0), PoolCounters.NameOutcome.MINORITY)).isEqualTo(1);
        assertThat(serf.broadcast(alone.get(0), "still", "here")).isEqualTo(new Broadcasted.Sent(1));
        assertThat(serf.pools.join(serf.pools.start("b"), alone.get(0).target()).contacted())
                .isEqualTo(1);
    }

    @Test
    void aFloodOfClaimsIsOneQuestionInHalfAMinute() {
        List<Node> nodes = serf.formed("a", "b", "c");

        for (int i = 0; i < 100; i++) {
            claim(nodes.get(0));
        }
        serf.pools.virtual.pass(Duration.ofSeconds(29));
        assertThat(asked(nodes.get(0))).isEqualTo(1);
        serf.pools.virtual.pass(Duration.ofSeconds(2));
        claim(nodes.get(0));

        assertThat(asked(nodes.get(0))).isEqualTo(2);
    }

    @Test
    void inAConsulPoolNobodyIsAsked() {
        PoolSettings settings = serf.pools
                .settings("a", VirtualPools.address(77), KeySettings.none(), PoolSettings.Joining.nobody())
                .withRules(PoolRules.open("a", SwimSettings.lan(), SerfSettings.consul()));
        PoolEnvironment environment = serf.pools.environment();
        PoolState state = PoolState.create(settings, environment.time());
        Node a = new Node(
                "a", settings.bind(), serf.pools.virtual.spawn(GossipPool.create(settings, environment, state)), state);

        claim(a);
        serf.pools.virtual.pass(Duration.ofSeconds(5));

        assertThat(state.counters().conflicts.sum()).isEqualTo(1);
        assertThat(asked(a)).isZero();
    }

    private void claim(Node node) {
        SwimMessage theirs = new SwimMessage.Alive(
                9,
                node.name(),
                NodeAddress.of(VirtualPools.address(200)),
                Octets.empty(),
                ProtocolVersions.SERF.toOctets());
        serf.pools.network.inject(VirtualPools.address(99), node.address(), Replies.encode(theirs));
        serf.pools.virtual.settle();
    }

    private static long outcomes(Node node, PoolCounters.NameOutcome outcome) {
        return node.state().counters().nameQuestions.count(outcome);
    }

    private static long asked(Node node) {
        return node.state().counters().queries.count(PoolCounters.QueryEnd.ASKED);
    }
}
