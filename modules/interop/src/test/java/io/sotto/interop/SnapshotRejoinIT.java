package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Nodes that were killed find a real Serf pool again with nothing but their snapshots, and either kind goes on from a file of
 * the other's.
 */
@NeedsPeer("serf")
@Execution(ExecutionMode.CONCURRENT)
class SnapshotRejoinIT {
    private static final List<String> NO_SEEDS = List.of();
    private static final String REJOINED = "Re-joined to previously known node";
    /** Both kinds write every half second. */
    private static final Duration WRITTEN = Duration.ofSeconds(10);

    private final Path directory = NodeFiles.directory("snapshot-rejoin");
    private final Optional<String> key = Optional.of(Keys.random(32));

    @Test
    void aKilledNodeOfEitherKindReturnsFromASnapshotOfEitherKind() throws Exception {
        SerfProcess seed = serf("serf-seed");
        Path written = directory.resolve("serf.snapshot");
        SerfProcess keeper = serf("serf-keeper").with("-snapshot=" + written);
        AgentProcess victim = sotto("sotto-victim");
        try (Pool pool = new Pool("snapshots")) {
            pool.start(seed);
            pool.start(keeper);
            pool.start(victim);
            pool.awaitAgreement("three members see each other", FormulaTime.joinBound());
            awaitLines(victim.snapshot(), seed, keeper, victim);
            awaitLines(written, seed, keeper, victim);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(victim.snapshot())))
                    .isEqualTo("rw-------");

            pool.kill(victim);
            pool.awaitAgreement("the agent was killed: failed", FormulaTime.failureBound(pool.size()));
            Path ours = Files.copy(victim.snapshot(), directory.resolve("ours.snapshot"));
            long clock = clock(ours);
            pool.start(victim, NO_SEEDS);
            pool.awaitAgreement("it is back, told no address", FormulaTime.joinBound());
            assertThat(victim.log()).contains(REJOINED);
            awaitClockAbove(victim.snapshot(), clock);

            SerfProcess serfHeir = serf("serf-heir").with("-snapshot=" + ours);
            pool.start(serfHeir, NO_SEEDS);
            pool.awaitAgreement("a real serf goes on from our file", FormulaTime.joinBound());
            assertThat(serfHeir.log()).contains(REJOINED).doesNotContain("Unrecognized snapshot line");

            AgentProcess sottoHeir = sotto("sotto-heir");
            Files.createDirectories(sottoHeir.snapshot().getParent());
            Files.copy(written, sottoHeir.snapshot());
            pool.start(sottoHeir, NO_SEEDS);
            pool.awaitAgreement("our agent goes on from a real serf's file", FormulaTime.joinBound());
            assertThat(sottoHeir.log()).contains(REJOINED).doesNotContain("Unrecognized snapshot lines");

            awaitRoundTrip(seed, "sotto-victim", "sotto-heir");
            awaitRoundTrip(serfHeir, "serf-seed", "sotto-victim");
        }
    }

    /** Each member's coordinate is known to whoever has probed it. */
    private static void awaitRoundTrip(SerfProcess asked, String a, String b) {
        Awaitility.await("serf rtt " + a + " " + b)
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(asked.verb("rtt", a, b))
                        .matches("(?s)Estimated " + a + " <-> " + b + " rtt: \\d+\\.\\d+ ms\\s*"));
    }

    private static void awaitLines(Path snapshot, PoolNode... alive) {
        Awaitility.await("members in " + snapshot)
                .atMost(WRITTEN)
                .ignoreExceptions()
                .untilAsserted(() -> {
                    List<String> lines = Files.readAllLines(snapshot);
                    for (PoolNode node : alive) {
                        assertThat(lines)
                                .contains("alive: " + node.name() + " "
                                        + node.site().address());
                    }
                });
    }

    private static void awaitClockAbove(Path snapshot, long clock) {
        Awaitility.await("a later clock in " + snapshot)
                .atMost(WRITTEN)
                .untilAsserted(() -> assertThat(clock(snapshot)).isGreaterThan(clock));
    }

    /** The last that the file says. */
    private static long clock(Path snapshot) throws IOException {
        String word = "clock: ";
        return Files.readAllLines(snapshot).stream()
                .filter(line -> line.startsWith(word))
                .mapToLong(line -> Long.parseLong(line.substring(word.length())))
                .reduce(0, (earlier, later) -> later);
    }

    private SerfProcess serf(String name) {
        return new SerfProcess(Peers.program("serf"), name, Site.ipv4(Site.SERF_PORT), directory, key);
    }

    private AgentProcess sotto(String name) {
        return new AgentProcess(name, Site.ipv4(Site.SERF_PORT), directory, "serf", key);
    }
}
