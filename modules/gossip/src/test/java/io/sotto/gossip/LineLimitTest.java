package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LineLimitTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @Test
    void admitsOneLineAnIntervalHoweverManyAreAskedFor() {
        LineLimit limit = LineLimit.perSecond();
        assertThat(limit.admits(NOW)).isTrue();
        assertThat(limit.admits(NOW)).isFalse();
        assertThat(limit.admits(NOW.plusMillis(999))).isFalse();
        assertThat(limit.admits(NOW.plusSeconds(1))).isTrue();
        assertThat(limit.admits(NOW.plusMillis(1_500))).isFalse();
    }

    @Test
    void linesAboutOnePeerWaitAMinute() {
        LineLimit limit = LineLimit.perMinute();
        assertThat(limit.admits(NOW)).isTrue();
        assertThat(limit.admits(NOW.plusSeconds(59))).isFalse();
        assertThat(limit.admits(NOW.plusSeconds(60))).isTrue();
    }
}
