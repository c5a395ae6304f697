package io.sotto.agent.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class JobRunTest {
    private static final JobKeys KEYS = JobKeys.of("_rexec", "s");

    private Instant now = Instant.EPOCH;
    private final JobRun run = new JobRun(KEYS, "dd", new JobOutput(Duration.ofSeconds(2), 1 << 20, now));

    private JobRun.Write next() {
        return run.next(now).orElseThrow();
    }

    @Test
    void chunksAreNumberedAndTheExitCodeComesLast() {
        run.add(Octets.utf8("x".repeat(5000)), now);
        run.exited(3);
        run.outputEnded();
        assertThat(next().key()).isEqualTo(KEYS.output("dd", 0));
        run.written();
        assertThat(next().key()).isEqualTo(KEYS.output("dd", 1));
        run.written();
        assertThat(next()).isEqualTo(new JobRun.Write(KEYS.exit("dd"), Octets.utf8("3"), true));
    }

    @Test
    void oneWriteWaitsForTheOther() {
        run.add(Octets.utf8("x".repeat(9000)), now);
        next();
        assertThat(run.next(now)).isEmpty();
        run.written();
        assertThat(run.next(now)).isPresent();
    }

    @Test
    void thatItExitedIsNotToldBeforeAllOfItsOutputIsThere() {
        run.exited(0);
        now = now.plusSeconds(1);
        assertThat(run.next(now)).isEmpty();
        run.add(Octets.utf8("of a child"), now);
        run.outputEnded();
        assertThat(next().value()).isEqualTo(Octets.utf8("of a child"));
        run.written();
        assertThat(next().isLast()).isTrue();
    }

    @Test
    void aSilentCommandIsSaidToRunStill() {
        now = now.plusSeconds(2);
        JobRun.Write beat = next();
        assertThat(beat.value().isEmpty()).isTrue();
        assertThat(beat.key()).isEqualTo(KEYS.output("dd", 0));
    }

    @Test
    void aCommandThatWasKilledSaysWhyAndHasTheCodeOfTimeout() {
        run.killed("ended after 600 s");
        run.exited(137);
        run.outputEnded();
        assertThat(next().value()).isEqualTo(Octets.utf8("\n[ended after 600 s]\n"));
        run.written();
        assertThat(next().value()).isEqualTo(Octets.utf8("124"));
    }
}
