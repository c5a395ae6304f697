package io.sotto.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.cluster.Member;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JoinListTest {
    private static final Member SELF = MadeMembers.alive("self", "10.0.0.1", Map.of());
    private static final Member OTHER = MadeMembers.alive("other", "10.0.0.2", Map.of());
    private static final Member GONE = MadeMembers.member("gone", "10.0.0.3", Member.Status.FAILED, Map.of());

    @Test
    void thisNodeAndLivingMembersAreNotJoinedButThoseThatFailedAre() {
        List<JoinList.Found> found = List.of(ip("10.0.0.1"), ip("10.0.0.2"), ip("10.0.0.3"), ip("10.0.0.4"));
        assertThat(of(found, List.of(SELF, OTHER, GONE), OptionalInt.empty()))
                .containsExactly("10.0.0.3:8301", "10.0.0.4:8301");
    }

    @Test
    void thePortIsTheOneThatIsSetElseTheOneThatWasFoundElseThisNodesOwn() {
        List<JoinList.Found> found = List.of(ip("10.0.0.4"), at("10.0.0.5", 9000), at("10.0.0.1", 9000));
        assertThat(of(found, List.of(SELF), OptionalInt.empty()))
                .containsExactly("10.0.0.4:8301", "10.0.0.5:9000", "10.0.0.1:9000");
        assertThat(of(found, List.of(SELF), OptionalInt.of(7946)))
                .containsExactly("10.0.0.4:7946", "10.0.0.5:7946", "10.0.0.1:7946");
    }

    @Test
    void hostsThatAreKnownByNameOnlyAreJoinedByWhoIsAlone() {
        List<JoinList.Found> found =
                List.of(new JoinList.Found("consul.example.org", Optional.empty(), OptionalInt.empty()));
        assertThat(of(found, List.of(SELF, GONE), OptionalInt.empty())).containsExactly("consul.example.org:8301");
        assertThat(of(found, List.of(SELF, OTHER), OptionalInt.empty())).isEmpty();
    }

    @Test
    void moreThanTheBoundHaveTheirTurnInOtherRounds() {
        List<JoinList.Found> found =
                IntStream.range(0, 100).mapToObj(i -> ip("10.0.1." + i)).toList();
        Set<String> tried = new LinkedHashSet<>();
        List<Integer> leftOut = new ArrayList<>();
        for (int round = 0; round < 15; round++) {
            JoinList list = JoinList.of(found, List.of(SELF), SELF, OptionalInt.empty(), 7, round);
            assertThat(list.addresses()).hasSize(7).doesNotHaveDuplicates();
            tried.addAll(list.addresses());
            leftOut.add(list.leftOut());
        }
        assertThat(tried).hasSize(100);
        assertThat(leftOut).containsOnly(93);
    }

    private static List<String> of(List<JoinList.Found> found, List<Member> members, OptionalInt port) {
        return JoinList.of(found, members, SELF, port, 32, 0).addresses();
    }

    private static JoinList.Found ip(String address) {
        return new JoinList.Found(
                address, Optional.of(new InetSocketAddress(address, 0).getAddress()), OptionalInt.empty());
    }

    private static JoinList.Found at(String address, int port) {
        return new JoinList.Found(
                address, Optional.of(new InetSocketAddress(address, 0).getAddress()), OptionalInt.of(port));
    }
}
