package io.sotto.membership.upshift.drive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderRuleTest {
    private static final UpshiftRecord FIRST =
            UpshiftRecord.fresh("u1", UpshiftKind.TLS, "a", "", false, Instant.EPOCH);

    @ParameterizedTest
    @CsvSource({
        "NONE, READY, READY",
        "READY, SENDING, SENDING",
        "SENDING, ENFORCED, ENFORCED",
        "READY, READY, ",
        "ENFORCED, READY, ",
        "SENDING, NONE, "
    })
    void goingForwardItTakesTheNextStageAndNeverGoesDown(UpshiftStage own, UpshiftStage ordered, UpshiftStage taken) {
        OrderRule.Verdict verdict = OrderRule.judge(Optional.empty(), own, ordered, FIRST);

        assertThat(verdict.isObeyed()).isTrue();
        assertThat(verdict.take()).isEqualTo(Optional.ofNullable(taken));
    }

    @ParameterizedTest
    @CsvSource({"NONE, SENDING", "NONE, ENFORCED", "READY, ENFORCED"})
    void noStageIsSkipped(UpshiftStage own, UpshiftStage ordered) {
        OrderRule.Verdict verdict = OrderRule.judge(Optional.empty(), own, ordered, FIRST);

        assertThat(verdict.isObeyed()).isFalse();
        assertThat(verdict.why()).contains("is at " + own.word()).contains("would skip a stage");
    }

    @ParameterizedTest
    @CsvSource({"READY, NONE", "SENDING, READY", "ENFORCED, SENDING"})
    void goingBackItTakesTheStageBelow(UpshiftStage own, UpshiftStage ordered) {
        assertThat(OrderRule.judge(Optional.empty(), own, ordered, FIRST.back()).take())
                .contains(ordered);
    }

    @ParameterizedTest
    @CsvSource({"ENFORCED, READY", "ENFORCED, NONE", "SENDING, NONE"})
    void noStageIsSkippedGoingBack(UpshiftStage own, UpshiftStage ordered) {
        assertThat(OrderRule.judge(Optional.empty(), own, ordered, FIRST.back()).isObeyed())
                .isFalse();
    }

    @Test
    void anOrderOfALowerEpochIsRefused() {
        UpshiftRecord later = new Takeover(FIRST, Set.of()).adopted(FIRST, FIRST, true);

        assertThat(judge(later, FIRST).isObeyed()).isFalse();
        assertThat(judge(later, FIRST).why()).contains("an order of epoch 2 of the upshift u1 by a goes before");
        assertThat(judge(FIRST, later).isObeyed()).isTrue();
    }

    @Test
    void anOrderThatWasOvertakenIsRefusedAndTheSameOneIsTakenAgain() {
        UpshiftRecord later = FIRST.revised();

        assertThat(judge(later, FIRST).isObeyed()).isFalse();
        assertThat(judge(later, later).isObeyed()).isTrue();
        assertThat(judge(FIRST, later).isObeyed()).isTrue();
    }

    @Test
    void theUpshiftThatBeganLaterGoesBefore() {
        UpshiftRecord later = FIRST.beginning(Instant.EPOCH.plusSeconds(1));

        assertThat(judge(later, FIRST.revised()).isObeyed()).isFalse();
        assertThat(judge(FIRST.revised(), later).isObeyed()).isTrue();
    }

    @Test
    void untilAllHaveTakenTheEpochNothingChanges() {
        UpshiftRecord fencing = new Takeover(FIRST, Set.of()).adopted(FIRST, FIRST, true);

        for (UpshiftStage ordered : UpshiftStage.values()) {
            OrderRule.Verdict verdict = OrderRule.judge(Optional.empty(), UpshiftStage.READY, ordered, fencing);
            assertThat(verdict.isObeyed()).isTrue();
            assertThat(verdict.take()).isEmpty();
        }
    }

    private static OrderRule.Verdict judge(UpshiftRecord held, UpshiftRecord ordered) {
        return OrderRule.judge(Optional.of(held), UpshiftStage.NONE, UpshiftStage.READY, ordered);
    }
}
