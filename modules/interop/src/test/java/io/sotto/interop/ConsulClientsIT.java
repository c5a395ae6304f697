package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs that were made for Consul, against a sotto client agent of a real server: Consul's own command line, and the Python
 * client of Debian.
 */
@NeedsPeer("consul")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsulClientsIT {
    /** An election, the leader's reconciliation, and a server's next batch of coordinates. */
    private static final Duration SETTLING = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(250);

    private final Path directory = NodeFiles.directory("consul clients");
    private final String key = Keys.random(32);
    private final Pool pool = new Pool("clients");
    private final ConsulProcess server = new ConsulProcess(
                    "server-1", Site.ipv4(Site.CONSUL_PORT), directory, ConsulProcess.Role.SERVER, Optional.of(key))
            .with("bootstrap_expect", 1)
            .with("performance", Map.of("raft_multiplier", 1))
            .with("limits", Map.of("kv_max_value_size", 1024 * 1024));
    private final AgentProcess sotto = new AgentProcess(
            "sotto-1", Site.ipv4(Site.CONSUL_PORT), directory.resolve("sotto"), "consul-client", Optional.of(key));

    @BeforeAll
    void form() {
        pool.start(server, List.of());
        pool.start(sotto);
        await("the catalog has sotto's own registration", () -> {
            assertThat(sotto.api().ask("/v1/catalog/node/sotto-1").body()).contains("\"lan_ipv4\"");
        });
        // Agents tell theirs every 15 to 30 s; servers take them in after 5.
        for (String node : List.of("server-1", "sotto-1")) {
            String far = node.equals("sotto-1") ? "0.05" : "0";
            String coordinate =
                    "{\"Node\": \"" + node + "\", \"Segment\": \"\", \"Coord\": {\"Vec\": [0, 0, 0, 0, 0, 0, 0, " + far
                            + "], \"Error\": 0.1, \"Adjustment\": 0, \"Height\": 0.001}}";
            assertThat(sotto.api().put("/v1/coordinate/update", coordinate).statusCode())
                    .isEqualTo(200);
        }
    }

    @AfterAll
    void close() {
        pool.close();
    }

    /** The real {@code consul} with these words, told to ask the sotto agent. */
    private Command consul(String... words) {
        List<String> all = new ArrayList<>(List.of(Peers.program("consul").toString()));
        all.addAll(List.of(words));
        // Flags end at the first word that is none.
        int verb = List.of("kv", "catalog", "session").contains(words[0]) ? 3 : 2;
        all.add(verb, "-http-addr=http://" + sotto.api().address());
        return Command.run(all);
    }

    private String says(String... words) {
        Command command = consul(words);
        assertThat(command.exit())
                .as("%s: %s%s", List.of(words), command.out(), command.err())
                .isZero();
        return command.out();
    }

    @Test
    @Order(1)
    void consulKvReadsAndWrites() {
        assertThat(says("kv", "put", "cli/a", "first")).contains("Success! Data written to: cli/a");
        says("kv", "put", "-flags=42", "cli/b/c", "second");
        assertThat(says("kv", "get", "cli/a")).isEqualTo("first\n");
        assertThat(says("kv", "get", "-detailed", "cli/b/c")).contains("Flags            42");
        assertThat(says("kv", "get", "-recurse", "cli/")).isEqualTo("cli/a:first\ncli/b/c:second\n");
        assertThat(says("kv", "get", "-keys", "cli/")).isEqualTo("cli/a\ncli/b/\n");
        assertThat(consul("kv", "put", "-cas", "-modify-index=1", "cli/a", "x").err())
                .contains("Error! Did not write to cli/a: CAS failed");
        assertThat(says("kv", "export", "cli/")).contains("\"key\": \"cli/b/c\"");
        assertThat(says("kv", "delete", "-recurse", "cli/")).contains("Success! Deleted keys with prefix: cli/");
        assertThat(consul("kv", "get", "cli/a").exit()).isEqualTo(1);
    }

    @Test
    @Order(1)
    void consulCatalogListsWhatThereIs() {
        assertThat(says("catalog", "datacenters")).isEqualTo("dc1\n");
        assertThat(says("catalog", "services")).isEqualTo("consul\n");
        assertThat(says("catalog", "nodes"))
                .contains("server-1", "sotto-1", sotto.site().ip());
        assertThat(says("catalog", "nodes", "-service=consul"))
                .contains("server-1")
                .doesNotContain("sotto-1");
    }

    @Test
    @Order(1)
    void consulTellsOfTheAgentAndItsPool() {
        assertThat(says("members").lines().filter(line -> line.contains(" alive ")))
                .hasSize(2);
        assertThat(says("members", "-detailed")).contains("role=consul", "role=node");
        assertThat(says("info")).contains("agent:\n", "serf_lan:\n", "encrypted = true", "known_servers = 1");
        assertThat(says("join", server.site().ip())).contains("Successfully joined cluster by contacting 1 nodes.");
        assertThat(says("reload")).contains("Configuration reload triggered");
        assertThat(says("event", "-name=deploy", "payload")).startsWith("Event ID: ");
        Command unknown = consul("force-leave", "nobody");
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.err()).contains("agent: No node found with name 'nobody'");
    }

    @Test
    @Order(1)
    void consulRttMeasuresByTheServersCoordinates() {
        await(
                "the servers took the coordinates in",
                () -> assertThat(says("rtt", "sotto-1", "server-1"))
                        .contains("Estimated sotto-1 <-> server-1 rtt: 5")
                        .contains("using LAN coordinates"));
    }

    @Test
    @Order(1)
    void consulKeyringChangesTheKeyOfThePool() {
        String second = Keys.random(16);
        assertThat(says("keyring", "-list")).contains(key + " [2/2]");
        says("keyring", "-install=" + second);
        says("keyring", "-use=" + second);
        says("keyring", "-remove=" + key);
        assertThat(says("keyring", "-list")).contains(second + " [2/2]").doesNotContain(key);
        assertThat(says("keyring", "-list-primary")).contains(second + " [2/2]");
        assertThat(consul("keyring", "-remove=" + second).err()).contains("Removing the primary key is not allowed");
    }

    @Test
    @Order(1)
    void consulLockRunsACommandUnderASession() {
        assertThat(says("lock", "cli/lock", "echo held").lines()).contains("held");
        assertThat(sotto.api().ask("/v1/session/list").body()).isEqualTo("[]");
    }

    @Test
    @Order(1)
    void consulMonitorReadsTheLogAlong() throws Exception {
        Process monitor = new ProcessBuilder(
                        Peers.program("consul").toString(),
                        "monitor",
                        "-log-level=debug",
                        "-http-addr=http://" + sotto.api().address())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader lines = monitor.inputReader(StandardCharsets.UTF_8)) {
            CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> first(lines, "agent"));
            assertThat(line.get(30, TimeUnit.SECONDS)).contains("[");
        } finally {
            monitor.destroyForcibly();
        }
    }

    private static String first(BufferedReader lines, String word) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.contains(word)) {
                    return line;
                }
            }
            return "";
        } catch (IOException closed) {
            return "";
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/catalog/nodes",
                "/v1/catalog/nodes?stale",
                "/v1/catalog/nodes?consistent",
                "/v1/catalog/nodes?filter=Node==%22sotto-1%22",
                "/v1/catalog/services",
                "/v1/catalog/service/consul",
                "/v1/catalog/node/server-1",
                "/v1/catalog/node-services/server-1",
                "/v1/catalog/node/nobody",
                "/v1/health/node/sotto-1",
                "/v1/health/service/consul?passing",
                "/v1/health/state/any",
                "/v1/health/checks/consul",
                "/v1/session/list",
                "/v1/session/node/sotto-1",
                "/v1/kv/none",
                "/v1/kv/?keys",
                "/v1/status/leader",
                "/v1/status/peers",
                "/v1/agent/services"
            })
    @Order(2)
    void answersAreThoseOfTheServerItself(String path) {
        HttpResponse<String> ours = sotto.api().ask(path);
        HttpResponse<String> real = server.api().ask(path);

        assertThat(ours.body()).isEqualTo(real.body());
        assertThat(ours.statusCode()).isEqualTo(real.statusCode());
        assertThat(consulHeaders(ours)).isEqualTo(consulHeaders(real));
        assertThat(ours.headers().firstValue("content-type"))
                .isEqualTo(real.headers().firstValue("content-type"));
    }

    private static Map<String, String> consulHeaders(HttpResponse<String> response) {
        return response.headers().map().entrySet().stream()
                .filter(header -> header.getKey().startsWith("x-consul"))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, header -> header.getValue().get(0)));
    }

    @Test
    @Order(3)
    void aValueOfHalfAMegabyteFitsAndALargerOneIsRefused() {
        String largest = "x".repeat(512 * 1024);
        assertThat(sotto.api().put("/v1/kv/large", largest).body()).isEqualTo("true");
        assertThat(sotto.api().ask("/v1/kv/large?raw").body()).isEqualTo(largest);
        assertThat(sotto.api().put("/v1/kv/large", largest + "x").statusCode()).isEqualTo(413);
    }

    @Test
    @Order(4)
    void thePythonClientFindsAnAgentOfConsul() {
        Optional<Path> python = Peers.find("python3-consul");
        org.junit.jupiter.api.Assumptions.assumeTrue(
                python.isPresent(), () -> "no python3-consul: " + Peers.whyMissing("python3-consul"));
        Path script = Path.of("src", "test", "resources", "consul-client.py").toAbsolutePath();
        Command command = Command.run(List.of(
                python.orElseThrow().toString(), script.toString(), sotto.api().address()));
        assertThat(command.exit()).as("%s%s", command.out(), command.err()).isZero();
        assertThat(command.out()).endsWith("done sotto-1\n");
    }

    @Test
    @Order(5)
    void consulLeaveTakesTheAgentOutOfThePool() {
        assertThat(says("leave")).contains("Graceful leave complete");
        assertThat(sotto.process().orElseThrow().awaitExit()).isZero();
        await(
                "the server lists it as left",
                () -> assertThat(server.says("members")).containsPattern("sotto-1 .* left "));
    }

    private static void await(String what, ThrowingRunnable until) {
        Awaitility.await(what).atMost(SETTLING).pollInterval(POLL).untilAsserted(until);
    }
}
