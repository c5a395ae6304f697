package io.sotto.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.GossipPool;
import io.sotto.gossip.PoolSettings;
import io.sotto.gossip.PoolState;
import io.sotto.gossip.snapshot.SnapshotSettings;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.Octets;
import io.sotto.wire.metrics.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that are killed, start again, and know their pool only from their snapshots. */
class SecondLifeSimTest {
    private static final Duration FLUSHED = Duration.ofSeconds(1);

    @TempDir
    private Path directory;

    @Test
    void aKilledMemberFindsItsPoolWithoutBeingToldAnAddress() {
        try (SimCluster cluster = cluster(false)) {
            cluster.formed();
            cluster.run(FLUSHED);
            SimMember victim = cluster.member("n3");
            long clock = victim.state().clocks().members();
            cluster.kill(victim);
            awaitAll(cluster, victim, SerfStatus.FAILED);

            cluster.restart(victim);
            // Sooner than anybody tries to reach a failed member.
            cluster.runUntil("it to see all", cluster::seesItself, Duration.ofSeconds(20));
            assertThat(value(victim, "sotto.gossip.rejoins", "answered")).isEqualTo(1);
            assertThat(victim.state().clocks().members()).isGreaterThan(clock);
        }
    }

    @Test
    void itsClocksGoOnBeforeItHasHeardOfAnybody() {
        try (SimCluster cluster = cluster(false)) {
            cluster.formed();
            cluster.run(FLUSHED);
            SimMember victim = cluster.member("n2");
            cluster.member("n1")
                    .pool()
                    .tell(new GossipPool.Broadcast(
                            "deploy",
                            Octets.utf8("now"),
                            false,
                            cluster.virtual().system().ignoreRef()));
            cluster.runUntil("the event", () -> victim.state().clocks().events() > 1, Duration.ofSeconds(10));
            cluster.run(FLUSHED);
            PoolState.Clocks clocks = victim.state().clocks();
            assertThat(clocks.members()).isGreaterThan(1);
            cluster.partition(List.of(victim), others(cluster, victim));

            cluster.restart(victim);
            cluster.run(Duration.ofSeconds(5));
            assertThat(victim.view().poolSize()).isEqualTo(1);
            // Whatever it is sent of before is old to it.
            assertThat(victim.state().clocks()).isEqualTo(clocks);
        }
    }

    @Test
    void aMemberThatLeftStaysAwayUnlessItIsToRejoin() throws IOException {
        for (boolean rejoins : List.of(false, true)) {
            try (SimCluster cluster = cluster(rejoins)) {
                cluster.formed();
                cluster.run(FLUSHED);
                SimMember leaver = cluster.member("n4");
                cluster.leave(leaver);
                cluster.runUntil("its end", () -> !leaver.isRunning(), Duration.ofMinutes(1));
                assertThat(Files.readString(file("n4"))).endsWith("leave\n");

                cluster.restart(leaver);
                cluster.run(Duration.ofMinutes(2));
                assertThat(cluster.seesItself())
                        .as("rejoin-after-leave %s", rejoins)
                        .isEqualTo(rejoins);
                assertThat(leaver.view().poolSize()).isEqualTo(rejoins ? 5 : 1);
            }
        }
    }

    @Test
    void aPoolThatLostItsPowerIsOnePoolAgain() {
        try (SimCluster cluster = cluster(false)) {
            cluster.formed();
            cluster.run(FLUSHED);
            cluster.members().forEach(cluster::kill);
            for (SimMember member : cluster.members()) {
                cluster.restart(member);
                cluster.run(Duration.ofMillis(cluster.random().nextInt(20_000)));
            }
            cluster.runUntil("all to see all", cluster::seesItself, Duration.ofMinutes(2));
        }
    }

    @Test
    void aMemberWhoseDiskFailsLivesOn() throws IOException {
        Files.createDirectories(file("n1").resolve("in the way"));
        try (SimCluster cluster = cluster(false)) {
            cluster.formed();
            cluster.run(Duration.ofMinutes(1));
            assertThat(value(cluster.member("n1"), "sotto.gossip.snapshot.faults", "read"))
                    .isEqualTo(1);
            assertThat(value(cluster.member("n2"), "sotto.gossip.snapshot.faults", "read"))
                    .isZero();
            assertThat(cluster.seesItself()).isTrue();
        }
    }

    private SimCluster cluster(boolean rejoinAfterLeave) {
        return SimCluster.builder()
                .seed(11)
                .members(5)
                .change(settings -> remembering(settings, rejoinAfterLeave))
                .build();
    }

    private PoolSettings remembering(PoolSettings settings, boolean rejoinAfterLeave) {
        return settings.withSnapshot(
                new SnapshotSettings(Optional.of(file(settings.rules().self())), rejoinAfterLeave));
    }

    private Path file(String member) {
        return directory.resolve(member).resolve("local.snapshot");
    }

    private static List<SimMember> others(SimCluster cluster, SimMember one) {
        return cluster.members().stream().filter(member -> member != one).toList();
    }

    private static void awaitAll(SimCluster cluster, SimMember about, SerfStatus status) {
        cluster.runUntil(
                "all to see " + about.name() + " " + status,
                () -> others(cluster, about).stream()
                        .allMatch(member -> member.view()
                                .find(about.name())
                                .filter(record -> record.status() == status)
                                .isPresent()),
                Duration.ofMinutes(2));
    }

    private static double value(SimMember member, String name, String label) {
        return member.state().metrics().stream()
                .filter(metric -> metric.name().dotted().equals(name))
                .filter(metric -> metric.labels().contains(label))
                .mapToDouble(Metric::value)
                .sum();
    }
}
