package io.sotto.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "30s, PT30S",
        "1m30s, PT1M30S",
        "200ms, PT0.2S",
        "1.5h, PT1H30M",
        "0, PT0S",
        "30 seconds, PT30S",
        "100us, PT0.0001S",
        "72h0m0s, PT72H"
    })
    void readsGosAndHoconsForms(String text, Duration duration) {
        assertThat(Durations.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "30", "s", "-1s", "1x", "1s2", "1..5s", ".s", "999999999999999999h", "1 s s"})
    void refusesEverythingElse(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }
}
