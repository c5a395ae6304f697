package io.sotto.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.GossipPool;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.gossip.rotation.RotationRequest;
import io.sotto.gossip.rotation.RotationSettings;
import io.sotto.membership.rotation.RotationCause;
import io.sotto.membership.rotation.RotationMachine;
import io.sotto.membership.rotation.RotationOutcome;
import io.sotto.membership.rotation.RotationPhase;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.virtualtime.Recorder;
import io.sotto.wire.NodeState;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pools of production actors replace their key while packets get lost, members are away, and the driver dies. */
final class KeyRotationSimTest {
    private static final GossipKey FIRST = GossipKey.parse("AAECAwQFBgcICQoLDA0ODw==");
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration MOST = Duration.ofMinutes(10);

    @Test
    void aHundredRotationsAtTwentyPercentLossLoseNobodyAndEndWithEqualRings() {
        try (SimCluster cluster = sevenMembers().build()) {
            cluster.formed();
            cluster.network().everyLink(link -> link.loss(0.2));
            for (int i = 0; i < 100; i++) {
                SimMember driver = cluster.members().get(i % 7);
                Keyring before = ring(driver);
                Recorder<RotationProgress> progress = rotate(cluster, driver);
                cluster.runUntil("the end of rotation " + i, () -> hasEnded(progress), MOST);

                assertThat(last(progress).outcome())
                        .as("rotation %d: %s", i, last(progress))
                        .contains(RotationOutcome.FINISHED);
                cluster.runUntil("equal rings", () -> ringsAreEqual(cluster), Duration.ofSeconds(10));
                assertThat(ring(driver).keys()).hasSize(1).doesNotContainAnyElementsOf(before.keys());
            }
            assertThat(cluster.log()).noneMatch(line -> line.contains("FAILED"));
        }
    }

    @Test
    void aMemberThatIsAwayIsNamedAndTheOldKeyIsKeptAndItRejoins() {
        try (SimCluster cluster = sevenMembers().build()) {
            cluster.formed();
            SimMember driver = cluster.member("n1");
            SimMember away = cluster.member("n7");
            cluster.partition(List.of(away), cluster.others(List.of(away)));
            Recorder<RotationProgress> progress = rotate(cluster, driver);
            cluster.run(Duration.ofMinutes(5));

            assertThat(driver.state().rotation().waitingFor()).containsOnlyKeys("n7");
            assertThat(cluster.others(List.of(away)))
                    .allMatch(member -> ring(member).primary().equals(Optional.of(FIRST)));

            assertThatItEndsWellOnceHealed(cluster, progress);
        }
    }

    @Test
    void aMemberThatGoesAwayOnceTheNewKeyIsInUseKeepsTheOldOneOnEveryRingUntilItReturns() {
        try (SimCluster cluster = sevenMembers().build()) {
            cluster.formed();
            SimMember driver = cluster.member("n1");
            SimMember away = cluster.member("n7");
            Recorder<RotationProgress> progress = rotate(cluster, driver);
            untilPhase(cluster, driver, RotationPhase.WAITING);
            cluster.partition(List.of(away), cluster.others(List.of(away)));
            cluster.run(Duration.ofMinutes(5));

            assertThat(driver.state().rotation().waitingFor()).containsOnlyKeys("n7");
            assertThat(cluster.members()).allMatch(member -> ring(member).keys().contains(FIRST));

            assertThatItEndsWellOnceHealed(cluster, progress);
        }
    }

    @Test
    void withoutTheMemberThatIsAwayItEndsOnceTheOperatorSaysSo() {
        try (SimCluster cluster = sevenMembers().build()) {
            cluster.formed();
            SimMember driver = cluster.member("n1");
            SimMember away = cluster.member("n7");
            cluster.partition(List.of(away), cluster.others(List.of(away)));
            Recorder<RotationProgress> progress = rotate(cluster, driver);
            cluster.run(Duration.ofMinutes(3));
            assertThat(hasEnded(progress)).isFalse();

            driver.pool()
                    .tell(new GossipPool.Rotate(
                            new RotationRequest.Without(Set.of("n7")),
                            cluster.virtual().<RotationProgress>recorder().ref()));
            cluster.runUntil("the end of the rotation", () -> hasEnded(progress), MOST);

            assertThat(last(progress).outcome()).contains(RotationOutcome.FINISHED);
            assertThat(ring(away).keys()).contains(FIRST);
            assertThat(cluster.others(List.of(away)))
                    .allMatch(member -> !ring(member).keys().contains(FIRST));
        }
    }

