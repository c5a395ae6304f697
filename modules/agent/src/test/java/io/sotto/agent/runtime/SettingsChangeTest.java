package io.sotto.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.config.SettingsLoader;
import io.sotto.agent.config.SettingsRequest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsChangeTest {
    private static AgentSettings settings(boolean dev, String... flagsAndValues) {
        SettingsRequest request = new SettingsRequest(List.of(), Optional.empty(), List.of(), Map.of(), dev)
                .withFlag("data-dir", "/nonexistent/of-no-use");
        for (int i = 0; i < flagsAndValues.length; i += 2) {
            request = request.withFlag(flagsAndValues[i], flagsAndValues[i + 1]);
        }
        return ((LoadResult.Loaded) new SettingsLoader(() -> "n", SettingsChangeTest::freshKey).load(request))
                .settings();
    }

    private static String freshKey() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void nothingDiffersWhenTheFilesAreAsTheyWere() {
        SettingsChange change = SettingsChange.between(settings(false), AgentSettings.LogLevel.INFO, settings(false));
        assertThat(change).isEqualTo(new SettingsChange(List.of(), List.of()));
    }

    @Test
    void theLogLevelTakesEffectAndIsShown() {
        SettingsChange change = SettingsChange.between(
                settings(false), AgentSettings.LogLevel.INFO, settings(false, "log-level", "debug"));
        assertThat(change).isEqualTo(new SettingsChange(List.of("log_level=DEBUG"), List.of()));
    }

    @Test
    void theLogLevelIsComparedWithTheOneInForceAndNotWithTheFirst() {
        SettingsChange change = SettingsChange.between(
                settings(false), AgentSettings.LogLevel.DEBUG, settings(false, "log-level", "info"));
        assertThat(change.live()).containsExactly("log_level=INFO");
    }

    @Test
    void everythingElseNeedsARestartAndShowsNoValue() {
        String key = freshKey();
        SettingsChange change = SettingsChange.between(
                settings(false),
                AgentSettings.LogLevel.INFO,
                settings(false, "encrypt", key, "retry-join", "10.0.0.1", "ports.http", "8501"));
        assertThat(change.afterRestart()).containsExactlyInAnyOrder("encrypt", "join", "ports");
        assertThat(change.toString()).doesNotContain(key);
    }

    @Test
    void theKeyThatDevModeMakesUpAtEachReadingIsNoChange() {
        assertThat(SettingsChange.between(settings(true), AgentSettings.LogLevel.INFO, settings(true))
                        .afterRestart())
                .isEmpty();
    }
}
