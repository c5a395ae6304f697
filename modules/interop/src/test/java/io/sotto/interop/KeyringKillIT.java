package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.sotto.gossip.keys.KeyringFault;
import io.sotto.gossip.keys.KeyringFile;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} at seeded moments of keyring writes: the file is the old ring or the new one every time.
 *
 * <p>{@code -Dsotto.kills=N} sets how many, {@code -Dsotto.seed=N} repeats a run.
 */
class KeyringKillIT {
    private static final int KILLS = Integer.getInteger("sotto.kills", 500);
    private static final long SEED = Long.getLong("sotto.seed", System.nanoTime());
    private static final int WORKERS = 2;
    /** Several writes, so that every moment of one is met. */
    private static final int DELAY_NANOS_MAX = 12_000_000;

    private static final int MID_WRITE_NANOS_MAX = 1_000_000;
    private static final int LINES_MAX = 4;

    private final Path directory = NodeFiles.directory("keyring-kill");

    /**
     * What a killed writer left.
     *
     * @param complete the number of the last ring that it said was complete
     * @param found what the file holds, or empty when it cannot be read as a ring
     * @param leftovers files beside it
     */
    private record Remains(int complete, Optional<Keyring> found, List<Path> leftovers) {}

    @Test
    void aKilledWriterLeavesTheOldRingOrTheNewOneEveryTime() throws Exception {
        System.out.println("keyring kills: " + KILLS + ", repeat with -Dsotto.seed=" + SEED);
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        try {
            List<Future<int[]>> all = new ArrayList<>();
            for (int worker = 0; worker < WORKERS; worker++) {
                int which = worker;
                all.add(workers.submit(() -> killAgainAndAgain(which)));
            }
            int news = 0;
            int leftovers = 0;
            for (Future<int[]> each : all) {
                news += each.get()[0];
                leftovers += each.get()[1];
            }
            System.out.println("of " + KILLS + " kills " + leftovers + " left a temporary file, " + news
                    + " came after the rename and before the word");
            assertThat(leftovers).as("kills in the middle of a write").isPositive();
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void theCheckFindsAFileThatAKillHasSpoilt() throws Exception {
        Random random = new Random(SEED);
        Path file = Files.createDirectory(directory.resolve("in-place")).resolve("local.keyring");
        boolean spoilt = false;
        for (int kill = 0; kill < 100 && !spoilt; kill++) {
            new KeyringFile(file).store(Rings.ring(SEED, 0), KeyringFile.Layout.COMPACT);
            spoilt = !isOldOrNew(killOne(file, 1, "in-place", random));
        }
        assertThat(spoilt).as("a ring found that was neither").isTrue();
    }

    /** Returns how many kills came between a rename and its report, and how many left a temporary file. */
    private int[] killAgainAndAgain(int worker) throws Exception {
        Path file = Files.createDirectory(directory.resolve("worker-" + worker)).resolve("local.keyring");
        new KeyringFile(file).store(Rings.ring(SEED, 0), KeyringFile.Layout.COMPACT);
        int next = 1;
        int[] counts = new int[2];
        for (int kill = worker; kill < KILLS; kill += WORKERS) {
            Remains remains = killOne(file, next, "durable", new Random(SEED + kill));
            assertThat(isOldOrNew(remains))
                    .as("kill %d of seed %d: ring %d or the next", kill, SEED, remains.complete)
                    .isTrue();
            assertThat(remains.leftovers)
                    .hasSizeLessThanOrEqualTo(1)
                    .allSatisfy(left -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(left)))
                            .isEqualTo("rw-------"));
            boolean isNew = remains.found.equals(Optional.of(Rings.ring(SEED, remains.complete + 1)));
            counts[0] += isNew ? 1 : 0;
            counts[1] += remains.leftovers.size();
            next = remains.complete + (isNew ? 2 : 1);
        }
        return counts;
    }

    private static boolean isOldOrNew(Remains remains) {
        return remains.found
                .filter(ring -> ring.equals(Rings.ring(SEED, remains.complete))
                        || ring.equals(Rings.ring(SEED, remains.complete + 1)))
                .isPresent();
    }

    /** Lets a process write from ring {@code next} on and kills it, at a moment that {@code random} chooses. */
    private static Remains killOne(Path file, int next, String how, Random random) throws Exception {
        int lines = random.nextInt(LINES_MAX);
        int delayNanos = random.nextInt(DELAY_NANOS_MAX);
        Process writer = new ProcessBuilder(command(file, next, how))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int complete = next - 1;
        try (BufferedReader said = writer.inputReader()) {
            for (int line = 0; line < lines; line++) {
                complete = number(said.readLine());
            }
            if (lines == 0) {
                // Any moment of the start, up to the first writes.
                LockSupport.parkNanos(10L * delayNanos);
            }
            if (how.equals("durable") && random.nextBoolean()) {
                awaitTemporary(writer, file);
                LockSupport.parkNanos(delayNanos % MID_WRITE_NANOS_MAX);
            } else {
                LockSupport.parkNanos(delayNanos);
            }
            // Not Process.destroyForcibly, which would close what the writer has still to say.
            writer.toHandle().destroyForcibly();
            writer.waitFor();
            for (String line : said.lines().toList()) {
                complete = number(line);
            }
        } finally {
            writer.destroyForcibly();
        }
        assertThat(writer.exitValue()).as("ended by SIGKILL").isEqualTo(128 + 9);
        return new Remains(complete, read(file), leftovers(file));
    }

    /** Returns in the middle of a write, unless the machine is slower to tell than to write. */
    private static void awaitTemporary(Process writer, Path file) throws IOException {
        while (writer.isAlive() && leftovers(file).isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private static int number(@Nullable String line) {
        if (line == null) {
            throw new AssertionError("the writer ended by itself; what it said is above");
        }
        return Integer.parseInt(line);
    }

    private static Optional<Keyring> read(Path file) {
        try {
            return new KeyringFile(file).load();
        } catch (KeyringFault spoilt) {
            return Optional.empty();
        }
    }

    private static List<Path> leftovers(Path file) throws IOException {
        try (Stream<Path> files = Files.list(file.toAbsolutePath().getParent())) {
            return files.filter(each -> !each.equals(file)).toList();
        }
    }

    private static List<String> command(Path file, int next, String how) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx16m",
                "-cp",
                Stream.of(RingWriter.class, KeyringFile.class, GossipKey.class, Config.class)
                        .map(KeyringKillIT::origin)
                        .collect(Collectors.joining(File.pathSeparator)),
                RingWriter.class.getName(),
                file.toString(),
                Long.toString(SEED),
                Integer.toString(next),
                how);
    }

    private static String origin(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
