package io.sotto.membership.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotationJournalTest {
    private static final RotationRecord RECORD = new RotationRecord(
            RotationCause.BUDGET,
            RotationCourse.BACK,
            RotationPhase.CONFIRMING,
            "1c0216e1",
            "7d3a0b52",
            new TreeSet<>(List.of("7d3a0b52", "00000001")),
            RotationReach.USED,
            Optional.of(Instant.parse("2030-01-01T00:00:00.5Z")),
            new TreeSet<>(List.of("a", "a name\n% with €", "b.dc1")),
            new TreeSet<>(List.of("gone")));

    @Test
    void whatIsWrittenIsReadAgain() {
        assertThat(RotationJournal.parse(RotationJournal.text(RECORD))).contains(RECORD);
    }

    @Test
    void whatIsEmptyIsReadAgain() {
        RotationRecord empty = RotationRecord.surveying(RotationCause.ASKED, "7d3a0b52");

        assertThat(RotationJournal.parse(RotationJournal.text(empty))).contains(empty);
    }

    @Test
    void aJournalThatIsCutAnywhereIsNone() {
        String text = RotationJournal.text(RECORD);

        for (int length = 0; length < text.length(); length++) {
            assertThat(RotationJournal.parse(text.substring(0, length))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"phase confirming", "cause budget", "reach used", "wait 2030", "expected a"})
    void aFieldThatIsNoneIsRefused(String field) {
        String text = RotationJournal.text(RECORD);

        assertThat(RotationJournal.parse(text.replace(field, field.replaceFirst(" .*", " %zz"))))
                .isEmpty();
        assertThat(RotationJournal.parse(text.replace(field, "x" + field))).isEmpty();
    }
}
