package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.MemberEvent;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;
import io.sotto.wire.message.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two whole pools over a network in memory: what operators see of joining, failing, healing and leaving. */
class TwoNodePoolTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String OTHER_KEY = "Dw4NDAsKCQgHBgUEAwIBAA==";

    private VirtualPools rig;

    @BeforeEach
    void setUp() throws InterruptedException {
        rig = new VirtualPools();
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    @Test
    void aPoolSaysWhereItListensOnceItRuns() throws InterruptedException {
        VirtualPools.Node a = rig.start("a");
        assertThat(rig.started(a)).hasToString("Running[address=10.0.0.1:7946]");
        assertThat(a.names()).containsExactly("a");
    }

    @Test
    void twoNodesThatJoinedListEachOther() throws InterruptedException {
        VirtualPools.Node a = rig.start("a");
        VirtualPools.Node b = rig.start("b");

        JoinReport report = rig.join(b, a.target());

        assertThat(report).isEqualTo(new JoinReport(1, List.of()));
        assertThat(a.names()).containsExactly("a", "b");
        assertThat(b.names()).containsExactly("a", "b");
        assertThat(a.statusOf("b")).isEqualTo(SerfStatus.ALIVE);
        assertThat(b.statusOf("a")).isEqualTo(SerfStatus.ALIVE);
    }

    @Test
    void twoNodesStayAliveForMinutesWithoutASingleSuspicion() throws InterruptedException {
        VirtualPools.Node a = rig.start("a");
        VirtualPools.Node b = rig.start("b");
        rig.join(b, a.target());

        rig.virtual.pass(Duration.ofMinutes(3));

        assertThat(a.state().members().find("b").orElseThrow().incarnation()).isEqualTo(1);
        assertThat(b.state().members().find("a").orElseThrow().incarnation()).isEqualTo(1);
        assertThat(a.stateOf("b")).contains(NodeState.ALIVE);
        assertThat(a.state().rejections().total()).isZero();
        assertThat(b.state().rejections().total()).isZero();
    }

    @Test
    void aNodeThatIsCutOffIsSuspectedThenFailedAndIsAliveAgainWhenTheCutHeals() throws InterruptedException {
        VirtualPools.Node a = rig.start("a");
        VirtualPools.Node b = rig.start("b");
        rig.join(b, a.target());
        rig.virtual.expectWarning("Refuting a");
        // A probe under way when the cut heals: its ping was lost, its stream gets through.
        rig.virtual.tolerateWarning("over TCP but UDP probes failed");
        VirtualSystem.Recorder<MemberEvent> events = rig.virtual.recorder();
        rig.virtual.tell(a.pool(), new GossipPool.Subscribe(events.ref()));
        events.take();

        rig.cutOff(b);
        rig.virtual.passUntil(
                "a suspicion", () -> a.stateOf("b").equals(Optional.of(NodeState.SUSPECT)), Duration.ofSeconds(4));
        assertThat(a.statusOf("b")).isEqualTo(SerfStatus.ALIVE);
        Duration suspected =
                rig.virtual.passUntil("a failure", () -> a.statusOf("b") == SerfStatus.FAILED, Duration.ofSeconds(10));
        assertThat(suspected).isEqualTo(Duration.ofSeconds(4));
        assertThat(a.stateOf("b")).contains(NodeState.DEAD);
        rig.virtual.passUntil(
                "the failure of the other side", () -> b.statusOf("a") == SerfStatus.FAILED, Duration.ofSeconds(20));

        rig.heal();
        rig.virtual.passUntil(
                "the heal",
                () -> a.statusOf("b") == SerfStatus.ALIVE && b.statusOf("a") == SerfStatus.ALIVE,
                Duration.ofSeconds(65));
        rig.virtual.pass(Duration.ofSeconds(10));

        assertThat(a.stateOf("b")).contains(NodeState.ALIVE);
        assertThat(b.stateOf("a")).contains(NodeState.ALIVE);
        assertThat(events.take())
                .extracting(event -> event.kind() + " " + event.member().name())
                .containsExactly("FAILED b", "JOINED b");
    }

    @Test
    void tagsThatChangeWhileANodeRunsReachTheOthersAndTooManyOfThemDoNot() throws InterruptedException {
        VirtualPools.Node a = rig.start("a");
        VirtualPools.Node b = rig.start("b");
        rig.join(b, a.target());
        VirtualSystem.Recorder<MemberEvent> events = rig.virtual.recorder();
        rig.virtual.tell(b.pool(), new GossipPool.Subscribe(events.ref()));
        events.take();
        Octets changed = Tags.encode(Map.of("name", "a", "sotto_tls", "1"));

        rig.virtual.tell(a.pool(), new GossipPool.UpdateMeta(changed));
        rig.virtual.tell(a.pool(), new GossipPool.UpdateMeta(changed));
        rig.virtual.pass(Duration.ofSeconds(2));

        assertThat(b.state().members().find("a").orElseThrow().meta()).isEqualTo(changed);
        assertThat(events.take())
                .extracting(event -> event.kind() + " " + event.member().name())
                .containsExactly("UPDATED a");

        rig.virtual.expectWarning("the tags of this node stay as they are: 519 bytes are more than 512");
        rig.virtual.tell(a.pool(), new GossipPool.UpdateMeta(Tags.encode(Map.of("name", "a".repeat(509)))));
        rig.virtual.pass(Duration.ofSeconds(2));
        assertThat(a.state().members().self().meta()).isEqualTo(changed);
    }

    @Test
    void aNodeThatLeavesIsListedAsLeftAndNeverAsFailed() throws InterruptedException {
        VirtualPools.Node a = rig.start("a");
        VirtualPools.Node b = rig.start("b");
        rig.join(b, a.target());
        rig.virtual.pass(Duration.ofSeconds(5));
        VirtualSystem.Recorder<MemberEvent> events = rig.virtual.recorder();
        rig.virtual.tell(a.pool(), new GossipPool.Subscribe(events.ref()));
        events.take();
        VirtualSystem.Recorder<GossipPool.Left> left = rig.virtual.recorder();

        rig.virtual.tell(b.pool(), new GossipPool.Leave(left.ref()));
        rig.virtual.passUntil("the leave", () -> !left.all().isEmpty(), Duration.ofSeconds(12));

        assertThat(a.statusOf("b")).isEqualTo(SerfStatus.LEFT);
        assertThat(a.stateOf("b")).contains(NodeState.LEFT);
        assertThat(b.statusOf("b")).isEqualTo(SerfStatus.LEFT);
        rig.virtual.pass(Duration.ofSeconds(30));
        assertThat(events.take())
                .extracting(event -> event.kind() + " " + event.member().name())
                .containsExactly("LEFT b");
    }

    @Test
    void aLeaveIsAnsweredAtOnceWhenNobodyIsThereAndEveryTimeItIsAskedFor() throws InterruptedException {
        VirtualPools.Node a = rig.start("a");
        rig.started(a);
        VirtualSystem.Recorder<GossipPool.Left> left = rig.virtual.recorder();

        rig.virtual.tell(a.pool(), new GossipPool.Leave(left.ref()));
        rig.virtual.tell(a.pool(), new GossipPool.Leave(left.ref()));
        rig.virtual.passUntil("both answers", () -> left.all().size() == 2, Duration.ofSeconds(2));
        rig.virtual.tell(a.pool(), new GossipPool.Leave(left.ref()));

        assertThat(left.all()).hasSize(3);
    }

    @Test
    void twoNodesWithOneKeyJoinAndNothingTheySayCanBeRead() throws InterruptedException {
        VirtualPools.Node a = rig.start("a", VirtualPools.keyed(KEY), PoolSettings.Joining.nobody());
        VirtualPools.Node b = rig.start("b", VirtualPools.keyed(KEY), PoolSettings.Joining.nobody());

        assertThat(rig.join(b, a.target()).contacted()).isEqualTo(1);
        rig.virtual.pass(Duration.ofSeconds(20));

        assertThat(a.stateOf("b")).contains(NodeState.ALIVE);
        assertThat(b.stateOf("a")).contains(NodeState.ALIVE);
        assertThat(a.state().rejections().total()).isZero();
        assertThat(rig.network.sent()).isNotEmpty().allSatisfy(sent -> {
            assertThat(sent.bytes().at(0)).as("envelope version").isIn(0, 1);
            assertThat(sent.bytes().length()).isGreaterThan(29);
        });
    }

    @Test
    void aNodeWithAnotherKeyIsRefusedAndCounted() throws InterruptedException {
        VirtualPools.Node a = rig.start("a", VirtualPools.keyed(KEY), PoolSettings.Joining.nobody());
        VirtualPools.Node b = rig.start("b", VirtualPools.keyed(OTHER_KEY), PoolSettings.Joining.nobody());
        rig.virtual.expectWarning("memberlist: ");

        JoinReport report = rig.join(b, a.target());

        assertThat(report.contacted()).isZero();
        assertThat(report.failures()).hasSize(1);
        assertThat(a.names()).containsExactly("a");
        assertThat(b.names()).containsExactly("b");
        assertThat(a.state().rejections().count(Rejection.Reason.UNDECRYPTABLE)).isEqualTo(1);
        assertThat(rig.virtual.warnings()).noneMatch(line -> line.contains(KEY) || line.contains(OTHER_KEY));
    }

    @Test
    void aNodeWithoutAKeyIsRefusedByOneThatHasOne() throws InterruptedException {
        VirtualPools.Node a = rig.start("a", VirtualPools.keyed(KEY), PoolSettings.Joining.nobody());
        VirtualPools.Node b = rig.start("b");
        rig.virtual.expectWarning("memberlist: ");

        assertThat(rig.join(b, a.target()).contacted()).isZero();

        assertThat(a.names()).containsExactly("a");
        assertThat(a.state().rejections().total()).isPositive();
    }
}
