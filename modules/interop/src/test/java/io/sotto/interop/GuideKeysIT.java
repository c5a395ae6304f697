package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The keys that Consul's and Nomad's own guides print are keys: an agent that reads one, from the guide's file where there
 * is one, joins a real serf agent that was given the same.
 */
@NeedsPeer("serf")
class GuideKeysIT {
    private static final Duration BOUND = Duration.ofSeconds(45);

    @ParameterizedTest(name = "{0}")
    @Execution(ExecutionMode.CONCURRENT)
    @CsvSource({
        "agent-encryption-new-cluster.json, pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=",
        "encryption-page-encrypt.json, pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=",
        "nomad-gossip-encryption-server.hcl, +p7iF56z0EWoSIvhpYHWXZrSAAtnjR9l6XHRzHqQKlg=",
        "of 16 bytes, 4kRkFQfcc3LU0BazP1ca+z==",
        "by openssl, 4YwLQm6ZMwYgfldNBT5P76tAWMdcBmu+FPYRvCxvsHc=",
        "by dd, IisA4F7Mu/RwGfBZelcsFzMlJ4+twnO5Z7eoTzD0T6c="
    })
    void aGuidesKeyOpensARealPool(String source, String key) {
        Path directory = NodeFiles.directory("guide " + source);
        SerfProcess serf = new SerfProcess(
                Peers.program("serf"), "serf-0", Site.ipv4(Site.SERF_PORT), directory, Optional.of(key));
        AgentProcess sotto =
                new AgentProcess("sotto-0", Site.ipv4(Site.SERF_PORT), directory, "serf", Optional.empty());
        List<String> flags = new ArrayList<>(List.of("-join", serf.site().address()));
        if (source.contains(".")) {
            // What the guide says about its own machine gives way to flags; the rest of its file stays as printed.
            Path guide = Path.of("src", "test", "resources", "guides", source);
            flags.addAll(List.of("-config-file", guide.toString(), "-hcl", "server = false"));
            flags.addAll(List.of(
                    "-node",
                    sotto.name(),
                    "-data-dir",
                    directory.resolve("data").toString()));
        } else {
            flags.addAll(List.of("-encrypt", key));
        }
        try (serf;
                sotto) {
            serf.start(List.of());
            sotto.launch(flags)
                    .awaitReady(
                            BOUND,
                            () -> assertThat(sotto.members())
                                    .hasSize(2)
                                    .containsExactlyInAnyOrderElementsOf(serf.members()));
        }
    }
}
