package io.sotto.agent.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class JobOutputTest {
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private Instant now = Instant.EPOCH;
    private JobOutput output = new JobOutput(HEARTBEAT, 1 << 20, now);

    private void pass(long millis) {
        now = now.plusMillis(millis);
    }

    private void write(String text) {
        output.add(Octets.utf8(text), now);
    }

    private void isDue(String text) {
        assertThat(output.due(now)).isEqualTo(Optional.of(Octets.utf8(text)));
    }

    private void nothingIsDue() {
        assertThat(output.due(now)).isEmpty();
    }

    @Test
    void whatWasWrittenIsDueWhenNothingCameForHalfASecond() {
        write("a");
        pass(400);
        write("b");
        pass(499);
        nothingIsDue();
        pass(1);
        isDue("ab");
        nothingIsDue();
    }

    @Test
    void aWholeChunkIsDueAtOnce() {
        write("x".repeat(4096 + 10));
        isDue("x".repeat(4096));
        nothingIsDue();
        pass(500);
        isDue("x".repeat(10));
    }

    @Test
    void aChunkEndsAtTheEndOfALineWhereItStaysHalfFull() {
        write("a".repeat(3000) + "\n" + "b".repeat(3000));
        isDue("a".repeat(3000) + "\n");
        output.end("");
        isDue("b".repeat(3000));
    }

    @Test
    void silenceIsAHeartbeatOncePerWait() {
        pass(1999);
        nothingIsDue();
        pass(1);
        isDue("");
        pass(1999);
        nothingIsDue();
        pass(1);
        isDue("");
    }

    @Test
    void theEndFlushesAndThenNothingIsDueAnyMore() {
        write("last");
        output.end("");
        assertThat(output.isDone()).isFalse();
        isDue("last");
        assertThat(output.isDone()).isTrue();
        pass(10_000);
        nothingIsDue();
    }

    @Test
    void whatExceedsTheBoundIsCountedAndTheLastChunkSaysSo() {
        output = new JobOutput(HEARTBEAT, 5, now);
        write("1234567");
        write("8");
        output.end("");
        isDue("12345\n[3 more bytes of output left out]\n");
        assertThat(output.taken()).isEqualTo(5);
        assertThat(output.dropped()).isEqualTo(3);
    }

    @Test
    void aRemarkOnTheEndIsSaidWhateverTheBound() {
        output = new JobOutput(HEARTBEAT, 0, now);
        output.end("too long");
        isDue("\n[too long]\n");
    }

    @Test
    void whoeverWritesFasterThanChunksGoWaits() {
        while (output.hasRoom()) {
            write("x".repeat(4096));
        }
        assertThat(output.taken()).isLessThanOrEqualTo(17 * 4096);
        output.due(now);
        output.due(now);
        assertThat(output.hasRoom()).isTrue();
    }

    @RepeatedTest(20)
    void allOfItComesOutInOrderHoweverItCame() {
        long seed = System.identityHashCode(this);
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder in = new StringBuilder();
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            String piece = (random.nextInt(3) == 0 ? "\n" : "z").repeat(random.nextInt(2000)) + i;
            in.append(piece);
            write(piece);
            pass(random.nextInt(700));
            output.due(now).ifPresent(chunk -> out.append(text(chunk)));
        }
        output.end("");
        while (!output.isDone()) {
            out.append(text(output.due(now).orElseThrow()));
        }
        assertThat(out.toString()).as("seed %d", seed).isEqualTo(in.toString());
    }

    private static String text(Octets chunk) {
        assertThat(chunk.length()).isLessThanOrEqualTo(4096);
        return new String(chunk.toArray(), java.nio.charset.StandardCharsets.UTF_8);
    }
}
