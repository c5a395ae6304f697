package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostApiTest {
    @TempDir
    Path directory;

    private Json host(Path proc) throws JsonException {
        HostFacts facts = HostFacts.of(proc, proc.resolve("os-release"), directory);
        HostApi api = new HostApi(facts, Runnable::run, () -> Instant.ofEpochSecond(1_795_377_719L, 111));
        return Json.parse(new Asking(api).get("v1/agent/host").body());
    }

    @BeforeEach
    void machine() throws IOException {
        Files.createDirectories(directory.resolve("sys/kernel"));
        Files.writeString(
                directory.resolve("meminfo"),
                "MemTotal:        1000 kB\nMemFree:          400 kB\nBuffers:   50 kB\nCached:   150 kB\n");
        Files.writeString(
                directory.resolve("cpuinfo"),
                "processor\t: 0\nmodel name\t: A\ncore id\t\t: 0\n\nprocessor\t: 1\nmodel name\t: B\n");
        Files.writeString(directory.resolve("os-release"), "ID=debian\nVERSION_ID=\"12\"\n");
        Files.writeString(directory.resolve("uptime"), "59964.21 100.5\n");
        Files.writeString(directory.resolve("sys/kernel/hostname"), "vm\n");
    }

    @Test
    void tellsOfMemoryProcessorsSystemAndDiskAsARealAgentDoes() throws JsonException {
        Json host = host(directory);

        assertThat(host.asFields().keySet())
                .containsExactly("Memory", "CPU", "Host", "Disk", "CollectionTime", "Errors");
        assertThat(host.get("Memory").get("total").asLong()).isEqualTo(1_024_000);
        assertThat(host.get("Memory").get("used").asLong()).isEqualTo(400 * 1024);
        assertThat(host.get("Memory").get("usedPercent").asText()).isEqualTo("40");
        assertThat(host.get("CPU").asElements())
                .extracting(cpu -> cpu.get("modelName").asText())
                .containsExactly("A", "B");
        assertThat(host.get("Host").get("hostname").asText()).isEqualTo("vm");
        assertThat(host.get("Host").get("uptime").asLong()).isEqualTo(59_964);
        assertThat(host.get("Host").get("platformVersion").asText()).isEqualTo("12");
        assertThat(host.get("Disk").get("total").asLong()).isPositive();
        assertThat(host.get("CollectionTime").asText()).isEqualTo("1795377719000000111");
    }

    @Test
    void aMachineThatTellsNothingIsStillAnAnswer() throws JsonException {
        Json host = host(directory.resolve("none"));
        assertThat(host.get("Memory").get("total").asLong()).isZero();
        assertThat(host.get("CPU").asElements()).isEmpty();
        assertThat(host.get("Host").get("hostname").asText()).isEmpty();
    }
}
