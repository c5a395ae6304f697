package io.sotto.membership.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Claims;
import io.sotto.membership.Seeds;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the vectors do not say: hostile times, and a memory that is full. */
class LamportWindowTest {
    private static final int SLOTS = 8;
    private static final long FAR = 1L << 32;

    private final LamportWindow<String> window = new LamportWindow<>(SLOTS, 100, Claims.GUARDED);

    @Test
    void aTimeFarAheadIsNotBelievedAndMovesNoClock() {
        assertThat(window.see(1 + FAR, "x", 1)).isEqualTo(Sighting.NEW);
        long now = window.time();
        assertThat(window.see(now + FAR + 1, "x", 1)).isEqualTo(Sighting.IMPLAUSIBLE);
        assertThat(window.see(-1, "x", 1)).isEqualTo(Sighting.IMPLAUSIBLE);
        assertThat(window.witnessNext(-1)).isFalse();
        assertThat(window.time()).isEqualTo(now);
    }

    @Test
    void upstreamBelievesTheLastTimeOfAllAndTheClockStandsThere() {
        LamportWindow<String> upstream = new LamportWindow<>(SLOTS, 100, Claims.UPSTREAM);

        assertThat(upstream.see(-1, "x", 1)).isEqualTo(Sighting.NEW);
        assertThat(upstream.time()).isEqualTo(-1);
        assertThat(upstream.see(5, "y", 1)).isEqualTo(Sighting.OLD);
        assertThat(upstream.see(-1, "y", 1)).isEqualTo(Sighting.NEW);
    }

    @Test
    void whereTheMemoryIsFullTheEarliestIsForgottenAndCountsAsOld() {
        for (int time = 1; time <= 4; time++) {
            assertThat(window.see(time, "x", 25)).isEqualTo(Sighting.NEW);
        }
        assertThat(window.see(5, "x", 25)).isEqualTo(Sighting.NEW);

        assertThat(window.weight()).isEqualTo(100);
        assertThat(window.see(1, "x", 25)).as("forgotten").isEqualTo(Sighting.OLD);
        assertThat(window.see(1, "never seen", 25)).isEqualTo(Sighting.OLD);
        assertThat(window.see(2, "x", 25)).isEqualTo(Sighting.DUPLICATE);
    }

    @Test
    void oneTimeCannotTakeMoreThanThereIs() {
        for (int i = 0; i < 10; i++) {
            assertThat(window.see(7, "x" + i, 10)).isEqualTo(Sighting.NEW);
        }

        assertThat(window.see(7, "one more", 10)).isEqualTo(Sighting.FULL);
        assertThat(window.see(6, "earlier", 10)).isEqualTo(Sighting.FULL);
        assertThat(window.see(8, "later", 10)).as("makes room").isEqualTo(Sighting.NEW);
        assertThat(window.weight()).isEqualTo(10);
    }

    @Test
    void whatIsEarlierThanTheStartIsOld() {
        window.witnessNext(20);
        window.startAt(20);
        window.startAt(3);

        assertThat(window.see(19, "x", 1)).isEqualTo(Sighting.OLD);
        assertThat(window.see(20, "x", 1)).isEqualTo(Sighting.NEW);
    }

    @Test
    void whateverComesNothingIsNewTwiceAndTheMemoryIsBounded() {
        Random random = Seeds.random();
        Set<String> news = new HashSet<>();
        Deque<Long> times = new ArrayDeque<>();
        for (int i = 0; i < 200_000; i++) {
            long time = Math.max(0, window.time() + random.nextInt(-2 * SLOTS, 3));
            String key = "k" + random.nextInt(4);
            if (window.see(time, key, random.nextInt(1, 40)) == Sighting.NEW) {
                assertThat(news.add(time + " " + key))
                        .as("%s at %s is new", key, time)
                        .isTrue();
                times.add(time);
            }
            assertThat(window.weight()).isBetween(0L, 100L);
        }
        assertThat(times).hasSizeGreaterThan(1_000);
    }
}
