package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.datapath.Evidence;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.membership.Claims;
import io.sotto.wire.Rejection.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole pools whose sealed datagrams somebody without the key records and sends again. */
class ReplayedTrafficTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODw==";

    private VirtualPools rig;
    private VirtualPools.Node a;
    private VirtualPools.Node b;

    @BeforeEach
    void joinTwo() throws InterruptedException {
        rig = new VirtualPools();
        rig.virtual.tolerateWarning("memberlist: Refused a datagram");
        rig.virtual.tolerateWarning("memberlist: Got ping for unexpected node");
        a = rig.start("a", VirtualPools.keyed(KEY), PoolSettings.Joining.nobody());
        b = rig.start("b", VirtualPools.keyed(KEY), PoolSettings.Joining.nobody());
        rig.join(b, a.target());
        rig.virtual.pass(Duration.ofSeconds(20));
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    @Test
    void nothingRecordedIsTakenInAgainAndNothingNewIsTurnedAway() {
        assertThat(a.state().traffic().rejected(Reason.REPLAY)).isZero();
        assertThat(b.state().traffic().rejected(Reason.REPLAY)).isZero();
        List<MemoryNetwork.Sent> toB = sentTo(b);
        assertThat(toB).hasSizeGreaterThan(20);
        long before = b.state().traffic().accepted();

        toB.forEach(sent -> rig.network.inject(sent.from(), sent.to(), sent.bytes()));
        rig.virtual.pass(Duration.ofMillis(1));

        assertThat(b.state().traffic().rejected(Reason.REPLAY)).isEqualTo(toB.size());
        assertThat(b.state().traffic().accepted() - before).isLessThan(toB.size());
        assertThat(traffic(b, "a").rejections()).containsEntry(Reason.REPLAY, (long) toB.size());
    }

    @Test
    void aSocketThatIsBoundAnewForgetsNothing() {
        List<MemoryNetwork.Sent> toB = sentTo(b);
        rig.virtual.expectWarning("network is down");
        rig.sockets.breakSocket(b.address());
        rig.virtual.pass(Duration.ofSeconds(5));
        long before = b.state().traffic().rejected(Reason.REPLAY);

        toB.forEach(sent -> rig.network.inject(sent.from(), sent.to(), sent.bytes()));
        rig.virtual.pass(Duration.ofMillis(1));

        assertThat(b.state().traffic().rejected(Reason.REPLAY) - before).isEqualTo(toB.size());
    }

    @Test
    void underUpstreamClaimsWhatComesAgainIsTakenAgain() {
        var settings = rig.settings(
                        "c", VirtualPools.address(77), VirtualPools.keyed(KEY), PoolSettings.Joining.nobody())
                .withClaims(Claims.UPSTREAM);
        PoolEnvironment environment = rig.environment();
        PoolState state = PoolState.create(settings, environment.time());
        rig.virtual.spawn(GossipPool.create(settings, environment, state));
        rig.virtual.pass(Duration.ofSeconds(1));
        List<MemoryNetwork.Sent> toB = sentTo(b);

        for (int i = 0; i < 2; i++) {
            toB.forEach(sent -> rig.network.inject(sent.from(), settings.bind(), sent.bytes()));
        }
        rig.virtual.pass(Duration.ofMillis(1));

        assertThat(state.traffic().accepted()).isGreaterThanOrEqualTo(2L * toB.size());
        assertThat(state.traffic().rejected(Reason.REPLAY)).isZero();
        assertThat(state.replays()).isEmpty();
    }

    @Test
    void sealedTrafficOfEachMemberIsKnownByItsKey() {
        Evidence.Traffic ofB = traffic(a, "b");

        assertThat(ofB.keyId())
                .hasValue(a.state().policy().ring().primary().orElseThrow().id());
        assertThat(ofB.lastSealed()).isPresent();
        assertThat(ofB.lastPlain()).isEmpty();
        assertThat(a.state().evidence()).containsOnlyKeys("b");
    }

    private static Evidence.Traffic traffic(VirtualPools.Node node, String member) {
        return Objects.requireNonNull(node.state().evidence().get(member), member);
    }

    private List<MemoryNetwork.Sent> sentTo(VirtualPools.Node node) {
        return rig.network.sent().stream()
                .filter(sent -> sent.to().equals(node.address()))
                .toList();
    }
}
