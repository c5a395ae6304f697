package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.VirtualPools.Node;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.membership.upshift.trial.KeyFinding;
import io.sotto.membership.upshift.trial.KeyFinding.Opens;
import io.sotto.membership.upshift.trial.KeyFinding.Plain;
import io.sotto.membership.upshift.trial.KeyFinding.Seals;
import io.sotto.wire.Rejection;
import io.sotto.wire.crypto.GossipKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a trial finds out of members at each stage, and that it changes nothing. */
class KeyTrialsTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String OTHER_KEY = "EBESExQVFhcYGRobHB0eHw==";

    private KeyPools rig;

    @BeforeEach
    void setUp() {
        rig = new KeyPools();
        rig.pools.virtual.tolerateWarning("memberlist: plaintext is accepted beside sealed packets");
        rig.pools.virtual.tolerateWarning("memberlist: Refused");
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    @Test
    void whoHasNoKeyYetFindsOutWhoHoldsTheOneThatIsToBe() {
        Node a = rig.other("a", KeySettings.none());
        Node plain = rig.other("plain", KeySettings.none());
        Node keyed = rig.other("keyed", keyed(false, false));
        rig.joined(List.of(a, plain, keyed));

        Map<String, KeyFinding> found = find(a, Optional.of(KEY), "plain", "keyed");

        assertFound(found, "plain", Opens.REFUSED, Seals.UNKNOWN, Plain.UNKNOWN);
        assertFound(found, "keyed", Opens.PROVEN, Seals.NOT, Plain.UNKNOWN);
        assertThat(a.state().policy().isKeyed()).as("the ring stays as it is").isFalse();
    }

    @Test
    void eachStageIsKnownByWhatItOpensSealsAndTakes() {
        Node a = rig.other("a", keyed(false, true));
        Node ready = rig.other("ready", keyed(false, false));
        Node sending = rig.other("sending", keyed(false, true));
        Node enforced = rig.other("enforced", keyed(true, true));
        rig.joined(List.of(a, ready, sending, enforced));

        Map<String, KeyFinding> found = find(a, Optional.of(KEY), "ready", "sending", "enforced");

        assertFound(found, "ready", Opens.PROVEN, Seals.NOT, Plain.UNKNOWN);
        assertFound(found, "sending", Opens.PROVEN, Seals.WITH_KEY, Plain.TAKEN);
        assertFound(found, "enforced", Opens.PROVEN, Seals.WITH_KEY, Plain.REFUSED);
        assertThat(a.state().counters().trials.count(PoolCounters.TrialEnd.PLAIN_REFUSED))
                .isEqualTo(3);
        assertThat(a.state().counters().trials.count(PoolCounters.TrialEnd.SEALED_ACKED))
                .as("one each, and one after each plain ping that was refused")
                .isEqualTo(3 + 3);
    }

    @Test
    void withoutAKeyGivenTheRingsPrimaryIsTriedAndWithoutAnyOnlyPlaintext() {
        Node a = rig.other("a", keyed(false, true));
        Node b = rig.other("b", keyed(false, true));
        Node c = rig.other("c", KeySettings.none());
        Node d = rig.other("d", KeySettings.none());
        rig.joined(List.of(a, b));
        rig.joined(List.of(c, d));

        assertFound(find(a, Optional.empty(), "b"), "b", Opens.PROVEN, Seals.WITH_KEY, Plain.TAKEN);
        assertFound(find(c, Optional.empty(), "d"), "d", Opens.UNKNOWN, Seals.NOT, Plain.TAKEN);
    }

    @Test
    void whoHoldsAnotherKeyOnlyIsNotReady() {
        Node a = rig.other("a", keyed(false, false));
        Node b = rig.other("b", KeyPools.keyed(OTHER_KEY, Optional.empty(), false, false));
        rig.joined(List.of(a, b));

        assertFound(find(a, Optional.of(KEY), "b"), "b", Opens.REFUSED, Seals.UNKNOWN, Plain.UNKNOWN);
    }

    @Test
    void aTrialIsNeitherEvidenceNorARejectionNorNewsOfTheMember() {
        Node a = rig.other("a", keyed(false, true));
        Node b = rig.other("b", keyed(true, true));
        Node c = rig.other("c", KeyPools.keyed(KEY, Optional.empty(), false, true));
        rig.joined(List.of(a, b, c));
        long plain = a.state().rejections().evidence().plainCount();
        long rejected = rejected(a);
        long probes = a.state().counters().probes.count(PoolCounters.ProbeEnd.DIRECT);
        var before = a.state().members().records();

        Map<String, KeyFinding> found = find(a, Optional.of(KEY), "b", "c");

        assertThat(found).hasSize(2);
        assertThat(a.state().rejections().evidence().plainCount()).isEqualTo(plain);
        assertThat(rejected(a)).isEqualTo(rejected);
        assertThat(a.state().counters().probes.count(PoolCounters.ProbeEnd.DIRECT))
                .isEqualTo(probes);
        assertThat(a.state().members().records()).isEqualTo(before);
    }

    @Test
    void whoeverAsksAgainSoonIsToldWhatIsKnownAndRefusersAreLeftAloneForAMinute() {
        Node a = rig.other("a", keyed(false, true));
        Node b = rig.other("b", keyed(true, true));
        rig.joined(List.of(a, b));
        var trials = a.state().counters().trials;

        find(a, Optional.of(KEY), "b");
        long sealed = trials.count(PoolCounters.TrialEnd.SEALED_ACKED);
        find(a, Optional.of(KEY), "b");
        assertThat(trials.count(PoolCounters.TrialEnd.SEALED_ACKED)).isEqualTo(sealed);

        rig.pools.virtual.pass(KeyTrials.FRESH);
        Map<String, KeyFinding> again = find(a, Optional.of(KEY), "b");
        assertFound(again, "b", Opens.PROVEN, Seals.WITH_KEY, Plain.REFUSED);
        assertThat(trials.count(PoolCounters.TrialEnd.SEALED_ACKED)).isEqualTo(sealed + 1);
        assertThat(trials.count(PoolCounters.TrialEnd.PLAIN_REFUSED)).isEqualTo(3);

        rig.pools.virtual.pass(KeyTrials.PLAIN_AGAIN);
        find(a, Optional.of(KEY), "b");
        assertThat(trials.count(PoolCounters.TrialEnd.PLAIN_REFUSED)).isEqualTo(6);
    }

    @Test
    void whoIsGoneIsUnknownAndWhoIsNoMemberIsLeftOut() {
        Node a = rig.other("a", keyed(false, true));
        Node b = rig.other("b", keyed(false, true));
        rig.joined(List.of(a, b));
        rig.pools.virtual.stop(b.pool());

        Map<String, KeyFinding> found = find(a, Optional.of(KEY), "a", "b", "nobody");

        assertThat(found).containsOnlyKeys("b");
        assertFound(found, "b", Opens.UNKNOWN, Seals.UNKNOWN, Plain.UNKNOWN);
    }

    @Test
    void manyAreTriedInTurnAndAllAreAnswered() {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 3 * KeyTrials.AT_ONCE; i++) {
            nodes.add(rig.other("n" + i, keyed(false, true)));
        }
        rig.joined(nodes);

        Map<String, KeyFinding> found = find(
                nodes.get(0), Optional.of(KEY), nodes.stream().map(Node::name).toArray(String[]::new));

        assertThat(found).hasSize(nodes.size() - 1);
        assertThat(found.values()).allSatisfy(one -> assertThat(one.seals()).isEqualTo(Seals.WITH_KEY));
    }

    @Test
    void whoAsksANodeThatHasLeftIsToldNothing() {
        Node a = rig.other("a", keyed(false, true));
        Node b = rig.other("b", keyed(false, true));
        rig.joined(List.of(a, b));
        VirtualSystem.Recorder<GossipPool.Left> left = rig.pools.virtual.recorder();
        rig.pools.virtual.tell(a.pool(), new GossipPool.Leave(left.ref()));
        rig.pools.virtual.passUntil("the leave", () -> !left.all().isEmpty(), Duration.ofSeconds(60));

        assertThat(find(a, Optional.of(KEY), "b")).isEmpty();
    }

    private Map<String, KeyFinding> find(Node from, Optional<String> key, String... members) {
        VirtualSystem.Recorder<KeyFindings> answers = rig.pools.virtual.recorder();
        rig.pools.virtual.tell(
                from.pool(),
                new GossipPool.TryKey(key.map(GossipKey::parse), Set.copyOf(Arrays.asList(members)), answers.ref()));
        rig.pools.virtual.passUntil("findings", () -> !answers.all().isEmpty(), Duration.ofSeconds(60));
        return answers.all().get(0).byMember();
    }

    private static void assertFound(Map<String, KeyFinding> all, String member, Opens opens, Seals seals, Plain plain) {
        assertThat(all).containsKey(member);
        KeyFinding found = Objects.requireNonNull(all.get(member));
        assertThat(found).as(member).isEqualTo(new KeyFinding(found.at(), opens, seals, plain));
    }

    private static long rejected(Node node) {
        return Arrays.stream(Rejection.Reason.values())
                .mapToLong(reason -> node.state().rejections().count(reason))
                .sum();
    }

    private static KeySettings keyed(boolean verifyIncoming, boolean verifyOutgoing) {
        return KeyPools.keyed(KEY, Optional.empty(), verifyIncoming, verifyOutgoing);
    }
}
