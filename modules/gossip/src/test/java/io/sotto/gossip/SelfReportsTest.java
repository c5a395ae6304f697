package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.VirtualPools.Node;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.membership.upshift.SelfReport;
import io.sotto.wire.Octets;
import io.sotto.wire.WireText;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opened;
import io.sotto.wire.crypto.Opener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What members say of their own encryption, asked and answered sealed whatever the pool demands. */
class SelfReportsTest {
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
    void eachMemberReportsItsRingAndFlagsAlsoWhileNothingElseIsSealed() {
        List<Node> nodes = rig.formed(lax(), "a", "b", "c");

        MemberReports answer = ask(nodes.get(0));

        assertThat(answer.reports()).containsOnlyKeys("a", "b", "c");
        assertThat(answer.silent()).isEmpty();
        assertThat(answer.reports().values()).allSatisfy(report -> {
            assertThat(report.keys()).containsExactly(GossipKey.parse(KEY).id());
            assertThat(report.verifyIncoming()).isFalse();
            assertThat(report.verifyOutgoing()).isFalse();
            assertThat(report.lastPlaintext()).as("gossip is plain").isPresent();
        });
    }

    @Test
    void neitherTheQuestionNorAnAnswerTravelsInTheClear() {
        List<Node> nodes = rig.formed(lax(), "a", "b", "c");
        int before = rig.pools.network.sent().size();

        ask(nodes.get(0));

        List<MemoryNetwork.Sent> sent = rig.pools.network.sent();
        Opener opener = new Opener();
        Keyring ring = Keyring.of(GossipKey.parse(KEY));
        assertThat(sent.subList(before, sent.size()))
                .filteredOn(datagram -> WireText.decode(datagram.bytes()).contains("_sotto_"))
                .isEmpty();
        assertThat(sent.subList(before, sent.size()))
                .filteredOn(datagram -> opener.open(ring, datagram.bytes(), Octets.empty()) instanceof Opened.Plain)
                .as("though both flags are off")
                .isNotEmpty();
    }

    @Test
    void aMemberWithoutTheKeyIsSilentAndOneOfAnotherKindIsNotAsked() {
        Node a = rig.sotto("a", lax());
        Node b = rig.sotto("b", KeySettings.none());
        Node c = rig.other("c", lax());
        rig.joined(List.of(a, b, c));

        MemberReports answer = ask(a);

        assertThat(answer.reports()).containsOnlyKeys("a");
        assertThat(answer.silent()).containsExactly("b");
    }

    @Test
    void whoHoldsNoKeyAsksNobody() {
        List<Node> nodes = rig.formed(KeySettings.none(), "a", "b");

        MemberReports answer = ask(nodes.get(0));

        assertThat(answer.reports()).isEmpty();
    }

    @Test
    void strictMembersReportThatTheyAre() {
        List<Node> nodes = rig.formed(KeyPools.keyed(KEY, Optional.empty(), true, true), "a", "b");

        Map<String, SelfReport> reports = ask(nodes.get(1)).reports();

        assertThat(reports).containsOnlyKeys("a", "b");
        assertThat(reports.values()).allSatisfy(report -> {
            assertThat(report.verifyIncoming()).isTrue();
            assertThat(report.verifyOutgoing()).isTrue();
            assertThat(report.lastPlaintext()).isEmpty();
        });
    }

    @Test
    void aMemberThatHoldsOnlyAnotherKeyIsSilent() {
        Node a = rig.sotto("a", lax());
        Node b = rig.sotto("b", KeyPools.keyed(OTHER_KEY, Optional.empty(), false, false));
        rig.joined(List.of(a, b));

        assertThat(ask(a).silent()).as("neither opens what the other seals").containsExactly("b");
    }

    private MemberReports ask(Node from) {
        VirtualSystem.Recorder<MemberReports> answers = rig.pools.virtual.recorder();
        rig.pools.virtual.tell(from.pool(), new GossipPool.AskReports(answers.ref()));
        rig.pools.virtual.passUntil("reports", () -> !answers.all().isEmpty(), Duration.ofSeconds(60));
        return answers.all().get(0);
    }

    private static KeySettings lax() {
        return KeyPools.keyed(KEY, Optional.empty(), false, false);
    }
}