    @Test
    void callingItOffWhileTheNewKeyIsInUseBringsTheOldOneBackEverywhere() {
        try (SimCluster cluster = sevenMembers().build()) {
            cluster.formed();
            SimMember driver = cluster.member("n1");
            Recorder<RotationProgress> progress = rotate(cluster, driver);
            untilPhase(cluster, driver, RotationPhase.WAITING);

            driver.pool()
                    .tell(new GossipPool.Rotate(
                            new RotationRequest.Abort(),
                            cluster.virtual().<RotationProgress>recorder().ref()));
            cluster.runUntil("the end of the rotation", () -> hasEnded(progress), MOST);

            assertThat(last(progress).outcome()).contains(RotationOutcome.ABORTED);
            assertThat(cluster.members()).allMatch(member -> ring(member).keys().equals(List.of(FIRST)));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = RotationPhase.class,
            names = {"INSTALLING", "CHECKING", "USING", "CONFIRMING", "WAITING", "REMOVING", "CLEARING"})
    void aDriverThatIsKilledInAnyPhaseGoesOnInItsNextLife(RotationPhase phase, @TempDir Path directory) {
        try (SimCluster cluster = sevenMembers()
                .change(settings -> settings.withKeys(new KeySettings(
                                Optional.of(FIRST),
                                Optional.of(directory
                                        .resolve(settings.rules().self())
                                        .resolve("serf")
                                        .resolve("local.keyring")),
                                true,
                                true))
                        .withRotation(RotationSettings.defaults().withGrace(GRACE)))
                .build()) {
            cluster.formed();
            SimMember driver = cluster.member("n1");
            Path journal = directory.resolve("n1").resolve("serf").resolve("local.rotation");
            rotate(cluster, driver);
            untilPhase(cluster, driver, phase);
            assertThat(journal).exists();

            cluster.kill(driver);
            cluster.run(Duration.ofSeconds(2));
            cluster.restart(driver);
            cluster.join(driver, cluster.member("n2"));
            cluster.runUntil("the end of the rotation", () -> !Files.exists(journal), MOST);

            assertThat(driver.state().rotation().outcome()).contains(RotationOutcome.FINISHED);
            assertThat(ringsAreEqual(cluster)).isTrue();
            assertThat(ring(driver).keys()).hasSize(1).doesNotContain(FIRST);
            assertThat(driver.view().find("n7"))
                    .hasValueSatisfying(member -> assertThat(member.state()).isEqualTo(NodeState.ALIVE));
        }
    }

    private static SimCluster.Builder sevenMembers() {
        return SimCluster.builder()
                .seed(5)
                .members(7)
                .keys(new KeySettings(Optional.of(FIRST), Optional.empty(), true, true))
                .change(settings ->
                        settings.withRotation(RotationSettings.defaults().withGrace(GRACE)));
    }

    private static Recorder<RotationProgress> rotate(SimCluster cluster, SimMember driver) {
        Recorder<RotationProgress> progress = cluster.virtual().recorder();
        driver.pool()
                .tell(new GossipPool.Rotate(
                        new RotationRequest.Start(RotationCause.ASKED, RotationMachine.Beginning.SETTLED),
                        progress.ref()));
        return progress;
    }

    private static void assertThatItEndsWellOnceHealed(SimCluster cluster, Recorder<RotationProgress> progress) {
        cluster.heal();
        cluster.runUntil("the end of the rotation", () -> hasEnded(progress), MOST);
        assertThat(last(progress).outcome()).contains(RotationOutcome.FINISHED);
        cluster.runUntil("all to see all", cluster::seesItself, MOST);
        assertThat(ringsAreEqual(cluster)).isTrue();
    }

    private static void untilPhase(SimCluster cluster, SimMember driver, RotationPhase phase) {
        cluster.runUntil(
                "a rotation that is " + phase, () -> driver.state().rotation().phase() == phase, MOST);
    }

    private static boolean hasEnded(Recorder<RotationProgress> progress) {
        return !progress.all().isEmpty() && last(progress).outcome().isPresent();
    }

    private static RotationProgress last(Recorder<RotationProgress> progress) {
        return progress.all().get(progress.all().size() - 1);
    }

    private static Keyring ring(SimMember member) {
        return member.state().policy().ring();
    }

    private static boolean ringsAreEqual(SimCluster cluster) {
        return cluster.members().stream()
                        .map(KeyRotationSimTest::ring)
                        .distinct()
                        .count()
                == 1;
    }
}
