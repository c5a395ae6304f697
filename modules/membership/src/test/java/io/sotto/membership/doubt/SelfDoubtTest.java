package io.sotto.membership.doubt;

import static io.sotto.membership.Members.NOW;
import static io.sotto.membership.Members.alive;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Caution;
import io.sotto.membership.SwimSettings;
import io.sotto.membership.probe.Verdict;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Under the LAN profile: deaf after 2 s, patience of 60 s, 2 s of grace. */
class SelfDoubtTest {
    private static final int MANY = 9;

    private final SelfDoubt doubt = new SelfDoubt(SwimSettings.lan()::caution, NOW);

    @Test
    void believesAFailedProbeThatAHelperTestifiesFor() {
        Verdict.Failed failed = failed(3, 1);
        assertThat(doubt.weigh(failed, at(0.1), MANY, at(1))).isEqualTo(failed);
    }

    @Test
    void excusesAFailedProbeOfWhichNoHelperSaidAnything() {
        assertThat(doubt.weigh(failed(3, 0), at(0.1), MANY, at(1)))
                .isEqualTo(new Verdict.Excused(alive("n"), Verdict.Excuse.DEAF, 3));
        doubt.heard(at(0.5));
        assertThat(doubt.weigh(failed(3, 0), at(0), MANY, at(1)))
                .isEqualTo(new Verdict.Excused(alive("n"), Verdict.Excuse.DEAF, 1));
    }

    @Test
    void holdsNoMissingNackAgainstItselfWhereMostHelpersAnswered() {
        assertThat(doubt.weigh(failed(3, 2), at(0), MANY, at(1)).healthDelta()).isZero();
        assertThat(doubt.weigh(failed(3, 1), at(0.1), MANY, at(1)).healthDelta())
                .as("nothing else was heard")
                .isEqualTo(2);
        doubt.heard(at(0.5));
        assertThat(doubt.weigh(failed(3, 1), at(0), MANY, at(1)).healthDelta()).isEqualTo(1);
    }

    @Test
    void takesWhateverWasHeardForTestimonyWhereNoHelperCouldBeAsked() {
        assertThat(doubt.weigh(failed(0, 0), at(1), MANY, at(2))).isInstanceOf(Verdict.Excused.class);
        doubt.heard(at(2.5));
        assertThat(doubt.weigh(failed(0, 0), at(2), MANY, at(3))).isEqualTo(failed(0, 0));
    }

    @Test
    void believesEveryFailureWhereOnlyOneOtherMemberIsThere() {
        assertThat(doubt.weigh(failed(0, 0), at(0), 1, at(1))).isEqualTo(failed(0, 0));
        assertThat(doubt.lost(1, at(50))).isEqualTo(Duration.ZERO);
    }

    @Test
    void believesNothingForAMinuteOfSilenceAndEverythingAfterIt() {
        for (int second = 0; second < 59; second++) {
            assertThat(doubt.weigh(failed(3, 0), at(second), MANY, at(second + 1)))
                    .as("second " + second)
                    .isInstanceOf(Verdict.Excused.class);
        }
        assertThat(doubt.weigh(failed(3, 0), at(59), MANY, at(60))).isEqualTo(failed(3, 0));
        assertThat(doubt.lost(MANY, at(61))).as("silence held against itself").isEqualTo(Duration.ZERO);
    }

    @Test
    void anAnswerGivesAQuarterOfThePatienceBack() {
        for (int second = 0; second < 60; second++) {
            doubt.weigh(failed(3, 0), at(second), MANY, at(second + 1));
        }
        doubt.answered();
        for (int second = 60; second < 74; second++) {
            assertThat(doubt.weigh(failed(3, 0), at(second), MANY, at(second + 1)))
                    .as("second " + second)
                    .isInstanceOf(Verdict.Excused.class);
        }
        assertThat(doubt.weigh(failed(3, 0), at(74), MANY, at(75))).isEqualTo(failed(3, 0));
    }

    @Test
    void countsASilenceAsLostOnceItIsLongerThanSilencesAre() {
        doubt.heard(at(1));
        doubt.heard(at(3));
        assertThat(doubt.lost(MANY, at(5))).isEqualTo(Duration.ZERO);
        assertThat(doubt.lost(MANY, at(10))).isEqualTo(Duration.ofSeconds(7));
        doubt.heard(at(11));
        assertThat(doubt.lost(MANY, at(12))).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void countsAPauseOnceAndAMomentToReadWhatWaits() {
        hearUntil(9);
        doubt.paused(new PauseWatch.Pause(at(10), at(25), Duration.ofSeconds(15)));
        doubt.heard(at(25.1));
        // The silence before the pause and after it is part of one that is longer than silences are.
        assertThat(doubt.lost(MANY, at(26))).isEqualTo(Duration.ofMillis(15_000 + 2_000 + 100));
        assertThat(doubt.lost(1, at(26))).isEqualTo(Duration.ofSeconds(17));
    }

    @Test
    void countsAPauseOnceIfTheSilenceWasNoticedBeforeThePause() {
        hearUntil(9);
        doubt.heard(at(25));
        doubt.paused(new PauseWatch.Pause(at(10), at(25.2), Duration.ofMillis(15_200)));
        assertThat(doubt.lost(MANY, at(25.2))).isEqualTo(Duration.ofMillis(16_000 + 200 + 2_000));
    }

    @Test
    void doubtsNothingWhereNoCautionIsAskedFor() {
        SelfDoubt none = new SelfDoubt(Caution::none, NOW);
        assertThat(none.weigh(failed(3, 0), at(0), MANY, at(1))).isEqualTo(failed(3, 0));
        assertThat(none.lost(MANY, at(100))).isEqualTo(Duration.ZERO);
    }

    private void hearUntil(int second) {
        for (int i = 1; i <= second; i++) {
            doubt.heard(at(i));
        }
    }

    private static Verdict.Failed failed(int asked, int witnesses) {
        return new Verdict.Failed(
                alive("n"), new SwimMessage.Suspect(5, "n", "self"), asked - witnesses, asked, witnesses);
    }

    private static Instant at(double seconds) {
        return NOW.plusMillis(Math.round(seconds * 1_000));
    }
}
