package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.keys.KeyringFile;
import io.sotto.membership.rotation.RotationJournal;
import io.sotto.membership.rotation.RotationPhase;
import io.sotto.membership.rotation.RotationRecord;
import io.sotto.wire.crypto.GossipKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A whole node is killed while it drives a rotation, and started again on the same directory: the journal in {@code
 * local.rotation} is whole or not there, and the next life goes on with that rotation, to that key, until it is done.
 *
 * <p>{@code -Dsotto.rotation-kills=N} sets how many at least, {@code -Dsotto.seed=N} repeats a run.
 */
class RotationKillIT {
    private static final int KILLS = Integer.getInteger("sotto.rotation-kills", 12);
    private static final long SEED = Long.getLong("sotto.seed", System.nanoTime());
    private static final int KILLS_MAX = 10 * KILLS;
    private static final int PHASES_MIN = 3;
    /** More than one rotation has. */
    private static final int STEPS_MAX = 24;

    private static final int DELAY_NANOS_MAX = 30_000_000;
    private static final int START_NANOS_MAX = 1_500_000_000;

    private final Path directory = NodeFiles.directory("rotation-kill");
    private final Path journal = directory.resolve("data/serf/local.rotation");
    private final Path ring = directory.resolve("data/serf/local.keyring");
    private final Site site = Site.ipv4(Site.SERF_PORT);

    @Test
    void aKilledDriverGoesOnWithItsRotation() throws Exception {
        System.out.println("rotation kills: " + KILLS + ", repeat with -Dsotto.seed=" + SEED);
        Instant begun = Instant.now();
        Set<RotationPhase> met = EnumSet.noneOf(RotationPhase.class);
        // Which phase a kill meets is chance: more of them, until enough different ones were met.
        int kill = 0;
        for (; kill < KILLS || (met.size() < PHASES_MIN && kill < KILLS_MAX); kill++) {
            Random random = new Random(SEED + kill);
            int steps = random.nextInt(STEPS_MAX);
            int delayNanos = random.nextInt(kill % 5 == 4 ? START_NANOS_MAX : DELAY_NANOS_MAX);
            runAndKill(kill % 5 == 4 ? 0 : steps, delayNanos, "kill " + kill + " of seed " + SEED);
            kept("kill " + kill + " of seed " + SEED).map(RotationRecord::phase).ifPresent(met::add);
        }
        System.out.println("killed " + kill + " times, in the phases " + met);
        assertThat(met).as("different phases met").hasSizeGreaterThanOrEqualTo(PHASES_MIN);

        // The last life is one that is not cut short before a rotation is done.
        Optional<String> goesTo = goesTo("the last life");
        List<String> said = runUntilDone();
        goesTo.ifPresent(key -> assertThat(said.get(0)).contains(" " + key));
        System.out.println("took " + Duration.between(begun, Instant.now()));
    }

    /** A life that must go on where the one before stopped, cut short after so many steps and this delay. */
    private void runAndKill(int steps, int delayNanos, String which) throws Exception {
        Optional<String> goesTo = goesTo(which);
        Process node = start(Integer.MAX_VALUE);
        List<String> said = new ArrayList<>();
        try (BufferedReader out = node.inputReader()) {
            for (int step = 0; step < steps; step++) {
                said.add(line(out));
            }
            LockSupport.parkNanos(delayNanos);
            // Not Process.destroyForcibly, which would close what the node has still to say.
            node.toHandle().destroyForcibly();
            node.waitFor();
            out.lines().forEach(said::add);
        } finally {
            node.destroyForcibly();
        }
        assertThat(node.exitValue()).as("%s: ended by SIGKILL", which).isEqualTo(128 + 9);
        // Where little was left, that may be done before the first step is told: the next rotation is then from this
        // key.
        goesTo.ifPresent(
                key -> assertThat(said.stream().limit(1)).as(which).allMatch(line -> line.contains(" " + key)));
        if (Files.exists(ring)) {
            assertThat(new KeyringFile(ring).load()).as("%s: the ring", which).isPresent();
        }
    }

    /** A life that ends by itself once a rotation is done; the ring is then the one key that it was for. */
    private List<String> runUntilDone() throws Exception {
        Process node = start(1);
        List<String> said;
        try (BufferedReader out = node.inputReader()) {
            said = out.lines().toList();
            assertThat(node.waitFor()).as("how it ended; why, is in errors.log").isZero();
        } finally {
            node.destroyForcibly();
        }
        String done = said.get(said.size() - 1);
        assertThat(done).startsWith("DONE ");
        assertThat(ringIds()).containsExactly(done.substring(done.lastIndexOf(' ') + 1));
        assertThat(journal).doesNotExist();
        return said;
    }

    private static String line(BufferedReader out) throws IOException {
        String line = out.readLine();
        assertThat(line).as("what the node says; its errors are in errors.log").isNotNull();
        return String.valueOf(line);
    }

    /** What the journal holds, if there is one; it is whole whenever the node was killed. */
    private Optional<RotationRecord> kept(String which) throws IOException {
        try {
            Optional<RotationRecord> record = RotationJournal.parse(Files.readString(journal));
            assertThat(record).as("%s: the journal", which).isPresent();
            return record;
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /**
     * The key that the next life is to go on to: the one in the journal, unless the kill came after it was drawn and before
     * it was on the ring. Then nobody has it, and the rotation is given up.
     */
    private Optional<String> goesTo(String which) throws Exception {
        Optional<String> drawn = kept(which).map(RotationRecord::newKey).filter(key -> !key.isEmpty());
        return drawn.isPresent() && ringIds().contains(drawn.get()) ? drawn : Optional.empty();
    }

    private List<String> ringIds() throws Exception {
        return new KeyringFile(ring)
                .load().orElseThrow().keys().stream().map(GossipKey::id).toList();
    }

    private Process start(int rotations) throws IOException {
        return new ProcessBuilder(Stream.concat(
                                SottoProgram.main(KeyDrivingNode.class).stream(),
                                Stream.of(
                                        directory.resolve("data").toString(),
                                        site.ip(),
                                        Long.toString(SEED),
                                        Integer.toString(rotations)))
                        .toList())
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("errors.log").toFile()))
                .start();
    }
}
