package io.sotto.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.config.AgentSettings.LogLevel;
import io.sotto.agent.http.AgentControl;
import io.sotto.cluster.Reloaded;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsChangeTest {
    private static final Reloaded.Applied NOTHING = new Reloaded.Applied(List.of(), List.of(), List.of());

    @Test
    void nothingDiffersWhenTheFilesAreAsTheyWere() {
        assertThat(SettingsChange.of(NOTHING, LogLevel.INFO, LogLevel.INFO))
                .isEqualTo(new AgentControl.Reloaded.Applied());
    }

    @Test
    void theLogLevelTakesEffectAndIsShown() {
        assertThat(SettingsChange.of(NOTHING, LogLevel.INFO, LogLevel.DEBUG).changed())
                .containsExactly("log_level=DEBUG");
    }

    @Test
    void theLogLevelIsComparedWithTheOneInForceAndNotWithTheFirst() {
        Reloaded.Applied node = new Reloaded.Applied(List.of(), List.of("log-level"), List.of());

        assertThat(SettingsChange.of(node, LogLevel.DEBUG, LogLevel.INFO))
                .isEqualTo(new AgentControl.Reloaded.Applied(List.of("log_level=INFO"), List.of(), List.of()));
    }

    @Test
    void namesAreSpelledAsInConsulsFilesAndValuesStayAsTheyAre() {
        Reloaded.Applied node = new Reloaded.Applied(
                List.of("encrypt-verify-outgoing=true", "label=\"a-b\"", "encrypt: key 1a-2b is the primary"),
                List.of("retry-join", "tags.\"a-b\"", "ports.http"),
                List.of("encrypt is no longer set: the key-ring stays as it is"));

        assertThat(SettingsChange.of(node, LogLevel.INFO, LogLevel.INFO))
                .isEqualTo(new AgentControl.Reloaded.Applied(
                        List.of("encrypt_verify_outgoing=true", "label=\"a-b\"", "encrypt: key 1a-2b is the primary"),
                        List.of("retry_join", "tags.\"a-b\"", "ports.http"),
                        List.of("encrypt is no longer set: the key-ring stays as it is")));
    }
}
