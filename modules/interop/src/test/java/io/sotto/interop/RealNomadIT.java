package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;

/**
 * An agent in the pool of a real Nomad server, which {@code SOTTO_NOMAD} names, since no archive that the peers are fetched
 * from has it: it is seen, is no one's peer, and keys are changed from either side.
 */
@NeedsPeer("nomad")
class RealNomadIT {
    private static final String OLD = "4kRkFQfcc3LU0BazP1ca+w==";
    private static final String NEW = "4YwLQm6ZMwYgfldNBT5P76tAWMdcBmu+FPYRvCxvsHc=";
    private static final String LAST = "WJSRg2Z9Zx5IfeYzgBXQWcmCsVhqGjJEpMhRQdhFcZg=";
    private static final int HTTP = 4646;
    private static final int SERF = 4648;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory = NodeFiles.directory("real nomad");
    private final String ip = Site.ipv4(SERF).ip();

    private NodeProcess server() {
        Path file = NodeFiles.write(
                directory.resolve("server.hcl"), String.format("""
                        name = "n1"
                        data_dir = "%1$s"
                        bind_addr = "%2$s"
                        disable_update_check = true
                        advertise {
                          http = "%2$s"
                          rpc  = "%2$s"
                          serf = "%2$s"
                        }
                        server {
                          enabled          = true
                          bootstrap_expect = 1
                          encrypt          = "%3$s"
                        }
                        """, directory.resolve("real"), ip, OLD));
        return NodeProcess.start(
                "n1",
                directory.resolve("n1.log"),
                List.of(Peers.program("nomad").toString(), "agent", "-config=" + file));
    }

    private Command nomad(String... words) {
        List<String> all = new ArrayList<>(List.of("env", "NOMAD_ADDR=http://" + ip + ":" + HTTP));
        all.add(Peers.program("nomad").toString());
        all.addAll(List.of(words));
        return Command.run(all);
    }

    private static Command ours(AgentProcess through, String verb, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("-address", "http://" + through.api().address()));
        return Command.run(SottoProgram.verb(verb, all.toArray(String[]::new)));
    }

    private static void await(String what, ThrowingRunnable check) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(check);
    }

    @Test
    void anObserverIsSeenIsNobodysPeerAndKeysAreChangedFromEitherSide() {
        NodeProcess real = server();
        AgentProcess sotto = new AgentProcess("watcher", Site.ipv4(SERF), directory, "nomad", Optional.of(OLD));
        try {
            await(
                    "the server leads",
                    () -> assertThat(nomad("server", "members").out()).containsPattern("n1\\.global .* alive +true "));
            sotto.start(List.of(ip + ":" + SERF));
            await("each sees the other, and the real tool finds every leader", () -> {
                Command listed = nomad("server", "members");
                assertThat(listed.out()).containsPattern("watcher\\.sotto .* alive +true .* sotto");
                assertThat(listed.exit()).as(listed.err()).isZero();
                assertThat(ours(sotto, "server", "members").out()).containsPattern("n1\\.global .* alive ");
            });
            assertThat(nomad("operator", "raft", "list-peers").out())
                    .contains("n1.global")
                    .doesNotContain("watcher");
            for (String action : List.of("install", "use")) {
                assertThat(ours(sotto, "operator", "gossip", "keyring", action, NEW)
                                .exit())
                        .isZero();
            }
            assertThat(nomad("operator", "keyring", "-remove", OLD).exit()).isZero();
            assertThat(nomad("operator", "keyring", "-list").out())
                    .contains(NEW)
                    .doesNotContain(OLD);
            assertThat(ours(sotto, "operator", "keyring", "-list").out())
                    .contains(NEW)
                    .doesNotContain(OLD);

            for (String action : List.of("-install", "-use")) {
                assertThat(nomad("operator", "keyring", action, LAST).exit()).isZero();
            }
            assertThat(ours(sotto, "operator", "gossip", "keyring", "remove", NEW)
                            .exit())
                    .isZero();
            assertThat(nomad("operator", "keyring", "-list").out())
                    .contains(LAST)
                    .doesNotContain(NEW);
            assertThat(nomad("server", "members").out()).containsPattern("watcher\\.sotto .* alive ");
        } finally {
            sotto.close();
            real.kill();
        }
    }
}
