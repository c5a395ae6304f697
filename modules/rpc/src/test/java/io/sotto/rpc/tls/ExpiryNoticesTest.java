package io.sotto.rpc.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpiryNoticesTest {
    private static final List<Duration> TIMES = List.of(Duration.ofDays(30), Duration.ofDays(14), Duration.ofDays(7));

    @Test
    void eachTimeIsSpokenOfOnceAndTheLastWeekDaily() {
        Instant end = Instant.parse("2027-01-01T00:00:00Z");
        ExpiryNotices notices = ExpiryNotices.none();
        List<Long> days = new ArrayList<>();
        for (Instant now = end.minus(Duration.ofDays(60));
                now.isBefore(end.plus(Duration.ofDays(2)));
                now = now.plus(Duration.ofHours(1))) {
            Duration left = Duration.between(now, end);
            if (notices.speaks(TIMES, left, now)) {
                days.add(left.toDays());
            }
            notices = notices.after(TIMES, left, now);
        }
        assertThat(days).containsExactly(30L, 14L, 7L, 6L, 5L, 4L, 3L, 2L, 1L, 0L, -1L);
    }

    @Test
    void anAgentThatStartsLateSpeaksAtOnce() {
        assertThat(ExpiryNotices.none().speaks(TIMES, Duration.ofDays(20), Instant.EPOCH))
                .isTrue();
        assertThat(ExpiryNotices.none().speaks(TIMES, Duration.ofDays(31), Instant.EPOCH))
                .isFalse();
    }

    @Test
    void theWordsAreThoseOfPeople() {
        assertThat(ExpiryNotices.words(Duration.ofDays(13).plusHours(5))).isEqualTo("expires in 13 days");
        assertThat(ExpiryNotices.words(Duration.ofHours(30))).isEqualTo("expires in 30 hours");
        assertThat(ExpiryNotices.words(Duration.ofDays(-3))).isEqualTo("expired 3 days ago");
    }
}
