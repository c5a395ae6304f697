package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.VirtualPools.Node;
import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.keys.KeyReport;
import io.sotto.gossip.keys.MemberKeys;
import io.sotto.wire.crypto.GossipKey;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Key operations over whole pools, in virtual time. */
class KeyQueriesTest {
    private static final String K16 = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String K24 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
    private static final String K32 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private KeyPools keys;

    @BeforeEach
    void setUp() {
        keys = new KeyPools();
    }

    @AfterEach
    void tearDown() {
        keys.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {K24, K32})
    void aKeyIsInstalledUsedAndTheOldOneRemovedEverywhere(String next) {
        List<Node> nodes = keys.formed(VirtualPools.keyed(K16), "a", "b", "c", "d");
        Node a = nodes.get(0);

        assertDoneBy(keys.ask(a, KeyOperation.INSTALL, next), "a", "b", "c", "d");
        assertThat(nodes).allSatisfy(node -> assertThat(KeyPools.ids(node)).isEqualTo(KeyPools.ids(K16, next)));
        assertDoneBy(keys.ask(nodes.get(2), KeyOperation.USE, next), "a", "b", "c", "d");
        assertThat(nodes).allSatisfy(node -> assertThat(KeyPools.ids(node)).isEqualTo(KeyPools.ids(next, K16)));
        KeyReport listed = keys.ask(nodes.get(1), KeyOperation.LIST);
        assertDoneBy(listed, "a", "b", "c", "d");
        assertThat(listed.answers().values())
                .allSatisfy(answer ->
                        assertThat(answer.keys().stream().map(key -> key.id())).isEqualTo(KeyPools.ids(next, K16)))
                .allSatisfy(answer ->
                        assertThat(answer.primary()).contains(answer.keys().get(0)));
        assertDoneBy(keys.ask(a, KeyOperation.REMOVE, K16), "a", "b", "c", "d");
        assertThat(nodes).allSatisfy(node -> assertThat(KeyPools.ids(node)).isEqualTo(KeyPools.ids(next)));
        keys.pools.virtual.pass(Duration.ofMinutes(2));
        assertThat(nodes).allSatisfy(node -> {
            assertThat(node.state().rejections().total()).isZero();
            assertThat(node.names()).hasSize(4);
        });
    }

    @Test
    void statusHasEveryKeyOfEveryRingHoweverMany() {
        List<Node> nodes = keys.formed(VirtualPools.keyed(K32), "a", "b");
        for (int i = 0; i < 63; i++) {
            assertThat(keys.ask(nodes.get(0), KeyOperation.INSTALL, numbered(i)))
                    .matches(KeyReport::isDoneEverywhere);
        }

        KeyReport listed = keys.ask(nodes.get(0), KeyOperation.LIST);
        KeyReport status = keys.status(nodes.get(0));

        assertThat(listed.answers())
                .hasEntrySatisfying(
                        "b",
                        b -> assertThat(b.message())
                                .matches("truncated key list response, showing first \\d+ of 64 keys"));
        assertThat(status.silent()).isEmpty();
        assertThat(status.answers().keySet()).containsExactly("a", "b");
        assertThat(status.answers().values())
                .allSatisfy(answer -> assertThat(answer)
                        .isEqualTo(new MemberKeys(
                                true,
                                "",
                                nodes.get(1).state().policy().ring().keys(),
                                nodes.get(1).state().policy().ring().primary())));
    }

    @Test
    void whatIsSoAlreadyIsDoneAndWhatCannotBeIsRefusedInSerfsWords() {
        List<Node> nodes = keys.formed(VirtualPools.keyed(K16), "a", "b", "c");
        Node a = nodes.get(0);

        assertDoneBy(keys.ask(a, KeyOperation.INSTALL, K16), "a", "b", "c");
        assertDoneBy(keys.ask(a, KeyOperation.REMOVE, K24), "a", "b", "c");
        assertDoneBy(keys.ask(a, KeyOperation.USE, K16), "a", "b", "c");

        assertThat(keys.ask(a, KeyOperation.REMOVE, K16).answers().values())
                .hasSize(3)
                .containsOnly(MemberKeys.failed("Removing the primary key is not allowed"));
        assertThat(keys.ask(a, KeyOperation.USE, K24).answers().values())
                .hasSize(3)
                .containsOnly(MemberKeys.failed("Requested key is not in the keyring"));
        assertThat(nodes).allSatisfy(node -> assertThat(KeyPools.ids(node)).isEqualTo(KeyPools.ids(K16)));
    }

