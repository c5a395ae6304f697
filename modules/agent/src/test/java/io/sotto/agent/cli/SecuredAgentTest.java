package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.config.LoadResult;
import io.sotto.agent.config.SettingsRequest;
import io.sotto.agent.http.AgentControl;
import io.sotto.agent.json.Json;
import io.sotto.agent.runtime.AgentNode;
import io.sotto.agent.runtime.Build;
import io.sotto.cluster.Reloaded;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole agent with HTTPS and tokens, and the verbs that make both and use them. */
final class SecuredAgentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private AgentNode node;

    @BeforeEach
    void start() throws Exception {
        TlsVerbsTest.run(directory, "ca create");
        TlsVerbsTest.run(directory, "cert create", "-server");
        TlsVerbsTest.run(directory, "cert create", "-server");
        install(0);
        Path file = Files.writeString(directory.resolve("agent.hcl"), """
                node_name = "secured"
                data_dir = "%s/data"
                bind_addr = "127.0.0.1"
                ports { http = -1, https = 0, serf_lan = 0 }
                ca_file = "%s/consul-agent-ca.pem"
                cert_file = "%s/cert.pem"
                key_file = "%s/key.pem"
                acl { enabled = true, tokens { initial_management = "the-very-first" } }
                """.replace("%s", directory.toString()));
        Files.createDirectory(directory.resolve("data"));
        node = AgentNode.create(
                loaded(file), UUID.randomUUID().toString(), new Build("0.1.0", "", ""), new NoControl());
        node.listen().toCompletableFuture().join();
    }

    @AfterEach
    void stop() {
        node.stop(Duration.ZERO).toCompletableFuture().join();
    }

    private void install(int number) throws Exception {
        for (String[] each : new String[][] {{"-key.pem", "key.pem"}, {".pem", "cert.pem"}}) {
            Files.copy(
                    directory.resolve("dc1-server-consul-" + number + each[0]),
                    directory.resolve(each[1]),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private LoadResult.Loaded loaded(Path file) {
        PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return (LoadResult.Loaded) AgentVerb.loader(new Console(silent, silent, Map.of()))
                .load(new SettingsRequest(List.of(file.toString()), Optional.empty(), List.of(), Map.of(), false));
    }

    private Shell.Ran sotto(String token, String... words) {
        Map<String, String> environment = new HashMap<>();
        environment.put(
                "SOTTO_HTTP_ADDR", "https://localhost:" + node.https().get(0).getPort());
        environment.put("SOTTO_CACERT", directory.resolve("consul-agent-ca.pem").toString());
        environment.put("SOTTO_HTTP_TOKEN", token);
        return Shell.run(environment, words);
    }

    private String serial() {
        Shell.Ran check = TlsVerbsTest.run(
                directory,
                "cert check",
                "-https",
                "-format=json",
                "-peer",
                "127.0.0.1:" + node.https().get(0).getPort());
        return check.out().replaceAll("(?s).*serial (\\d+).*", "$1");
    }

    @Test
    void tokensAreMadeUsedAndTakenAwayWhileTheAgentRuns() throws Exception {
        String data = directory.resolve("data").toString();
        assertThat(sotto("", "info").err()).contains("403 (Permission denied)");
        assertThat(sotto("the-very-first", "info").code()).isEqualTo(Exit.DONE);

        Shell.Ran made = Shell.run(
                "acl",
                "token",
                "create",
                "-data-dir",
                data,
                "-format=json",
                "-description",
                "reads",
                "-rules",
                "node_prefix \"\" { policy = \"read\" }");
        assertThat(made.err()).isEmpty();
        Json token = Json.parse(made.out());
        String secret = token.get("SecretID").asText();
        String accessor = token.get("AccessorID").asText();
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(sotto(secret, "members").out()).contains("secured"));
        assertThat(sotto(secret, "info").err()).contains("403 (Permission denied)");
        assertThat(sotto("", "members").code()).isEqualTo(Exit.PARTIAL);

        Shell.Ran list = Shell.run("acl", "token", "list", "-data-dir", data);
        assertThat(list.out()).contains(accessor).contains("reads").doesNotContain(secret);
        assertThat(Shell.run("acl", "token", "delete", "-data-dir", data, "-id", accessor))
                .isEqualTo(new Shell.Ran(Exit.DONE, "Token \"" + accessor + "\" deleted successfully\n", ""));
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(sotto(secret, "members").err()).contains("403 (ACL not found)"));
        assertThat(Shell.run("acl", "token", "delete", "-data-dir", data, "-id", accessor)
                        .code())
                .isEqualTo(Exit.FAILED);
    }

    @Test
    void aCertificateThatIsWrittenOverTheOldOneIsShownSoon() throws Exception {
        String before = serial();
        install(1);
        Reloaded reloaded = node.reload(loaded(directory.resolve("agent.hcl")))
                .toCompletableFuture()
                .join();
        assertThat(((Reloaded.Applied) reloaded).changed()).containsExactly("tls: the files were read anew");
        assertThat(serial()).isNotEqualTo(before);
    }

    @Test
    void theVerbsOfTokensSayWhatIsWrong() {
        String data = directory.resolve("data").toString();
        assertThat(Shell.run("acl", "token", "create").err()).startsWith("name the agent's data directory");
        assertThat(Shell.run("acl", "token", "create", "-data-dir", data).err())
                .startsWith("a token takes either -rules or -management");
        assertThat(Shell.run("acl", "token", "create", "-data-dir", data, "-rules", "node = \"read\"")
                        .err())
                .isEqualTo("Error in rules: line 1: node takes a name: node_prefix \"\" { policy = \"read\" }\n");
        assertThat(Shell.run("acl", "token", "create", "-data-dir", data + "/nowhere", "-management")
                        .err())
                .startsWith("Error creating token: ")
                .contains("no such file or directory");
        assertThat(Shell.run("acl", "token", "delete", "-data-dir", data).err()).startsWith("name the token");
        assertThat(Shell.run("acl").err()).startsWith("acl takes token create, token list or token delete");
    }

    @Test
    void aSecretFileIsForItsOwnerOnlyAndTheSecretIsShownNowhereElse() throws Exception {
        Path secret = directory.resolve("operators.token");
        Shell.Ran made = Shell.run(
                "acl",
                "token",
                "create",
                "-data-dir",
                directory.resolve("data").toString(),
                "-management",
                "-secret-file",
                secret.toString());
        assertThat(made.code()).isEqualTo(Exit.DONE);
        String held = Files.readString(secret).strip();
        assertThat(made.out()).startsWith("AccessorID:").doesNotContain(held);
        assertThat(Files.getPosixFilePermissions(secret)).hasSize(2);
    }

    /** Nobody asks it to leave or to reload. */
    private static final class NoControl implements AgentControl {
        @Override
        public CompletionStage<AgentControl.Reloaded> reload() {
            return CompletableFuture.failedFuture(new IllegalStateException("nobody asks"));
        }

        @Override
        public CompletionStage<Done> leave() {
            return CompletableFuture.failedFuture(new IllegalStateException("nobody asks"));
        }
    }
}
