package io.sotto.testkit.lifeguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.SuspicionEntry;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.SwimSettings;
import io.sotto.testkit.sim.SimCluster;
import io.sotto.testkit.sim.SimMember;
import io.sotto.wire.NodeState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pools of five, as production runs them, under the faults of the security rules, "Figures to hold": who may accuse whom.
 * What a member has accused others of stands in the ledgers of all.
 */
class LifeguardSimTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration FORMING = Duration.ofSeconds(20);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aMemberThatStandsStillForFourSecondsIsFineAndSoAreTheOthers(long seed) {
        try (SimCluster cluster = formed(seed, SwimSettings.lan())) {
            for (int seconds : List.of(2, 4)) {
                stall(cluster, Duration.ofSeconds(seconds));
                cluster.run(MINUTE);
                assertThat(failures(cluster)).as("after " + seconds + " s").isZero();
                assertThat(accusedBy(cluster, "n1")).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aMemberThatStandsStillForFifteenSecondsHasFailedAndAccusesNobodyWhenItGoesOn(long seed) {
        try (SimCluster cluster = formed(seed, SwimSettings.lan())) {
            stall(cluster, Duration.ofSeconds(15));
            assertThat(state(cluster, "n2", "n1")).isEqualTo(NodeState.DEAD);
            Duration back = cluster.runUntil("all to see all", cluster::seesItself, Duration.ofSeconds(10));
            cluster.run(MINUTE);
            assertThat(back).isLessThan(Duration.ofSeconds(5));
            assertThat(accusedBy(cluster, "n1")).isEmpty();
            assertThat(cluster.member("n1").state().lastPause())
                    .hasValueSatisfying(pause ->
                            assertThat(pause.length()).isBetween(Duration.ofSeconds(14), Duration.ofSeconds(16)));
        }
    }

    @Test
    void aMachineThatWasSuspendedGivesItsSuspectsTime() {
        try (SimCluster cluster = formed(1, SwimSettings.lan())) {
            cluster.jumpClock(cluster.member("n1"), Duration.ofHours(1));
            cluster.run(Duration.ofSeconds(2));
            assertThat(cluster.member("n1").state().lastPause()).isPresent();
            cluster.jumpClock(cluster.member("n1"), Duration.ofHours(-1));
            cluster.run(MINUTE);
            assertThat(cluster.seesItself()).isTrue();
            assertThat(accusedBy(cluster, "n1")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aMemberThatNothingReachesAccusesNobodyForAMinute(long seed) {
        try (SimCluster cluster = formed(seed, SwimSettings.lan())) {
            SimMember deaf = cluster.member("n1");
            others(cluster, deaf).forEach(other -> cluster.cut(other, deaf));
            cluster.run(Duration.ofSeconds(59));
            assertThat(accusedBy(cluster, "n1")).isEmpty();
            for (SimMember other : others(cluster, deaf)) {
                assertThat(state(cluster, "n1", other.name())).isEqualTo(NodeState.ALIVE);
            }
            cluster.run(MINUTE);
            assertThat(accusedBy(cluster, "n1"))
                    .as("whom it believes to be gone after that")
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void twoOfThreeMembersThatStopAtOnceAreFoundAMinuteLater(long seed) {
        try (SimCluster cluster = SimCluster.builder().seed(seed).members(3).build()) {
            cluster.formed();
            cluster.run(FORMING);
            cluster.kill(cluster.member("n2"));
            cluster.kill(cluster.member("n3"));
            Duration taken = cluster.runUntil(
                    "both to be found",
                    () -> state(cluster, "n1", "n2") == NodeState.DEAD && state(cluster, "n1", "n3") == NodeState.DEAD,
                    Duration.ofMinutes(3));
            assertThat(taken).isGreaterThan(Duration.ofSeconds(60));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aCutInOneDirectionFailsNobody(long seed) {
        try (SimCluster cluster = formed(seed, SwimSettings.lan())) {
            cluster.cut(cluster.member("n1"), cluster.member("n2"));
            cluster.run(Duration.ofSeconds(45));
            cluster.heal();
            cluster.run(MINUTE);
            assertThat(failures(cluster)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 30, 40})
    void underLossItSuspectsAndFailsLessThanTheRealImplementationsRules(int percent) {
        int suspicions = 0;
        int failures = 0;
        int upstreamSuspicions = 0;
        int upstreamFailures = 0;
        for (long seed = 1; seed <= 3; seed++) {
            try (SimCluster ours = lossy(seed, SwimSettings.lan(), percent);
                    SimCluster upstream = lossy(seed, SwimSettings.lan().asUpstream(), percent)) {
                suspicions += suspicions(ours);
                failures += failures(ours);
                upstreamSuspicions += suspicions(upstream);
                upstreamFailures += failures(upstream);
            }
        }
        System.out.println(
                "LifeguardSimTest: " + percent + " % loss, three times 180 s: " + suspicions + " suspicions, "
                        + failures + " failures; upstream rules " + upstreamSuspicions + ", " + upstreamFailures);
        assertThat(suspicions).isLessThan(upstreamSuspicions);
        assertThat(failures).isLessThanOrEqualTo(upstreamFailures);
    }

    private static SimCluster lossy(long seed, SwimSettings swim, int percent) {
        SimCluster cluster = formed(seed, swim);
        cluster.network().everyLink(link -> link.loss(percent / 100.0));
        cluster.run(Duration.ofMinutes(3));
        return cluster;
    }

    private static SimCluster formed(long seed, SwimSettings swim) {
        SimCluster cluster = SimCluster.builder().seed(seed).swim(swim).build();
        cluster.formed();
        cluster.run(FORMING);
        return cluster;
    }

    private static void stall(SimCluster cluster, Duration length) {
        cluster.pause(cluster.member("n1"));
        cluster.run(length);
        cluster.resume(cluster.member("n1"));
    }

    private static List<SimMember> others(SimCluster cluster, SimMember member) {
        return cluster.members().stream().filter(other -> other != member).toList();
    }

    private static NodeState state(SimCluster cluster, String by, String of) {
        return cluster.member(by).view().find(of).map(MemberRecord::state).orElse(NodeState.LEFT);
    }

    /** Suspicions in any ledger that this member began. */
    private static List<SuspicionEntry> accusedBy(SimCluster cluster, String name) {
        return cluster.members().stream()
                .flatMap(member -> member.state().suspicions().stream())
                .filter(entry ->
                        entry.accuser().equals(name) || entry.confirmers().contains(name))
                .toList();
    }

    private static int suspicions(SimCluster cluster) {
        return cluster.members().stream()
                .mapToInt(member -> member.state().suspicions().size())
                .sum();
    }

    /** Members that some member has taken for dead, once for each that did. */
    private static int failures(SimCluster cluster) {
        return (int) cluster.members().stream()
                .flatMap(member -> member.state().suspicions().stream())
                .filter(entry -> entry.outcome() == SuspicionEntry.Outcome.FAILED)
                .count();
    }
}
