package io.sotto.membership.upshift.drive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpshiftJournalTest {
    private static final UpshiftRecord RECORD = new UpshiftRecord(
            "5f0c7d21",
            UpshiftKind.GOSSIP,
            3,
            "a name\n% with €",
            17,
            UpshiftStage.SENDING,
            UpshiftStage.READY,
            UpshiftCourse.BACK,
            false,
            true,
            "1c0216e1",
            new TreeSet<>(List.of("a", "a name\n% with €", "b.dc1")),
            new TreeMap<>(Map.of("gone", "by ann at 2030-01-01T00:00:00Z", "mute", "by force of ann")),
            new TreeSet<>(List.of("mute")),
            new TreeMap<>(Map.of("consul 1", UpshiftStage.SENDING)),
            Instant.parse("2030-01-01T00:00:00.5Z"),
            Optional.of(UpshiftOutcome.UNDONE));

    @Test
    void whatIsWrittenIsReadAgain() {
        assertThat(UpshiftJournal.parse(UpshiftJournal.text(RECORD))).contains(RECORD);
    }

    @Test
    void whatIsEmptyIsReadAgain() {
        UpshiftRecord empty = UpshiftRecord.fresh("1", UpshiftKind.TLS, "a", "", false, Instant.EPOCH);

        assertThat(UpshiftJournal.parse(UpshiftJournal.text(empty))).contains(empty);
    }

    @Test
    void aJournalThatIsCutAnywhereIsNone() {
        String text = UpshiftJournal.text(RECORD);

        for (int length = 0; length < text.length(); length++) {
            assertThat(UpshiftJournal.parse(text.substring(0, length))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind gossip",
                "epoch 3",
                "driver a",
                "revision 17",
                "goal sending",
                "confirmed ready",
                "course back",
                "fencing no",
                "stepwise yes",
                "expected a",
                "forced mute",
                "began 2030",
                "outcome undone"
            })
    void aFieldThatIsNoneIsRefused(String field) {
        String text = UpshiftJournal.text(RECORD);

        assertThat(UpshiftJournal.parse(text.replace(field, field.replaceFirst(" .*", " %zz"))))
                .isEmpty();
        assertThat(UpshiftJournal.parse(text.replace(field, "x" + field))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoch 0", "epoch -1", "epoch 1000000001", "epoch 03", "epoch +3"})
    void anEpochThatNobodyCouldHaveReachedIsRefused(String epoch) {
        assertThat(UpshiftJournal.parse(UpshiftJournal.text(RECORD).replace("epoch 3", epoch)))
                .isEmpty();
    }

    @Test
    void itSaysNothingTwice() {
        String text = UpshiftJournal.text(RECORD);

        assertThat(UpshiftJournal.parse(text.replace("course back\n", "course back\ncourse back\n")))
                .isEmpty();
        assertThat(UpshiftJournal.parse(text.replace("course back\n", "goal sending\n")))
                .isEmpty();
    }
}
