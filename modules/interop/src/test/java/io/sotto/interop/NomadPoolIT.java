package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;

/** Agents that read Nomad's server file as its guide prints it: one pool over two regions, and its keys in Nomad's spelling. */
class NomadPoolIT {
    private static final Path GUIDE =
            Path.of("src", "test", "resources", "guides", "nomad-gossip-encryption-server.hcl");
    private static final String OLD = "+p7iF56z0EWoSIvhpYHWXZrSAAtnjR9l6XHRzHqQKlg=";
    private static final int SERF = 4648;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Path directory = NodeFiles.directory("nomad pool");

    private AgentProcess sotto(String name, String region) {
        return new AgentProcess(name, Site.ipv4(SERF), directory, "nomad", Optional.empty())
                .reading(GUIDE)
                .with("region", region);
    }

    private static Command run(AgentProcess through, String verb, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("-address", "http://" + through.api().address()));
        return Command.run(SottoProgram.verb(verb, all.toArray(String[]::new)));
    }

    private static void await(String what, ThrowingRunnable check) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(check);
    }

    @Test
    void serversOfTwoRegionsFindEachOtherAndChangeTheirKey() {
        try (Pool pool = new Pool("nomad")) {
            AgentProcess first = sotto("n1", "eu");
            AgentProcess second = sotto("n2", "us");
            pool.start(first);
            second.start(List.of(first.site().address()));
            try (second) {
                await("both are there, each the leader of its region", () -> {
                    Command listed = run(first, "server", "members");
                    assertThat(listed.out()).containsPattern("n1\\.eu +\\S+ +4648 +alive +true +2 .* dc1 +eu\n");
                    assertThat(listed.out()).containsPattern("n2\\.us +\\S+ +4648 +alive +true +2 .* dc1 +us\n");
                    assertThat(listed.exit()).as(listed.err()).isZero();
                });
                String key = run(first, "operator", "gossip", "keyring", "list").out();
                assertThat(key).isEqualTo("==> Gathering installed encryption keys...\nKey\n" + OLD + "\n");
                String fresh = Command.output(SottoProgram.verb("operator", "gossip", "keyring", "generate"))
                        .strip();
                for (String action : List.of("install", "use")) {
                    assertThat(run(first, "operator", "gossip", "keyring", action, fresh)
                                    .exit())
                            .isZero();
                }
                assertThat(run(second, "operator", "keyring", "-remove", OLD).exit())
                        .isZero();
                assertThat(run(second, "operator", "keyring", "-list").out())
                        .isEqualTo("Gathering installed encryption keys...\nKey\n" + fresh + "\n");
                assertThat(directory.resolve("n1/data/server/serf.keyring"))
                        .content()
                        .contains(fresh)
                        .doesNotContain(OLD);
                assertThat(Files.exists(directory.resolve("n1/data/serf"))).isFalse();
            }
        }
    }
}
