package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FloodJoinTest {
    private static final Map<String, String> OURS =
            Map.of("role", "consul", "dc", "dc1", "sotto", "1", "wan_join_port", "18302");

    @Test
    void looksForTheServersOfTheLanThatAreMissingInTheWan() {
        List<Member> lan = List.of(
                WanMembers.alive("a", "127.0.0.1", 8301, OURS),
                WanMembers.alive("b", "127.0.0.2", 8301, OURS),
                WanMembers.alive("client", "127.0.0.3", 8301, Map.of("role", "node", "dc", "dc1")),
                WanMembers.member("gone", "127.0.0.4", 8301, Member.Status.FAILED, OURS));
        List<Member> wan = List.of(WanMembers.alive("a.dc1", "127.0.0.1", 18302, Map.of("dc", "dc1")));

        assertThat(FloodJoin.missing(lan, wan, "dc1", 8302)).containsExactly("127.0.0.2:18302");
        assertThat(FloodJoin.missing(lan, List.of(), "dc1", 8302))
                .containsExactly("127.0.0.1:18302", "127.0.0.2:18302");
    }

    @Test
    void whoFailedOrLeftInTheWanIsNotMissing() {
        List<Member> lan = List.of(WanMembers.alive("b", "127.0.0.2", 8301, OURS));
        for (Member.Status status : Member.Status.values()) {
            assertThat(FloodJoin.missing(
                            lan, List.of(WanMembers.member("b.dc1", "127.0.0.2", 8302, status, Map.of())), "dc1", 8302))
                    .as(status.toString())
                    .isEmpty();
        }
    }

    @Test
    void aRealServerThatDoesNotTellItsPortHasTheUsualOneAndOursWithoutOneHasNoWanPool() {
        List<Member> lan = List.of(
                WanMembers.alive("old", "::1", 8301, Map.of("role", "consul", "dc", "dc1")),
                WanMembers.alive("ours", "127.0.0.2", 8301, Map.of("role", "consul", "dc", "dc1", "sotto", "1")),
                WanMembers.alive(
                        "odd", "127.0.0.3", 8301, Map.of("role", "consul", "dc", "dc1", "wan_join_port", "99999")));
        assertThat(FloodJoin.missing(lan, List.of(), "dc1", 8302)).containsExactly("[0:0:0:0:0:0:0:1]:8302");
    }
}
