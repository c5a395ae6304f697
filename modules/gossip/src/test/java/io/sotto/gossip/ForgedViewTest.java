package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.membership.Claims;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.crypto.CountedNonceSource;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.stream.StreamMessage;
import io.sotto.wire.stream.StreamRole;
import io.sotto.wire.stream.StreamWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One exchange of views, sent to every member from a member's own address in the name of one that joins, by somebody who
 * holds the key, and what it says of one member that is well.
 */
class ForgedViewTest {
    private static final String VICTIM = "n5";
    private static final Duration BACK_WITHIN = Duration.ofSeconds(10);

    private final VirtualPools pools = new VirtualPools(Claims.GUARDED);
    private final List<VirtualPools.Node> others = new ArrayList<>();
    private final Random entropy = new Random(1);
    private VirtualPools.Node victim;

    @BeforeEach
    void formPool() throws InterruptedException {
        pools.virtual.tolerateWarning("Refuting");
        pools.virtual.tolerateWarning("Refused a message");
        pools.virtual.tolerateWarning("Suspect " + VICTIM);
        pools.virtual.tolerateWarning("Marking " + VICTIM);
        for (int i = 1; i <= 4; i++) {
            others.add(pools.start("n" + i));
        }
        victim = pools.start(VICTIM);
        others.forEach(pools::started);
        pools.started(victim);
        others.stream().skip(1).forEach(node -> pools.join(node, others.get(0).target()));
        pools.join(victim, others.get(0).target());
        pools.virtual.passUntil("all to see all", this::isWell, BACK_WITHIN);
    }

    @AfterEach
    void tearDown() {
        pools.close();
    }

    @ParameterizedTest(name = "{0} at {1}")
    @CsvSource({
        "ALIVE, 1",
        "SUSPECT, 1",
        "DEAD, 1",
        "LEFT, 1",
        "ALIVE, 4294967295",
        "SUSPECT, 4294967295",
        "DEAD, 4294967295",
        "LEFT, 4294967295",
        "ALIVE, 4294967294",
        "DEAD, 4294967294"
    })
    void takesNobodyAway(NodeState state, long incarnation) {
        forge(incarnation, state);
        pools.virtual.pass(BACK_WITHIN);

        assertThat(isWell()).isTrue();
        assertThat(others).allSatisfy(node -> assertNothingFired(node));
        assertThat(victim.state().members().self().incarnation()).isLessThan(100);
    }

    @ParameterizedTest(name = "{0} at {1}, {2}")
    @CsvSource({
        "ALIVE, 4294967295, BEFORE",
        "SUSPECT, 4294967295, BEFORE",
        "DEAD, 4294967295, BEFORE",
        "LEFT, 4294967295, BEFORE",
        "ALIVE, 4294967294, BEFORE",
        "ALIVE, 4294967295, WHILE_AWAY",
        "SUSPECT, 4294967295, WHILE_AWAY",
        "DEAD, 4294967295, WHILE_AWAY",
        "LEFT, 4294967295, WHILE_AWAY",
        "ALIVE, 4294967294, WHILE_AWAY",
        "ALIVE, 4294967295, AFTER",
        "SUSPECT, 4294967295, AFTER",
        "DEAD, 4294967295, AFTER",
        "LEFT, 4294967295, AFTER",
        "ALIVE, 4294967294, AFTER"
    })
    void itIsBackAfterItsRestartWheneverTheViewCame(NodeState state, long incarnation, When when) {
        if (when == When.BEFORE) {
            forge(incarnation, state);
            pools.virtual.pass(BACK_WITHIN);
        }
        pools.virtual.stop(victim.pool());
        pools.virtual.passUntil(
                "all to miss it",
                () -> others.stream().allMatch(node -> node.statusOf(VICTIM) == SerfStatus.FAILED),
                Duration.ofSeconds(30));
        if (when == When.WHILE_AWAY) {
            forge(incarnation, state);
            pools.virtual.pass(Duration.ofSeconds(5));
        }

        victim = pools.restart(victim);
        pools.started(victim);
        pools.join(victim, others.get(0).target());
        if (when == When.AFTER) {
            forge(incarnation, state);
        }

        pools.virtual.pass(BACK_WITHIN);
        assertThat(isWell()).isTrue();
        // Nor does what was forged come back later, with an exchange of views.
        pools.virtual.pass(Duration.ofMinutes(2));
        assertThat(isWell()).isTrue();
        assertThat(victim.state().members().self().incarnation()).isLessThan(100);
    }

