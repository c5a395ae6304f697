package io.sotto.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.SerfStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How soon a pool is one again that was split for so long that each side has given up and forgotten the other. */
class HealingSimTest {
    /** Within which a split pool has to be whole again; an operator's bound, not the protocol's. */
    private static final Duration HEALED_WITHIN = Duration.ofSeconds(8);

    /** Lengths differ, so that the end falls into every part of the half minute between two tries of Serf's. */
    @ParameterizedTest(name = "{0} | {1} for {2} s, seed {3}")
    @CsvSource({
        "3, 2, 62, 1",
        "3, 2, 66, 2",
        "3, 2, 70, 3",
        "3, 2, 74, 4",
        "3, 2, 78, 5",
        "3, 2, 82, 6",
        "1, 1, 70, 7",
        "5, 3, 70, 8",
        "15, 15, 70, 9",
        "16, 8, 100, 10"
    })
    void aSplitPoolIsWholeSoonAfterItHeals(int here, int there, long seconds, long seed) {
        try (SimCluster cluster =
                SimCluster.builder().seed(seed).members(here + there).build()) {
            cluster.formed();
            List<SimMember> left = cluster.members().subList(0, here);
            List<SimMember> right = cluster.members().subList(here, here + there);

            cluster.partition(left, right);
            cluster.run(Duration.ofSeconds(seconds));
            assertThat(left).allMatch(member -> failsAll(member, right));
            assertThat(right).allMatch(member -> failsAll(member, left));

            cluster.heal();
            cluster.runUntil("all to see all", cluster::seesItself, HEALED_WITHIN);
        }
    }

    private static boolean failsAll(SimMember member, List<SimMember> others) {
        return others.stream()
                .allMatch(
                        other -> member.view().find(other.name()).orElseThrow().status() == SerfStatus.FAILED);
    }
}
