package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.config.LoadResult;
import io.sotto.agent.config.SettingsLoader;
import io.sotto.agent.config.SettingsRequest;
import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebugConfigTest {
    private static final String KEY = "pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=";

    private static Json debugConfig() {
        SettingsRequest request = new SettingsRequest(List.of(), Optional.empty(), List.of(), Map.of(), true)
                .withFlag("encrypt", KEY)
                .withFlag("retry-join", "127.0.21.11");
        LoadResult.Loaded loaded = (LoadResult.Loaded) new SettingsLoader(() -> "cli", () -> KEY).load(request);
        return DebugConfig.of(loaded.settings(), FakePool.CLIENT_ID, "0.1.0", "SNAPSHOT", "127.0.21.13");
    }

    @Test
    void everyFieldIsOneOfARealAgentsAndOfTheSameKind() throws JsonException {
        Json real = Json.parse(Golden.read("http-agent.txt", "GET /v1/agent/self", "cli")
                        .body())
                .get("DebugConfig");
        debugConfig()
                .asFields()
                .forEach((name, value) -> assertThat(value).as(name).hasSameClassAs(real.get(name)));
    }

    @Test
    void neverHoldsTheKey() {
        assertThat(debugConfig().get("EncryptKey").asText()).isEqualTo("hidden");
        assertThat(debugConfig().compact()).doesNotContain(KEY).doesNotContain(KEY.substring(0, 8));
    }

    @Test
    void showsTheRhythmAsARealAgentDoes() throws JsonException {
        Json real = Json.parse(Golden.read("http-agent.txt", "GET /v1/agent/self", "cli")
                        .body())
                .get("DebugConfig");
        for (String name : List.of(
                "GossipLANGossipInterval",
                "GossipLANGossipNodes",
                "GossipLANProbeInterval",
                "GossipLANProbeTimeout",
                "GossipLANRetransmitMult",
                "GossipLANSuspicionMult",
                "RetryJoinIntervalLAN",
                "RetryJoinLAN",
                "RetryJoinMaxAttemptsLAN")) {
            assertThat(debugConfig().get(name)).as(name).isEqualTo(real.get(name));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT0.000000500S, 500ns",
        "PT0.0000015S, 1.5µs",
        "PT0.2S, 200ms",
        "PT1S, 1s",
        "PT1.5S, 1.5s",
        "PT30S, 30s",
        "PT5M, 5m0s",
        "PT90S, 1m30s",
        "PT72H, 72h0m0s"
    })
    void writesDurationsAsGoDoes(Duration duration, String text) {
        assertThat(DebugConfig.duration(duration)).isEqualTo(text);
    }
}
