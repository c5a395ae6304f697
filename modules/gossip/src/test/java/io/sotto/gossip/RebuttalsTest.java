package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RebuttalsTest {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final InetSocketAddress ONE = Samples.address(1);
    private static final InetSocketAddress OTHER = Samples.address(2);

    private final Rebuttals rebuttals = new Rebuttals(3, PERIOD);

    @Test
    void eachAccuserIsToldOnceInAPeriod() {
        assertThat(rebuttals.admits(ONE, 2, NOW)).isTrue();
        assertThat(rebuttals.admits(ONE, 2, NOW.plusMillis(999))).isFalse();
        assertThat(rebuttals.admits(OTHER, 2, NOW.plusMillis(999))).isTrue();
        assertThat(rebuttals.admits(ONE, 2, NOW.plus(PERIOD))).isTrue();
    }

    @Test
    void andAgainOfEachIncarnation() {
        assertThat(rebuttals.admits(ONE, 2, NOW)).isTrue();
        assertThat(rebuttals.admits(ONE, 3, NOW)).isTrue();
        assertThat(rebuttals.admits(ONE, 3, NOW)).isFalse();
    }

    @Test
    void soManyAreToldInAPeriodWhateverTheyMakeOfOurIncarnation() {
        for (long incarnation = 2; incarnation < 5; incarnation++) {
            assertThat(rebuttals.admits(ONE, incarnation, NOW)).isTrue();
        }
        assertThat(rebuttals.admits(ONE, 5, NOW)).isFalse();
        assertThat(rebuttals.admits(OTHER, 5, NOW.plusMillis(999))).isFalse();
        assertThat(rebuttals.admits(OTHER, 5, NOW.plus(PERIOD))).isTrue();
    }
}
