package io.sotto.membership.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Members;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.message.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsulWanRuleTest {
    private final ConsulWanRule rule = new ConsulWanRule();

    @Test
    void acceptsServersOfEveryDatacenter() {
        assertThat(rule.objection(List.of(node("a.dc1", Map.of()), node("b.dc2", Map.of("dc", "dc2")))))
                .isEmpty();
        assertThat(rule.objection(node(
                        "a.dc1",
                        Map.of(
                                "expect",
                                "3",
                                "raft_vsn",
                                "3",
                                "ft_fs",
                                "1",
                                "sl_x",
                                "10.0.0.1:8303",
                                "build",
                                "0.1.0:"))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "role, node",
        "role, ''",
        "port, ''",
        "port, many",
        "vsn, x",
        "build, garbage",
        "build, ''",
        "expect, three",
        "raft_vsn, x",
        "wan_join_port, x",
        "ft_si, on",
        "sl_x, nowhere"
    })
    void refusesWhoIsNoReadableServerInConsulsWords(String tag, String value) {
        assertThat(rule.objection(node("w.dc1", Map.of(tag, value)))).contains("Member 'w.dc1' is not a server");
    }

    @Test
    void refusesTheMembersOfALanPoolThoughTheirMessagesAreSealedWithTheSameKey() {
        assertThat(rule.objection(node("w", Map.of()))).contains("Member 'w' is not named after its datacenter 'dc1'");
        assertThat(rule.objection(node("w.dc2", Map.of()))).isPresent();
        assertThat(rule.objection(node(".dc1", Map.of()))).isPresent();
        assertThat(rule.objection(node("w.", Map.of("dc", "")))).isPresent();
    }

    @Test
    void refusesMalformedNodesAndAWholeJoinForOneOfThem() {
        assertThat(rule.objection(new Candidate(
                        "w.dc1", Members.address(41), tags(Map.of()), Octets.hex("0105"), NodeState.ALIVE)))
                .contains("Member 'w.dc1' does not say its protocol versions");
        assertThat(rule.objection(List.of(node("a.dc1", Map.of()), node("b.dc1", Map.of("role", "node")))))
                .contains("Member 'b.dc1' is not a server");
    }

    private static Candidate node(String name, Map<String, String> changed) {
        return new Candidate(name, Members.address(41), tags(changed), Members.VSN, NodeState.ALIVE);
    }

    private static Octets tags(Map<String, String> changed) {
        Map<String, String> tags = new HashMap<>(
                Map.of("role", "consul", "dc", "dc1", "port", "8300", "vsn", "2", "build", "1.8.7:12345678"));
        tags.putAll(changed);
        return Tags.encode(tags);
    }
}
