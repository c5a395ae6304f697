package io.sotto.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CautionTest {
    @Test
    void timersThatAreOnlyRoundedAreNotTakenForAPause() {
        Caution quick = Caution.of(Duration.ofMillis(200), Duration.ofMillis(100));

        assertThat(quick.isLate(Duration.ofMillis(100))).isFalse();
        assertThat(quick.isLate(Duration.ofMillis(101))).isTrue();
    }

    @Test
    void aTimerThatIsLateByHalfAProbeTimeoutShowsAPause() {
        Caution lan = Caution.of(Duration.ofSeconds(1), Duration.ofMillis(500));

        assertThat(lan.isLate(Duration.ofMillis(250))).isFalse();
        assertThat(lan.isLate(Duration.ofMillis(251))).isTrue();
    }
}
