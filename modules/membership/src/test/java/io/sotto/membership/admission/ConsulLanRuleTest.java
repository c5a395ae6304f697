package io.sotto.membership.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Members;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.message.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsulLanRuleTest {
    private final ConsulLanRule rule = new ConsulLanRule("self", "id-self", "dc1", "");

    @Test
    void acceptsServersAndClientsOfItsDatacenter() {
        assertThat(rule.objection(List.of(node("a", Map.of()), node("b", Map.of("role", "consul")))))
                .isEmpty();
    }

    @Test
    void refusesAnotherDatacenterInConsulsWords() {
        assertThat(rule.objection(node("w", Map.of("dc", "dc9"))))
                .contains("Member 'w' part of wrong datacenter 'dc9'");
        assertThat(rule.objection(node("w", Map.of("role", "consul", "dc", "dc9"))))
                .contains("Member 'w' part of wrong datacenter 'dc9'");
    }

    @Test
    void refusesAnotherSegment() {
        assertThat(rule.objection(node("w", Map.of("segment", "alpha"))))
                .contains("Member 'w' part of wrong segment 'alpha' (expected '')");
    }

    @Test
    void letsAForeignRoleInWhoseSegmentIsTheSame() {
        assertThat(rule.objection(node("w", Map.of("role", "web", "dc", "dc9"))))
                .isEmpty();
        assertThat(rule.objection(candidate("w", Octets.empty(), NodeState.ALIVE, Members.VSN)))
                .isEmpty();
    }

    @Test
    void refusesItsOwnIdUnderAnotherNameButNotUnderItsOwn() {
        assertThat(rule.objection(node("w", Map.of("id", "id-self"))))
                .contains("Member 'w' has conflicting node ID 'id-self' with this agent's ID");
        assertThat(rule.objection(node("self", Map.of("id", "id-self")))).isEmpty();
    }

    @Test
    void refusesTwoMembersOfOneIdUnlessOneIsOldOrHasLeft() {
        Candidate first = node("a", Map.of("id", "x"));
        Candidate second = node("b", Map.of("id", "x"));
        assertThat(rule.objection(List.of(first, second)))
                .contains("Member 'b' has conflicting node ID 'x' with member 'a'");

        for (String build : List.of("0.8.4:abc", "0.8.5-rc1:abc", "0.7.9", "garbage", "")) {
            assertThat(rule.objection(List.of(node("a", Map.of("id", "x", "build", build)), second)))
                    .as(build)
                    .isEmpty();
        }
        for (String build : List.of("0.8.5:abc", "0.8.6-beta1:abc", "1.0.0", "0.9.0+ent:abc")) {
            assertThat(rule.objection(List.of(node("a", Map.of("id", "x", "build", build)), second)))
                    .as(build)
                    .isPresent();
        }
        Candidate left = candidate("a", tags(Map.of("id", "x")), NodeState.LEFT, Members.VSN);
        assertThat(rule.objection(List.of(left, second))).isEmpty();
        assertThat(rule.objection(List.of(first, node("b", Map.of("id", ""))))).isEmpty();
    }

    @Test
    void refusesMalformedNodes() {
        Octets tags = tags(Map.of());
        assertThat(rule.objection(candidate("w", tags, NodeState.ALIVE, Octets.hex("010502"))))
                .isPresent();
        assertThat(rule.objection(candidate("w", Octets.wrap(new byte[513]), NodeState.ALIVE, Members.VSN)))
                .isPresent();
        var address = new NodeAddress(Octets.hex("7f0000"), 7946);
        assertThat(rule.objection(new Candidate("w", address, tags, Members.VSN, NodeState.ALIVE)))
                .contains("IP byte length is invalid: 3 bytes is not either 4 or 16");
    }

    @Test
    void acceptsAnythingWithoutAHook() {
        assertThat(AdmissionRule.acceptAll().objection(node("w", Map.of("dc", "dc9"))))
                .isEmpty();
    }

    private static Candidate node(String name, Map<String, String> changed) {
        return candidate(name, tags(changed), NodeState.ALIVE, Members.VSN);
    }

    private static Octets tags(Map<String, String> changed) {
        Map<String, String> tags =
                new HashMap<>(Map.of("role", "node", "dc", "dc1", "segment", "", "build", "1.8.7:12345678"));
        tags.putAll(changed);
        return Tags.encode(tags);
    }

    private static Candidate candidate(String name, Octets meta, NodeState state, Octets vsn) {
        return new Candidate(name, Members.address(41), meta, vsn, state);
    }
}
