package io.sotto.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FormulasTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void truncatesTheSuspicionFactorToThreeDecimals() {
        // log10(50) = 1.69897…
        assertThat(Formulas.suspicionMin(4, 50, SECOND)).isEqualTo(Duration.ofMillis(6_792));
    }

    @Test
    void expectsConfirmationsOnlyWhereEnoughOthersCouldGiveThem() {
        assertThat(Formulas.expectedConfirmations(4, 3)).isZero();
        assertThat(Formulas.expectedConfirmations(4, 4)).isEqualTo(2);
        assertThat(Formulas.expectedConfirmations(6, 5)).isZero();
        assertThat(Formulas.expectedConfirmations(6, 6)).isEqualTo(4);
        assertThat(Formulas.expectedConfirmations(1, 9)).isZero();
    }

    @Test
    void leavesTheLeastTimeWhereNobodyCouldConfirm() {
        assertThat(Formulas.suspicionRemaining(0, 0, SECOND, SECOND.multipliedBy(4), SECOND.multipliedBy(24)))
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void neverGoesBelowTheLeastTimeHoweverManyConfirm() {
        assertThat(Formulas.suspicionRemaining(9, 2, Duration.ZERO, SECOND, SECOND.multipliedBy(6)))
                .isEqualTo(SECOND);
    }

    @Test
    void growsTheRetransmitLimitWithTheDigitsOfThePool() {
        assertThat(Formulas.retransmitLimit(4, 0)).isZero();
        assertThat(Formulas.retransmitLimit(4, 1)).isEqualTo(4);
        assertThat(Formulas.retransmitLimit(4, 9)).isEqualTo(4);
        assertThat(Formulas.retransmitLimit(4, 10)).isEqualTo(8);
        assertThat(Formulas.retransmitLimit(4, 999)).isEqualTo(12);
        assertThat(Formulas.retransmitLimit(4, 1_000)).isEqualTo(16);
    }

    @Test
    void slowsPushPullByOneStepPerDoublingBeyondThirtyTwo() {
        assertThat(Formulas.pushPullInterval(SECOND, 32)).isEqualTo(SECOND);
        assertThat(Formulas.pushPullInterval(SECOND, 33)).isEqualTo(Duration.ofSeconds(2));
        assertThat(Formulas.pushPullInterval(SECOND, 64)).isEqualTo(Duration.ofSeconds(2));
        assertThat(Formulas.pushPullInterval(SECOND, 65)).isEqualTo(Duration.ofSeconds(3));
        assertThat(Formulas.pushPullInterval(SECOND, 129)).isEqualTo(Duration.ofSeconds(4));
    }
}