    @Test
    void aMemberThatLacksTheKeySaysSoThoughTheOthersUseIt() {
        List<Node> nodes = keys.formed(VirtualPools.keyed(K16), "a", "b", "c");
        for (Node node : List.of(nodes.get(0), nodes.get(2))) {
            keys.pools.virtual.tell(
                    node.pool(),
                    new GossipPool.Keys(new KeyKeeper.Install(
                            GossipKey.parse(K32),
                            keys.pools.virtual.<KeyKeeper.Answer>recorder().ref())));
        }
        keys.pools.virtual.tolerateWarning("memberlist: Refused a");

        KeyReport report = keys.ask(nodes.get(0), KeyOperation.USE, K32);

        assertThat(report.isDoneEverywhere()).isFalse();
        assertThat(report.silent()).isEmpty();
        assertThat(report.answers())
                .containsEntry("a", MemberKeys.asWanted())
                .containsEntry("b", MemberKeys.failed("Requested key is not in the keyring"))
                .containsEntry("c", MemberKeys.asWanted());
        assertThat(KeyPools.ids(nodes.get(1))).isEqualTo(KeyPools.ids(K16));
    }

    @Test
    void whoDoesNotAnswerIsNamedAndWhoLeavesMeanwhileIsNotWaitedFor() {
        List<Node> nodes = keys.formed(VirtualPools.keyed(K16), "a", "b", "c");
        // Before it has been silent twice, it may be suspected, and even taken for dead.
        keys.pools.virtual.tolerateWarning("Refuting a ");
        keys.pools.cutOff(nodes.get(2));
        KeyReport silent = keys.ask(nodes.get(0), KeyOperation.LIST);
        keys.pools.heal();
        keys.pools.virtual.pass(Duration.ofSeconds(30));
        keys.serf.passUntilAllKnowAll(nodes);

        assertThat(silent.silent()).containsExactly("c");
        assertThat(silent.members()).isEqualTo(3);
        assertThat(silent.answers().keySet()).containsExactly("a", "b");

        // It hears nothing, and so does not answer; but that it leaves is heard.
        keys.pools.network.link((from, to) -> !to.equals(nodes.get(2).address()));
        VirtualSystem.Recorder<KeyReport> reports = keys.begin(nodes.get(0), KeyOperation.LIST);
        keys.pools.virtual.tell(
                nodes.get(2).pool(),
                new GossipPool.Leave(
                        keys.pools.virtual.<GossipPool.Left>recorder().ref()));
        Duration waited =
                keys.pools.virtual.passUntil("a report", () -> !reports.all().isEmpty(), Duration.ofSeconds(10));

        assertThat(reports.all().get(0).silent()).isEmpty();
        assertThat(reports.all().get(0).members()).isEqualTo(2);
        assertThat(waited).as("not the whole time of the query").isLessThan(Duration.ofMillis(3_200));
    }

    @Test
    void statusAsksMembersThatAreNotSottosInSerfsForm() {
        List<Node> nodes = List.of(
                keys.sotto("a", VirtualPools.keyed(K16)),
                keys.sotto("b", VirtualPools.keyed(K16)),
                keys.other("c", VirtualPools.keyed(K16)));
        keys.joined(nodes);
        keys.ask(nodes.get(0), KeyOperation.INSTALL, K24);
        keys.ask(nodes.get(0), KeyOperation.USE, K24);

        KeyReport status = keys.status(nodes.get(0));

        assertThat(status.silent()).isEmpty();
        assertThat(status.members()).isEqualTo(3);
        assertThat(status.answers().keySet()).containsExactly("a", "b", "c");
        assertThat(status.answers().values())
                .containsOnly(new MemberKeys(
                        true,
                        "",
                        List.of(GossipKey.parse(K24), GossipKey.parse(K16)),
                        Optional.of(GossipKey.parse(K24))));
    }

    @Test
    void aNodeThatLeftAsksNobody() {
        List<Node> nodes = keys.formed(VirtualPools.keyed(K16), "a", "b");
        VirtualSystem.Recorder<GossipPool.Left> left = keys.pools.virtual.recorder();
        keys.pools.virtual.tell(nodes.get(0).pool(), new GossipPool.Leave(left.ref()));
        keys.pools.virtual.passUntil("the leave", () -> !left.all().isEmpty(), Duration.ofSeconds(30));

        assertThat(keys.ask(nodes.get(0), KeyOperation.LIST))
                .isEqualTo(KeyReport.refused(KeyOperation.LIST, "this node has left its pool"));
    }

    private static String numbered(int i) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) i;
        bytes[31] = 1;
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static void assertDoneBy(KeyReport report, String... names) {
        assertThat(report.refused()).isEmpty();
        assertThat(report.silent()).isEmpty();
        assertThat(report.answers().keySet()).containsExactly(names);
        assertThat(report.answers().values()).allMatch(MemberKeys::done);
        assertThat(report.members()).isEqualTo(names.length);
    }
}
