package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.keys.KeySettings;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a pool starts, fails to start, and goes on after its socket is lost. */
class PoolStartTest {
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
    void aPortThatIsTakenFailsTheStartInTheSystemsWords() throws Exception {
        rig.network.bind(VirtualPools.address(1));

        VirtualPools.Node a = rig.start("a");

        assertThat(rig.started(a))
                .isEqualTo(new GossipPool.Started.Failed("listen tcp 10.0.0.1:7946: bind: address already in use"));
    }

    @Test
    void aBrokenKeyringFailsTheStartBeforeAnythingIsBound(@TempDir Path directory) throws Exception {
        Path ring = directory.resolve("local.keyring");
        Files.writeString(ring, "[]");
        Files.setPosixFilePermissions(ring, PosixFilePermissions.fromString("rw-------"));

        VirtualPools.Node a = rig.start(
                "a", new KeySettings(Optional.empty(), Optional.of(ring), true, true), PoolSettings.Joining.nobody());

        assertThat(rig.started(a))
                .isEqualTo(new GossipPool.Started.Failed(
                        "Failed to configure keyring: no keys present in keyring: " + ring));
        assertThat(rig.sockets.bound()).isEmpty();
    }

    @Test
    void startJoinThatReachesNobodyFailsTheStartAndLeavesThePortFree() throws Exception {
        rig.virtual.expectWarning("Failed to join 10.0.0.99: dial tcp 10.0.0.99:7946: connect: connection refused");

        VirtualPools.Node a = rig.start("a", KeySettings.none(), startJoin("10.0.0.99"));

        assertThat(rig.started(a))
                .isEqualTo(new GossipPool.Started.Failed(
                        "Failed to join 10.0.0.99: dial tcp 10.0.0.99:7946: connect: connection refused"));
        rig.network.bind(a.address()).close();
    }

    @Test
    void startJoinIsDoneWhenThePoolSaysThatItRuns() throws Exception {
        rig.start("a");

        VirtualPools.Node b = rig.start("b", KeySettings.none(), startJoin("10.0.0.1"));

        assertThat(rig.started(b)).isInstanceOf(GossipPool.Started.Running.class);
        assertThat(b.names()).containsExactly("a", "b");
    }

    @Test
    void aFailedPoolAnswersEveryRequest() throws Exception {
        rig.network.bind(VirtualPools.address(1));
        VirtualPools.Node a = rig.start("a");
        VirtualSystem.Recorder<GossipPool.Left> left = rig.virtual.recorder();
        VirtualSystem.Recorder<Boolean> forced = rig.virtual.recorder();

        assertThat(rig.join(a, "10.0.0.9").failures())
                .containsExactly(
                        new JoinReport.Failure("10.0.0.9", "listen tcp 10.0.0.1:7946: bind: address already in use"));
        rig.virtual.tell(a.pool(), new GossipPool.Leave(left.ref()));
        rig.virtual.tell(a.pool(), new GossipPool.ForceLeave("b", true, forced.ref()));

        assertThat(left.all()).hasSize(1);
        assertThat(forced.all()).containsExactly(false);
    }

    @Test
    void retryJoinFindsASeedThatStartsLater() throws Exception {
        rig.virtual.expectWarning("Join cluster failed, will retry: cluster=LAN retry_interval=1s");
        rig.virtual.expectWarning("Failed to join 10.0.0.2");
        VirtualPools.Node a = rig.start(
                "a",
                KeySettings.none(),
                new PoolSettings.Joining(List.of(), List.of("10.0.0.2"), Duration.ofSeconds(30), 0));
        rig.virtual.pass(Duration.ofMillis(500));
        VirtualPools.Node b = rig.start("b");

        rig.virtual.pass(Duration.ofSeconds(1));

        assertThat(a.names()).containsExactly("a", "b");
        assertThat(b.names()).containsExactly("a", "b");
    }

    @Test
    void aLostSocketIsBoundAnewAtTheSamePortAndTheMemberTableStays() throws Exception {
        // A ping that is sent in the gap is lost.
        rig.virtual.tolerateWarning("Was able to connect to b over TCP but UDP probes failed");
        rig.virtual.expectWarning("network is down");
        VirtualPools.Node a = rig.start("a");
        VirtualPools.Node b = rig.start("b");
        rig.join(b, a.target());

        rig.sockets.breakSocket(a.address());
        rig.virtual.settle();
        assertThat(a.names()).containsExactly("a", "b");
        rig.virtual.pass(Duration.ofSeconds(1));

        assertThat(rig.sockets.bound()).containsExactly(a.address(), b.address(), a.address());
        rig.virtual.pass(Duration.ofMinutes(1));
        assertThat(a.stateOf("b")).contains(NodeState.ALIVE);
        assertThat(b.stateOf("a")).contains(NodeState.ALIVE);
        assertThat(b.state().members().find("a").orElseThrow().incarnation()).isEqualTo(1);
        assertThat(rig.join(a, b.target()).contacted()).isEqualTo(1);
    }

    @Test
    void aSocketThatCannotBeBoundAgainIsTriedUntilItCan() throws Exception {
        rig.virtual.expectWarning("network is down");
        rig.virtual.expectWarning("Refuting");
        VirtualPools.Node a = rig.start("a");
        VirtualPools.Node b = rig.start("b");
        rig.join(b, a.target());

        rig.sockets.down(true);
        rig.sockets.breakSocket(a.address());
        rig.virtual.passUntil("a failure", () -> b.statusOf("a") == SerfStatus.FAILED, Duration.ofSeconds(20));
        rig.sockets.down(false);
        rig.virtual.passUntil("the return", () -> b.statusOf("a") == SerfStatus.ALIVE, Duration.ofSeconds(90));

        assertThat(rig.started(a)).isInstanceOf(GossipPool.Started.Running.class);
    }

    @Test
    void aSocketThatIsBoundAgainAndCannotBeUsedIsGivenBackAndBoundOnceMore() throws Exception {
        rig.virtual.tolerateWarning("Was able to connect to b over TCP but UDP probes failed");
        rig.virtual.expectWarning("network is down");
        rig.virtual.expectWarning("cannot listen");
        VirtualPools.Node a = rig.start("a");
        VirtualPools.Node b = rig.start("b");
        rig.join(b, a.target());

        rig.sockets.deafOnce();
        rig.sockets.breakSocket(a.address());
        rig.virtual.pass(Duration.ofSeconds(2));

        assertThat(rig.sockets.bound()).containsExactly(a.address(), b.address(), a.address(), a.address());
        assertThat(rig.join(b, a.target()).contacted()).isEqualTo(1);
    }

    @Test
    void requestsThatComeWhileThePoolStartsAreAnsweredOnceItRuns() throws Exception {
        rig.start("a");
        VirtualPools.Node b = rig.start("b", KeySettings.none(), startJoin("10.0.0.1"));
        VirtualSystem.Recorder<JoinReport> reports = rig.virtual.recorder();

        b.pool().tell(new GossipPool.Join(List.of("10.0.0.1"), reports.ref()));
        rig.virtual.settle();

        assertThat(reports.all()).containsExactly(new JoinReport(1, List.of()));
    }

    private static PoolSettings.Joining startJoin(String address) {
        return new PoolSettings.Joining(List.of(address), List.of(), Duration.ofSeconds(30), 0);
    }
}
