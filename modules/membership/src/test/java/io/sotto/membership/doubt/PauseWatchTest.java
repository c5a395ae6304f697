package io.sotto.membership.doubt;

import static io.sotto.membership.Members.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PauseWatchTest {
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Instant WALL = Instant.parse("2030-01-01T00:00:00Z");

    private final PauseWatch watch = new PauseWatch(TICK, Duration.ofMillis(250), Duration.ofSeconds(2), NOW, WALL);

    @Test
    void aTickThatComesInTimeOrALittleLateIsNoPause() {
        assertThat(watch.onTick(NOW.plusMillis(500), WALL.plusMillis(500))).isEmpty();
        assertThat(watch.onTick(NOW.plusMillis(1_250), WALL.plusMillis(1_250))).isEmpty();
    }

    @Test
    void aTickThatComesLateIsAPauseSinceItWasDue() {
        assertThat(watch.onTick(NOW.plusMillis(4_500), WALL.plusMillis(4_500)))
                .contains(new PauseWatch.Pause(NOW.plusMillis(500), NOW.plusMillis(4_500), Duration.ofSeconds(4)));
        assertThat(watch.onTick(NOW.plusMillis(5_000), WALL.plusMillis(5_000)))
                .as("the tick after it")
                .isEmpty();
    }

    @Test
    void aMachineThatWasSuspendedShowsByItsWallClockAlone() {
        assertThat(watch.onTick(NOW.plusMillis(500), WALL.plusMillis(60_500)))
                .contains(new PauseWatch.Pause(NOW.plusMillis(500), NOW.plusMillis(500), Duration.ofMinutes(1)));
    }

    @Test
    void aWallClockThatIsSetBackOrALittleForwardIsNoPause() {
        assertThat(watch.onTick(NOW.plusMillis(500), WALL.minusSeconds(3_600))).isEmpty();
        assertThat(watch.onTick(NOW.plusMillis(1_000), WALL.minusSeconds(3_599)))
                .as("after that it ticks from where it is")
                .isEmpty();
    }
}
