package io.sotto.membership.upshift.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.membership.upshift.drive.Stand;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.membership.upshift.trial.KeyFinding.Opens;
import io.sotto.membership.upshift.trial.KeyFinding.Plain;
import io.sotto.membership.upshift.trial.KeyFinding.Seals;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What answers to the pings of a trial come to. */
class KeyTrialTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final TrialAnswer SEALED = TrialAnswer.sealed("k");

    @Test
    void plaintextIsRefusedOnlyWhereEverySealedPingBetweenIsAnswered() {
        assertThat(found(SEALED, refused(), SEALED, refused(), SEALED, refused(), SEALED))
                .isEqualTo(new KeyFinding(NOW, Opens.PROVEN, Seals.WITH_KEY, Plain.REFUSED));
        assertThat(found(SEALED, refused(), SEALED, refused(), SEALED, refused(), refused()))
                .as("it has gone meanwhile")
                .isEqualTo(new KeyFinding(NOW, Opens.PROVEN, Seals.WITH_KEY, Plain.UNKNOWN));
        assertThat(found(SEALED, refused(), SEALED, TrialAnswer.unreached()).plain())
                .isEqualTo(Plain.UNKNOWN);
    }

    @Test
    void onePlainPingThatIsAnsweredShowsThatPlaintextIsTaken() {
        assertThat(found(SEALED, refused(), SEALED, SEALED).plain()).isEqualTo(Plain.TAKEN);
        assertThat(found(SEALED, TrialAnswer.plain()).plain()).isEqualTo(Plain.TAKEN);
    }

    @Test
    void whoBeginsToSealWithSomethingElseInBetweenIsTakenAtThat() {
        assertThat(found(SEALED, refused(), TrialAnswer.plain()))
                .isEqualTo(new KeyFinding(NOW, Opens.PROVEN, Seals.NOT, Plain.UNKNOWN));
        assertThat(found(TrialAnswer.sealed("other")).seals()).isEqualTo(Seals.WITH_ANOTHER);
    }

    @Test
    void whatIsOverTakesNoFurtherAnswer() {
        KeyTrial trial = new KeyTrial(Optional.of("k"), true);
        trial.on(TrialAnswer.unreached());

        assertThatThrownBy(() -> trial.on(SEALED)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aStandIsNeverAboveWhatWasShown() {
        assertStand(new KeyFinding(NOW, Opens.UNKNOWN, Seals.UNKNOWN, Plain.UNKNOWN), UpshiftStage.NONE);
        assertStand(new KeyFinding(NOW, Opens.UNKNOWN, Seals.NOT, Plain.TAKEN), UpshiftStage.NONE);
        assertStand(new KeyFinding(NOW, Opens.REFUSED, Seals.UNKNOWN, Plain.UNKNOWN), UpshiftStage.NONE);
        assertStand(new KeyFinding(NOW, Opens.PROVEN, Seals.NOT, Plain.UNKNOWN), UpshiftStage.READY);
        assertStand(new KeyFinding(NOW, Opens.PROVEN, Seals.WITH_ANOTHER, Plain.UNKNOWN), UpshiftStage.READY);
        assertStand(new KeyFinding(NOW, Opens.PROVEN, Seals.WITH_KEY, Plain.UNKNOWN), UpshiftStage.SENDING);
        assertStand(new KeyFinding(NOW, Opens.PROVEN, Seals.WITH_KEY, Plain.TAKEN), UpshiftStage.SENDING);
        assertStand(new KeyFinding(NOW, Opens.PROVEN, Seals.WITH_KEY, Plain.REFUSED), UpshiftStage.ENFORCED);
    }

    @Test
    void whoSentPlaintextWithinAMinuteIsNotTakenToSealAllThatItSends() {
        KeyFinding sealing = new KeyFinding(NOW, Opens.PROVEN, Seals.WITH_KEY, Plain.REFUSED);

        Stand recent = OutsideGossip.stand(sealing, Optional.of(NOW.minusSeconds(59)), NOW, Optional.of("mend"));
        Stand quiet = OutsideGossip.stand(sealing, Optional.of(NOW.minusSeconds(60)), NOW, Optional.of("mend"));

        assertThat(recent.stage()).isEqualTo(UpshiftStage.READY);
        assertThat(recent.hindrance()).contains("seals now, and sent plaintext 59 s ago");
        assertThat(quiet.stage()).isEqualTo(UpshiftStage.ENFORCED);
        assertThat(quiet.quiet()).contains(Duration.ofMinutes(1));
    }

    @Test
    void whoWasNotReachedIsUnknown() {
        assertThat(OutsideGossip.stand(KeyFinding.unknown(NOW), Optional.empty(), NOW, Optional.empty())
                        .ground())
                .isEqualTo(Stand.Ground.UNKNOWN);
    }

    private static void assertStand(KeyFinding finding, UpshiftStage stage) {
        assertThat(OutsideGossip.stand(finding, Optional.empty(), NOW, Optional.empty())
                        .stage())
                .as(finding.toString())
                .isEqualTo(stage);
    }

    private static TrialAnswer refused() {
        return TrialAnswer.refused();
    }

    private static KeyFinding found(TrialAnswer... answers) {
        KeyTrial trial = new KeyTrial(Optional.of("k"), true);
        for (TrialAnswer answer : answers) {
            assertThat(trial.next()).as("before " + answer).isPresent();
            trial.on(answer);
        }
        assertThat(trial.next()).as("it is over").isEmpty();
        return trial.finding(NOW);
    }
}
