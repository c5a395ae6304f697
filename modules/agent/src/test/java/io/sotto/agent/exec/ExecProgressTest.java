package io.sotto.agent.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExecProgressTest {
    private static final JobKeys KEYS = JobKeys.of("_rexec", "s");

    private Instant now = Instant.EPOCH;
    private final ExecProgress progress = new ExecProgress(KEYS, Duration.ofSeconds(2), now);

    private ExecProgress.Event saw(String key, String value) {
        return progress.saw(key, Octets.utf8(value), now);
    }

    @Test
    void theOutputOfANodeIsReadInOrderAndBeforeItsEnd() {
        List<String> listed = List.of(
                KEYS.job(), KEYS.ack("a"), KEYS.exit("a"), KEYS.output("a", 10), KEYS.output("a", 9), KEYS.ack("b"));
        assertThat(progress.unseen(listed))
                .containsExactly(
                        KEYS.ack("a"), KEYS.ack("b"), KEYS.output("a", 9), KEYS.output("a", 10), KEYS.exit("a"));
    }

    @Test
    void eachKeyIsSeenOnce() {
        saw(KEYS.ack("a"), "");
        assertThat(progress.unseen(List.of(KEYS.job(), KEYS.ack("a"), KEYS.ack("b"))))
                .containsExactly(KEYS.ack("b"));
    }

    @Test
    void anEmptyChunkIsAHeartbeat() {
        assertThat(saw(KEYS.output("a", 0), "")).isEqualTo(new ExecProgress.Event.Heartbeat("a"));
        assertThat(saw(KEYS.output("a", 1), "x")).isEqualTo(new ExecProgress.Event.Said("a", Octets.utf8("x")));
    }

    @Test
    void itIsOverWhenNothingHappenedForAsLongAsItWaits() {
        now = now.plusMillis(1500);
        saw(KEYS.output("a", 0), "x");
        now = now.plusMillis(1999);
        assertThat(progress.patience(now)).contains(Duration.ofMillis(1));
        now = now.plusMillis(1);
        assertThat(progress.patience(now)).isEmpty();
    }

    @Test
    void itWaitsTwiceAsLongForNodesThatAreStillAtIt() {
        saw(KEYS.ack("a"), "");
        assertThat(progress.patience(now)).contains(Duration.ofSeconds(4));
        saw(KEYS.exit("a"), "0");
        assertThat(progress.patience(now)).contains(Duration.ofSeconds(2));
    }

    @Test
    void itIsGoodIfAllWhoTookItUpEndedItWell() {
        assertThat(progress.isGood()).as("nobody was asked").isTrue();
        saw(KEYS.ack("a"), "");
        assertThat(progress.isGood()).isFalse();
        saw(KEYS.exit("a"), "0");
        assertThat(progress.isGood()).isTrue();
        saw(KEYS.ack("b"), "");
        assertThat(saw(KEYS.exit("b"), "3")).isEqualTo(new ExecProgress.Event.Finished("b", 3));
        assertThat(progress.isGood()).isFalse();
        assertThat(progress.completed()).isEqualTo(2);
        assertThat(progress.acknowledged()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "99999999999", "1234567890123456789012345"})
    void anExitCodeThatIsNoneIsToldAndDoesNotCount(String value) {
        assertThat(saw(KEYS.exit("a"), value)).isInstanceOf(ExecProgress.Event.Strange.class);
        assertThat(progress.completed()).isZero();
    }

    @Test
    void aKeyThatNobodyKnowsIsTold() {
        assertThat(saw(KEYS.folder() + "a/else", ""))
                .isEqualTo(new ExecProgress.Event.Strange("Unknown key 'a/else', ignoring."));
    }
}
