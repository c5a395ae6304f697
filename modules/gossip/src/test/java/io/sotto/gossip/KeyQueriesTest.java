package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.VirtualPools.Node;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.keys.KeyReport;
import io.sotto.gossip.keys.MemberKeys;
import java.time.Duration;
import java.util.List;
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

    private static String numbered(int i) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) i;
        bytes[31] = 1;
        return java.util.Base64.getEncoder().encodeToString(bytes);
    }

    private static void assertDoneBy(KeyReport report, String... names) {
        assertThat(report.refused()).isEmpty();
        assertThat(report.silent()).isEmpty();
        assertThat(report.answers().keySet()).containsExactly(names);
        assertThat(report.answers().values()).allMatch(MemberKeys::done);
        assertThat(report.members()).isEqualTo(names.length);
    }
}
