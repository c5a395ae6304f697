package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A whole node, with its sockets and its actors, is killed while it changes its ring through the API, and started again on
 * the same directory: it comes back with the old ring or the new one every time.
 *
 * <p>{@code -Dsotto.agent-kills=N} sets how many, {@code -Dsotto.seed=N} repeats a run.
 */
class RotatingNodeKillIT {
    private static final int KILLS = Integer.getInteger("sotto.agent-kills", 20);
    private static final long SEED = Long.getLong("sotto.seed", System.nanoTime());
    private static final int RINGS_MAX = 40;
    private static final int DELAY_NANOS_MAX = 20_000_000;
    private static final int START_NANOS_MAX = 1_500_000_000;

    private final Path directory = NodeFiles.directory("rotating-node");
    private final Site site = Site.ipv4(Site.SERF_PORT);

    @Test
    void aKilledNodeStartsAgainWithTheOldRingOrTheNewOne() throws Exception {
        System.out.println("node kills: " + KILLS + ", repeat with -Dsotto.seed=" + SEED);
        Set<String> possible = Set.of(Rings.key(SEED, 0).id());
        Set<String> seen = new HashSet<>();
        for (int kill = 0; kill < KILLS; kill++) {
            possible = runAndKill(new Random(SEED + kill), possible, kill);
            seen.addAll(possible);
        }
        // The last start is one that is not cut short.
        runAndKill(new Random(SEED), possible, 1);
        assertThat(seen).as("different rings met").hasSizeGreaterThan(3);
    }

    /** Starts the node, which must have one of the rings in {@code possible}; returns those it may have after the kill. */
    private Set<String> runAndKill(Random random, Set<String> possible, int kill) throws Exception {
        boolean duringStart = kill % 5 == 4;
        int rings = random.nextInt(RINGS_MAX);
        Process node = new ProcessBuilder(command())
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("errors.log").toFile()))
                .start();
        String is = "";
        String next = "";
        try (BufferedReader said = node.inputReader()) {
            if (duringStart) {
                LockSupport.parkNanos(random.nextInt(START_NANOS_MAX));
            } else {
                is = begins(said, possible, kill);
                for (int ring = 0; ring < rings; ring++) {
                    next = word(said, "next ");
                    is = word(said, "is ");
                }
                LockSupport.parkNanos(random.nextInt(DELAY_NANOS_MAX));
            }
            // Not Process.destroyForcibly, which would close what the node has still to say.
            node.toHandle().destroyForcibly();
            node.waitFor();
            List<String> last = said.lines().toList();
            for (String line : last) {
                if (line.startsWith("is ")) {
                    if (is.isEmpty()) {
                        assertThat(possible)
                                .as("kill %d of seed %d", kill, SEED)
                                .contains(line.substring(3));
                    }
                    is = line.substring(3);
                } else if (line.startsWith("next ")) {
                    next = line.substring(5);
                }
            }
        } finally {
            node.destroyForcibly();
        }
        assertThat(node.exitValue()).as("ended by SIGKILL").isEqualTo(128 + 9);
        if (is.isEmpty()) {
            return possible;
        }
        return next.isEmpty() ? Set.of(is) : Set.copyOf(new HashSet<>(List.of(is, next)));
    }

    private static String begins(BufferedReader said, Set<String> possible, int kill) throws IOException {
        String is = word(said, "is ");
        assertThat(possible)
                .as("kill %d of seed %d: the old ring or the new one", kill, SEED)
                .contains(is);
        return is;
    }

    /** What follows {@code word} on the next line, which must begin with it. */
    private static String word(BufferedReader said, String word) throws IOException {
        String line = said.readLine();
        assertThat(line).as("what the node says; its errors are in errors.log").startsWith(word);
        return String.valueOf(line).substring(word.length());
    }

    private List<String> command() {
        return Stream.concat(
                        SottoProgram.main(KeyChangingNode.class).stream(),
                        Stream.of(directory.resolve("data").toString(), site.ip(), Long.toString(SEED)))
                .toList();
    }
}
