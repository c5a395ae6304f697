package io.sotto.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same seed gives the same run, down to the checksum of every packet and the moment when it arrived. */
class SimDeterminismTest {
    private static final long SEED = 20_261_122;

    @Test
    void theSameSeedGivesTheSameLogInOneJvm() {
        List<String> first = EventfulRun.log(SEED);
        assertThat(first).hasSizeGreaterThan(100).anyMatch(line -> line.contains("FAILED"));
        assertThat(EventfulRun.log(SEED)).isEqualTo(first);
    }

    @Test
    void anotherSeedGivesAnotherLog() {
        assertThat(EventfulRun.log(SEED)).isNotEqualTo(EventfulRun.log(SEED + 1));
    }

    @Test
    void theSameSeedGivesTheSameLogInAnotherJvm(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("log");
        Path output = directory.resolve("output");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // Another heap and another compiler, so that nothing is equal by habit.
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        EventfulRun.class.getName(),
                        log.toString(),
                        String.valueOf(SEED))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(other.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            other.destroyForcibly();
        }
        assertThat(other.exitValue()).as(Files.readString(output)).isZero();
        assertThat(Files.readAllLines(log)).isEqualTo(EventfulRun.log(SEED));
    }
}
