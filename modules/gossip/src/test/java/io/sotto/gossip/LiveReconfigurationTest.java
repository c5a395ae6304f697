package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opened;
import io.sotto.wire.crypto.Opener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole pools are told new keys, demands, labels and timing while they gossip. */
class LiveReconfigurationTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String OTHER = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";
    private static final Octets OLD_LABEL = Octets.utf8("old");
    private static final Octets NEW_LABEL = Octets.utf8("new");

    @TempDir
    private Path directory;

    private VirtualPools rig;

    @BeforeEach
    void setUp() {
        rig = new VirtualPools();
        rig.virtual.tolerateWarning("memberlist: plaintext is accepted beside sealed packets");
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    @Test
    void aPlainPoolIsSealedStepByStepAndLosesNobody() throws InterruptedException {
        List<VirtualPools.Node> nodes = pool(KeySettings.none());
        VirtualSystem.Recorder<MemberEvent> events = rig.virtual.recorder();
        rig.virtual.tell(nodes.get(0).pool(), new GossipPool.Subscribe(events.ref()));
        events.take();

        for (VirtualPools.Node node : nodes) {
            assertThat(reconfigure(node, change(KEY, false, false))).isEqualTo(new Reconfigured.Applied(true));
            rig.virtual.pass(Duration.ofSeconds(5));
        }
        assertThat(sealed(Duration.ofSeconds(3))).isEqualTo(Sent.ALL_PLAIN);
        for (VirtualPools.Node node : nodes) {
            assertThat(reconfigure(node, change(KEY, false, true))).isEqualTo(new Reconfigured.Applied(false));
            rig.virtual.pass(Duration.ofSeconds(5));
        }
        for (VirtualPools.Node node : nodes) {
            assertThat(reconfigure(node, change(KEY, true, true))).isEqualTo(new Reconfigured.Applied(false));
            rig.virtual.pass(Duration.ofSeconds(5));
        }
        // Past a push/pull, which is a stream.
        rig.virtual.pass(Duration.ofMinutes(2));

        assertThat(sealed(Duration.ofSeconds(3))).isEqualTo(Sent.ALL_SEALED);
        assertThat(events.take()).as("no failure, no return").isEmpty();
        for (VirtualPools.Node node : nodes) {
            assertThat(node.names()).containsExactly("a", "b", "c");
            assertThat(node.state().rejections().total()).isZero();
            assertThat(node.state().policy().refusesPlaintext()).isTrue();
        }
    }

    @Test
    void whatIsChangedTogetherIsInForceTogether() throws InterruptedException {
        VirtualPools.Node a = rig.start("a");
        SwimSettings faster = SwimSettings.lan().withProbe(Duration.ofMillis(400), Duration.ofMillis(100));

        assertThat(reconfigure(a, change(KEY, false, true, OLD_LABEL, List.of(NEW_LABEL), faster)))
                .isEqualTo(new Reconfigured.Applied(true));

        WirePolicy policy = a.state().policy();
        assertThat(policy.ring()).isEqualTo(Keyring.of(GossipKey.parse(KEY)));
        assertThat(policy.verifyIncoming()).isFalse();
        assertThat(policy.verifyOutgoing()).isTrue();
        assertThat(policy.label()).isEqualTo(OLD_LABEL);
        assertThat(policy.otherLabels()).containsExactly(NEW_LABEL);
        assertThat(a.state().swim()).isEqualTo(faster);
    }

    @Test
    void anUnknownKeyIsRefusedWithAllThatCameWithIt() throws InterruptedException {
        VirtualPools.Node a = rig.start("a", VirtualPools.keyed(KEY), PoolSettings.Joining.nobody());
        WirePolicy before = a.state().policy();

        Reconfigured outcome = reconfigure(a, change(OTHER, false, false, OLD_LABEL, List.of(), SwimSettings.local()));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Reconfigured.Refused.class,
                        refused -> assertThat(refused.reason())
                                .contains("keyring rotate")
                                .doesNotContain(OTHER));
        assertThat(a.state().policy()).isEqualTo(before);
        assertThat(a.state().swim()).isEqualTo(SwimSettings.lan());
    }

    @Test
    void aKnownKeyChangesNothingOfTheRing() throws InterruptedException {
        VirtualPools.Node a = rig.start("a", VirtualPools.keyed(KEY), PoolSettings.Joining.nobody());

        assertThat(reconfigure(a, change(KEY, false, true))).isEqualTo(new Reconfigured.Applied(false));

        assertThat(a.state().policy().ring()).isEqualTo(Keyring.of(GossipKey.parse(KEY)));
        assertThat(a.state().policy().verifyIncoming()).isFalse();
    }

    @Test
    void aRingThatCannotBeWrittenLeavesEverythingAsItWas() throws Exception {
        Path inTheWay = Files.writeString(directory.resolve("serf"), "no directory");
        VirtualPools.Node a = startWithFile(inTheWay.resolve("local.keyring"));
        WirePolicy before = a.state().policy();
        rig.virtual.tolerateWarning("keyring unchanged");

        Reconfigured outcome = reconfigure(a, change(KEY, false, false, OLD_LABEL, List.of(), SwimSettings.local()));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Reconfigured.Refused.class,
                        refused -> assertThat(refused.reason())
                                .contains(inTheWay.toString())
                                .doesNotContain(KEY));
        assertThat(a.state().policy()).isEqualTo(before);
        assertThat(a.state().swim()).isEqualTo(SwimSettings.lan());
    }

    @Test
    void theKeyThatAnEmptyRingTakesIsInItsFile() throws Exception {
        Path file = directory.resolve("serf/local.keyring");
        VirtualPools.Node a = startWithFile(file);

        assertThat(reconfigure(a, change(KEY, false, false))).isEqualTo(new Reconfigured.Applied(true));

        assertThat(file).hasContent("[\"" + KEY + "\"]");
    }

    @Test
    void aPoolThatCannotRunRefusesWithTheReason() throws InterruptedException {
        rig.sockets.down(true);
        VirtualPools.Node failed = rig.start("a");

        assertThat(reconfigure(failed, change(KEY, false, false))).isInstanceOf(Reconfigured.Refused.class);
    }

    @Test
    void aLabelIsChangedByTakingBothFirst() throws InterruptedException {
        List<VirtualPools.Node> nodes = pool(VirtualPools.keyed(KEY));
        SwimSettings lan = SwimSettings.lan();
        List<PoolChange> steps = List.of(
                change(KEY, true, true, Octets.empty(), List.of(NEW_LABEL), lan),
                change(KEY, true, true, NEW_LABEL, List.of(Octets.empty()), lan),
                change(KEY, true, true, NEW_LABEL, List.of(), lan));
        for (PoolChange step : steps) {
            for (VirtualPools.Node node : nodes) {
                assertThat(reconfigure(node, step)).isEqualTo(new Reconfigured.Applied(false));
                // Past a push/pull in each mixture: streams are answered under the label that they came under.
                rig.virtual.pass(Duration.ofSeconds(90));
            }
        }

        for (VirtualPools.Node node : nodes) {
            assertThat(node.names()).containsExactly("a", "b", "c");
            assertThat(node.state().rejections().total()).isZero();
            assertThat(nodes)
                    .allSatisfy(other -> assertThat(other.state()
                                    .members()
                                    .find(node.name())
                                    .orElseThrow()
                                    .incarnation())
                            .isEqualTo(1));
        }
    }

    @Test
    void aLabelThatIsNoLongerTakenIsRefused() throws InterruptedException {
        List<VirtualPools.Node> nodes = pool(VirtualPools.keyed(KEY));
        rig.virtual.tolerateWarning("memberlist: ");
        rig.virtual.tolerateWarning("Refuting");

        reconfigure(nodes.get(0), change(KEY, true, true, NEW_LABEL, List.of(), SwimSettings.lan()));
        rig.virtual.pass(Duration.ofSeconds(3));

        assertThat(nodes.get(0).state().rejections().count(Rejection.Reason.LABEL))
                .isPositive();
    }

    @Test
    void anotherRhythmIsTakenUpAtOnce() throws InterruptedException {
        List<VirtualPools.Node> nodes = pool(KeySettings.none());
        long slow = pings(Duration.ofSeconds(20));

        for (VirtualPools.Node node : nodes) {
            reconfigure(node, retimed(SwimSettings.lan().withProbe(Duration.ofMillis(250), Duration.ofMillis(100))));
        }
        long fast = pings(Duration.ofSeconds(20));
        assertThat(fast).isBetween(3 * slow, 5 * slow);

        for (VirtualPools.Node node : nodes) {
            reconfigure(node, retimed(SwimSettings.lan()));
        }
        assertThat(pings(Duration.ofSeconds(20))).isBetween(slow / 2, 2 * slow);
        assertThat(nodes.get(0).stateOf("b")).contains(NodeState.ALIVE);
    }

    @Test
    void viewsAreExchangedInTheNewRhythmWithoutWaitingForTheOldOne() throws InterruptedException {
        List<VirtualPools.Node> nodes = pool(KeySettings.none());
        SwimSettings hourly = SwimSettings.lan().withPushPullInterval(Duration.ofHours(1));
        for (VirtualPools.Node node : nodes) {
            reconfigure(node, retimed(hourly));
        }
        rig.virtual.pass(Duration.ofSeconds(5));
        long before = connections(nodes);
        rig.virtual.pass(Duration.ofMinutes(1));
        assertThat(connections(nodes)).isEqualTo(before);

        reconfigure(nodes.get(0), retimed(hourly.withPushPullInterval(Duration.ofSeconds(2))));
        rig.virtual.pass(Duration.ofSeconds(10));

        assertThat(connections(nodes)).isGreaterThanOrEqualTo(before + 3);
    }

    @Test
    void aSuspicionThatRunsEndsUnderTheTimingThatItBeganWith() throws InterruptedException {
        List<VirtualPools.Node> nodes = pool(KeySettings.none());
        VirtualPools.Node a = nodes.get(0);
        rig.virtual.tolerateWarning("memberlist: ");
        rig.cutOff(nodes.get(2));
        rig.virtual.passUntil(
                "a suspicion",
                () -> a.stateOf("c").filter(NodeState.SUSPECT::equals).isPresent(),
                Duration.ofSeconds(30));
        // Twenty times as long as it has run by now would be ages.
        for (VirtualPools.Node node : nodes.subList(0, 2)) {
            reconfigure(node, retimed(SwimSettings.lan().withSuspicionMult(80)));
        }

        rig.virtual.passUntil(
                "the end of the suspicion",
                () -> a.stateOf("c").filter(NodeState.DEAD::equals).isPresent(),
                Duration.ofSeconds(30));
    }

    private enum Sent {
        ALL_PLAIN,
        ALL_SEALED,
        MIXED
    }

    private List<VirtualPools.Node> pool(KeySettings keys) throws InterruptedException {
        VirtualPools.Node a = rig.start("a", keys, PoolSettings.Joining.nobody());
        VirtualPools.Node b = rig.start("b", keys, PoolSettings.Joining.nobody());
        VirtualPools.Node c = rig.start("c", keys, PoolSettings.Joining.nobody());
        assertThat(rig.join(b, a.target()).contacted()).isEqualTo(1);
        assertThat(rig.join(c, a.target()).contacted()).isEqualTo(1);
        rig.virtual.pass(Duration.ofSeconds(5));
        return List.of(a, b, c);
    }

    private VirtualPools.Node startWithFile(Path file) {
        return rig.start(
                "a", new KeySettings(Optional.empty(), Optional.of(file), true, true), PoolSettings.Joining.nobody());
    }

    private Reconfigured reconfigure(VirtualPools.Node node, PoolChange change) throws InterruptedException {
        VirtualSystem.Recorder<Reconfigured> outcomes = rig.virtual.recorder();
        rig.virtual.tell(node.pool(), new GossipPool.Reconfigure(change, outcomes.ref()));
        rig.virtual.passUntil("the outcome of a change", () -> !outcomes.all().isEmpty(), Duration.ofSeconds(40));
        assertThat(outcomes.all()).hasSize(1);
        return outcomes.all().get(0);
    }

    private static PoolChange change(String key, boolean verifyIncoming, boolean verifyOutgoing) {
        return change(key, verifyIncoming, verifyOutgoing, Octets.empty(), List.of(), SwimSettings.lan());
    }

    private static PoolChange change(
            String key,
            boolean verifyIncoming,
            boolean verifyOutgoing,
            Octets label,
            List<Octets> otherLabels,
            SwimSettings swim) {
        return new PoolChange(
                Optional.of(GossipKey.parse(key)),
                verifyIncoming,
                verifyOutgoing,
                label,
                otherLabels,
                PlaintextUntil.forever(),
                swim);
    }

    private static PoolChange retimed(SwimSettings swim) {
        return new PoolChange(Optional.empty(), true, true, Octets.empty(), List.of(), PlaintextUntil.forever(), swim);
    }

    private long pings(Duration time) throws InterruptedException {
        int before = rig.network.sent().size();
        rig.virtual.pass(time);
        return (long) rig.network.sent().size() - before;
    }

    private static long connections(List<VirtualPools.Node> nodes) {
        return nodes.stream()
                .mapToLong(node -> node.state().streams().accepted())
                .sum();
    }

    /** How the datagrams look that are sent in that time, of which there are some. */
    private Sent sealed(Duration time) throws InterruptedException {
        int before = rig.network.sent().size();
        rig.virtual.pass(time);
        var sent = rig.network.sent();
        assertThat(sent.size()).isGreaterThan(before);
        Opener opener = new Opener();
        long opened = sent.subList(before, sent.size()).stream()
                .filter(datagram -> opener.open(Keyring.of(GossipKey.parse(KEY)), datagram.bytes(), Octets.empty())
                        instanceof Opened.Plain)
                .count();
        return opened == 0 ? Sent.ALL_PLAIN : opened == (long) sent.size() - before ? Sent.ALL_SEALED : Sent.MIXED;
    }
}
