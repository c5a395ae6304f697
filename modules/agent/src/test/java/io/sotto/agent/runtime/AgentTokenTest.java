package io.sotto.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.config.LoadResult;
import io.sotto.agent.config.SettingsLoader;
import io.sotto.agent.config.SettingsRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an agent shows to servers on its own account, as real agents choose it. */
final class AgentTokenTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"acl\": {\"tokens\": {\"agent\": \"a\", \"default\": \"d\"}} | a",
                "\"acl\": {\"tokens\": {\"agent\": \"a\"}} | a",
                "\"acl\": {\"tokens\": {\"default\": \"d\"}} | d",
                "\"acl_token\": \"d\" | d",
                "\"acl\": {\"enabled\": true} | ''"
            })
    void itsOwnTokenComesBeforeTheDefaultOne(String written, String shown) throws Exception {
        Path file = Files.writeString(directory.resolve("agent.json"), "{\"data_dir\": \"/opt/x\", " + written + "}");
        LoadResult.Loaded loaded = (LoadResult.Loaded) new SettingsLoader(() -> "cli", () -> "")
                .load(new SettingsRequest(List.of(file.toString()), Optional.empty(), List.of(), Map.of(), false));
        assertThat(NodeDuties.agentToken(loaded.settings(), loaded.config())).isEqualTo(shown);
    }
}