    @ParameterizedTest(name = "{0} at {1}")
    @CsvSource({"ALIVE, 4294967295", "SUSPECT, 4294967295", "DEAD, 4294967295", "LEFT, 4294967295", "ALIVE, 4294967294"
    })
    void aRestartAtOnceLosesItNoTimeEither(NodeState state, long incarnation) {
        forge(incarnation, state);
        victim = pools.restart(victim);
        pools.started(victim);
        pools.join(victim, others.get(0).target());

        pools.virtual.pass(BACK_WITHIN);
        assertThat(isWell()).isTrue();
        pools.virtual.pass(Duration.ofMinutes(2));
        assertThat(isWell()).isTrue();
    }

    @ParameterizedTest(name = "a clock of {0}, an intent of {1}")
    @CsvSource({"-1, 40", "50, -2", "-1, -2"})
    void timesFromFarAheadMoveNoClock(long clock, long intent) {
        pools.virtual.expectWarning("Remote state has an implausible Lamport time");

        forge(
                1,
                NodeState.ALIVE,
                new SerfMessage.PushPullState(clock, Map.of(VICTIM, intent), List.of(), 1, List.of(), 1));
        pools.virtual.pass(BACK_WITHIN);

        assertThat(isWell()).isTrue();
        assertThat(others)
                .allSatisfy(node -> assertThat(node.state().clocks().members()).isBetween(1L, 1_000L));
    }

    enum When {
        BEFORE,
        WHILE_AWAY,
        AFTER
    }

    /** Every node sees five members, all alive, the victim as it is. */
    private boolean isWell() {
        return others.stream().allMatch(this::isWell) && isWell(victim);
    }

    private boolean isWell(VirtualPools.Node node) {
        return node.names().equals(List.of("n1", "n2", "n3", "n4", VICTIM))
                && node.names().stream()
                        .allMatch(name -> node.stateOf(name).equals(Optional.of(NodeState.ALIVE))
                                && node.statusOf(name) == SerfStatus.ALIVE)
                && node.state().members().find(VICTIM).orElseThrow().incarnation()
                        == victim.state().members().self().incarnation();
    }

    private static void assertNothingFired(VirtualPools.Node node) {
        assertThat(node.state().counters().events.count(MemberEvent.Kind.FAILED))
                .isZero();
        assertThat(node.state().counters().events.count(MemberEvent.Kind.LEFT)).isZero();
    }

    private void forge(long incarnation, NodeState state) {
        forge(
                incarnation,
                state,
                new SerfMessage.PushPullState(50, Map.of(VICTIM, 40L), List.of(VICTIM), 1, List.of(), 1));
    }

    private void forge(long incarnation, NodeState state, SerfMessage.PushPullState serf) {
        PushPull view = new PushPull(
                true,
                List.of(new PushPull.Node(
                        VICTIM,
                        NodeAddress.of(victim.address()),
                        Octets.utf8("forged"),
                        incarnation,
                        state,
                        ProtocolVersions.SERF.toOctets())),
                Octets.wrap(SerfCodec.encode(serf)));
        Sealer sealer = new Sealer(new CountedNonceSource(entropy::nextBytes, () -> 0, () -> 0));
        Octets bytes = Octets.wrap(StreamWriter.encode(
                new StreamMessage.Exchange(view),
                StreamRole.REQUEST,
                WirePolicy.plain().forStreams(),
                sealer));
        InetSocketAddress forger = new InetSocketAddress(others.get(1).address().getAddress(), 40_000);
        for (VirtualPools.Node node : others) {
            pools.network.dial(forger, node.address()).thenAccept(connection -> connection.write(bytes));
        }
    }
}
