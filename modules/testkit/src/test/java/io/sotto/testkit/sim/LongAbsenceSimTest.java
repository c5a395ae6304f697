package io.sotto.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SerfStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Members that are away for so long that the others have given them up: found again, or forgotten. */
class LongAbsenceSimTest {
    private static final Duration RECONNECT_TIMEOUT = Duration.ofMinutes(6);
    private static final Duration TOMBSTONE_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration REAP_INTERVAL = SerfSettings.serf().reapInterval();

    @Test
    void twoHalvesThatHaveGivenEachOtherUpGrowTogetherWhenTheCutHeals() {
        try (SimCluster cluster = SimCluster.builder().seed(3).members(5).build()) {
            cluster.formed();
            List<SimMember> left = cluster.members().subList(0, 2);
            List<SimMember> right = cluster.members().subList(2, 5);
            cluster.partition(left, right);
            cluster.run(Duration.ofMinutes(20));
            assertThat(left)
                    .allMatch(member -> failed(member) == 3 && member.view().poolSize() == 2);
            assertThat(right)
                    .allMatch(member -> failed(member) == 2 && member.view().poolSize() == 3);

            cluster.heal();
            Duration taken = cluster.runUntil("all to see all", cluster::seesItself, Duration.ofMinutes(5));
            assertThat(taken).isPositive();
            assertThat(cluster.members()).allMatch(member -> failed(member) == 0);
        }
    }

    @Test
    void aFailedMemberIsForgottenAfterTheReconnectTimeoutAndItsCoordinateWithIt() {
        try (SimCluster cluster = forgetful()) {
            cluster.formed();
            cluster.run(Duration.ofMinutes(1));
            SimMember victim = cluster.member("n3");
            assertThat(others(cluster))
                    .allMatch(member -> member.state().coordinates().of("n3").isPresent());
            cluster.kill(victim);
            cluster.runUntil(
                    "all to fail it",
                    () -> others(cluster).stream().allMatch(member -> status(member) == SerfStatus.FAILED),
                    Duration.ofMinutes(2));

            cluster.run(RECONNECT_TIMEOUT.minus(Duration.ofSeconds(30)));
            assertThat(others(cluster)).allMatch(member -> status(member) == SerfStatus.FAILED);
            cluster.run(Duration.ofSeconds(30).plus(REAP_INTERVAL).plusSeconds(1));
            assertThat(others(cluster)).allMatch(member -> status(member) == SerfStatus.NONE);
            assertThat(others(cluster))
                    .allMatch(member -> member.state().coordinates().of("n3").isEmpty());
            assertThat(others(cluster))
                    .allMatch(member -> member.state().coordinates().of("n4").isPresent());
        }
    }

    @Test
    void aMemberThatLeftIsForgottenAfterTheTombstoneTimeout() {
        try (SimCluster cluster = forgetful()) {
            cluster.formed();
            cluster.leave(cluster.member("n3"));
            cluster.runUntil(
                    "all to know",
                    () -> others(cluster).stream().allMatch(member -> status(member) == SerfStatus.LEFT),
                    Duration.ofMinutes(1));

            cluster.run(TOMBSTONE_TIMEOUT.minus(Duration.ofSeconds(30)));
            assertThat(others(cluster)).allMatch(member -> status(member) == SerfStatus.LEFT);
            cluster.run(Duration.ofSeconds(30).plus(REAP_INTERVAL).plusSeconds(1));
            assertThat(others(cluster)).allMatch(member -> status(member) == SerfStatus.NONE);
        }
    }

    private static SimCluster forgetful() {
        SerfSettings serf = SerfSettings.serf().withForgetting(RECONNECT_TIMEOUT, TOMBSTONE_TIMEOUT);
        return SimCluster.builder().seed(5).members(5).serf(serf).build();
    }

    private static List<SimMember> others(SimCluster cluster) {
        return cluster.members().stream()
                .filter(member -> !member.name().equals("n3"))
                .toList();
    }

    private static SerfStatus status(SimMember member) {
        return member.view().find("n3").map(MemberRecord::status).orElse(SerfStatus.NONE);
    }

    private static long failed(SimMember member) {
        return member.view().records().stream()
                .filter(record -> record.status() == SerfStatus.FAILED)
                .count();
    }
}
