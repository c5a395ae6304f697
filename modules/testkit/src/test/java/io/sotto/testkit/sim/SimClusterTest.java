package io.sotto.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.SerfStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a simulated cluster does to its members, and they to each other. */
class SimClusterTest {
    private final SimCluster cluster = SimCluster.builder().seed(7).members(5).build();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void membersThatJoinSeeEachOther() {
        Duration taken = cluster.formed();
        assertThat(taken).isLessThan(Duration.ofSeconds(30));
        assertThat(cluster.members()).allMatch(member -> member.view().poolSize() == 5);
    }

    @Test
    void aPartitionFailsTheOthersAndHealingBringsThemBack() {
        cluster.formed();
        List<SimMember> left = cluster.members().subList(0, 2);
        List<SimMember> right = cluster.members().subList(2, 5);
        cluster.partition(left, right);
        cluster.runUntil(
                "each side to fail the other",
                () -> left.stream().allMatch(member -> fails(member, right))
                        && right.stream().allMatch(member -> fails(member, left)),
                Duration.ofMinutes(2));
        cluster.heal();
        cluster.runUntil("all to see all", cluster::seesItself, Duration.ofMinutes(5));
    }

    @Test
    void aKilledMemberFailsAndComesBack() {
        cluster.formed();
        SimMember victim = cluster.member("n3");
        cluster.kill(victim);
        assertThat(victim.isRunning()).isFalse();
        cluster.runUntil(
                "the others to fail it",
                () -> cluster.running().stream().allMatch(member -> fails(member, List.of(victim))),
                Duration.ofMinutes(2));
        cluster.restart(victim);
        cluster.join(victim, cluster.member("n1"));
        cluster.runUntil("all to see all", cluster::seesItself, Duration.ofMinutes(2));
        assertThat(victim.lives()).isEqualTo(2);
    }

    @Test
    void aMemberThatLeavesHasLeftForAll() {
        cluster.formed();
        SimMember leaver = cluster.member("n2");
        cluster.leave(leaver);
        cluster.runUntil("its end", () -> !leaver.isRunning(), Duration.ofMinutes(1));
        cluster.runUntil(
                "all to know",
                () -> cluster.running().stream().allMatch(member -> status(member, leaver) == SerfStatus.LEFT),
                Duration.ofMinutes(1));
    }

    @Test
    void aPausedMemberDoesNothingAndGoesOnWhereItWas() {
        cluster.formed();
        SimMember paused = cluster.member("n4");
        cluster.pause(paused);
        long sent = cluster.network().traffic(paused).packetsSent();
        cluster.run(Duration.ofMinutes(1));
        assertThat(cluster.network().traffic(paused).packetsSent()).isEqualTo(sent);
        assertThat(cluster.running())
                .filteredOn(member -> member != paused)
                .allMatch(member -> fails(member, List.of(paused)));
        cluster.resume(paused);
        cluster.runUntil("all to see all", cluster::seesItself, Duration.ofMinutes(2));
    }

    private static boolean fails(SimMember member, List<SimMember> others) {
        return others.stream().allMatch(other -> status(member, other) == SerfStatus.FAILED);
    }

    private static SerfStatus status(SimMember member, SimMember other) {
        return member.view().find(other.name()).orElseThrow().status();
    }
}
