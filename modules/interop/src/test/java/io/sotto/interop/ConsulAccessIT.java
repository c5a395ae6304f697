package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A real datacenter that denies by default, with a real client agent and a sotto one: what servers guard both pass on alike, with the
 * token that came; what an agent guards itself sotto guards by tokens of its own, one of which is a token of the datacenter's too.
 */
@NeedsPeer("consul")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsulAccessIT {
    private static final Duration SETTLING = Duration.ofSeconds(30);
    private static final String MASTER = UUID.randomUUID().toString();
    private static final String AGENT = UUID.randomUUID().toString();
    private static final String APP = UUID.randomUUID().toString();
    private static final String NOBODYS = UUID.randomUUID().toString();

    private final Path directory = NodeFiles.directory("consul access");
    private final Optional<String> key = Optional.of(Keys.random(32));
    private final ConsulProcess server = new ConsulProcess(
                    "server-1", Site.ipv4(Site.CONSUL_PORT), directory, ConsulProcess.Role.SERVER, key)
            .with("bootstrap_expect", 1)
            .with("performance", Map.of("raft_multiplier", 1))
            .with("disable_remote_exec", false)
            .with(
                    "acl",
                    Map.of(
                            "enabled",
                            true,
                            "default_policy",
                            "deny",
                            "tokens",
                            Map.of("master", MASTER, "agent", MASTER)));
    private final ConsulProcess client = new ConsulProcess(
                    "client-1", Site.ipv4(Site.CONSUL_PORT), directory, ConsulProcess.Role.CLIENT, key)
            .with("acl", Map.of("enabled", true, "tokens", Map.of("agent", AGENT)));
    private final AgentProcess sotto = new AgentProcess(
                    "sotto-1", Site.ipv4(Site.CONSUL_PORT), directory.resolve("sotto"), "consul-client", key)
            .with("disable_remote_exec", false)
            .with("acl", Map.of("enabled", true, "tokens", Map.of("agent", AGENT, "master", MASTER)));

    @BeforeAll
    void form() {
        // Whoever may not list members sees none, so none of them is waited for in the usual way.
        server.launch(List.of());
        await(
                "a leader",
                () -> assertThat(put(server, "/v1/kv/app/a", MASTER, "first").body())
                        .isEqualTo("true"));
        assertThat(put(server, "/v1/kv/other", MASTER, "second").body()).isEqualTo("true");
        token(AGENT, "node_prefix '' { policy = 'write' } key_prefix '_rexec/' { policy = 'write' }");
        token(APP, "key_prefix 'app/' { policy = 'write' } node_prefix 'server' { policy = 'read' }");
        client.launch(List.of(server.site().address()));
        sotto.launch(List.of("-retry-join", server.site().address()));
        for (PoolNode agent : List.of(client, sotto)) {
            await(
                    "the servers know " + agent.name() + " by its own registration",
                    () -> assertThat(get(server, "/v1/catalog/node/" + agent.name(), MASTER)
                                    .body())
                            .contains("\"lan_ipv4\""));
        }
    }

    @AfterAll
    void close() {
        List.of(sotto, client, server).forEach(PoolNode::close);
    }

    /** A token with these rules. */
    private void token(String secret, String rules) {
        String policy = "{\"Name\": \"%s\", \"Rules\": \"%s\"}".formatted(secret, rules.replace("'", "\\\""));
        String token = "{\"SecretID\": \"%s\", \"Policies\": [{\"Name\": \"%s\"}]}".formatted(secret, secret);
        assertThat(put(server, "/v1/acl/policy", MASTER, policy).statusCode()).isEqualTo(200);
        assertThat(put(server, "/v1/acl/token", MASTER, token).statusCode()).isEqualTo(200);
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                        "GET /v1/kv/app/a",
                        "GET /v1/kv/other",
                        "GET /v1/kv/app/none",
                        "GET /v1/kv/?recurse",
                        "GET /v1/kv/?keys",
                        "PUT /v1/kv/app/b",
                        "PUT /v1/kv/other",
                        "DELETE /v1/kv/app/b",
                        "DELETE /v1/kv/?recurse",
                        "GET /v1/catalog/datacenters",
                        "GET /v1/catalog/nodes",
                        "GET /v1/catalog/services",
                        "GET /v1/catalog/node/server-1",
                        "GET /v1/health/node/sotto-1",
                        "GET /v1/health/state/any",
                        "GET /v1/session/list",
                        "PUT /v1/session/renew/6b51d2c4-6a3c-4b22-8c8e-2a6ec2fbb1ac",
                        "GET /v1/coordinate/nodes",
                        "GET /v1/status/leader")
                .flatMap(request -> Stream.of("nobody", "nobody's", "app").map(who -> Arguments.of(request, who)));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void whatServersGuardIsAnsweredAsByARealClientAgent(String request, String who) {
        String token = who.equals("app") ? APP : who.equals("nobody") ? "" : NOBODYS;
        String[] words = request.split(" ", 2);
        HttpResponse<String> real =
                client.api().ask(words[0], with(words[1], token), words[0].equals("PUT") ? "v" : "");
        HttpResponse<String> ours = sotto.api().ask(words[0], with(words[1], token), words[0].equals("PUT") ? "v" : "");

        assertThat(ours.statusCode()).as(real.body()).isEqualTo(real.statusCode());
        assertThat(ours.body()).isEqualTo(real.body());
        assertThat(ours.headers().firstValue("content-type"))
                .isEqualTo(real.headers().firstValue("content-type"));
    }

    @Test
    void theRulesOfATokenAreKeptThroughSotto() {
        assertThat(get(sotto, "/v1/kv/app/a?raw", APP).body()).isEqualTo("first");
        assertThat(get(sotto, "/v1/kv/other", APP).statusCode()).isEqualTo(403);
        assertThat(get(sotto, "/v1/kv/other?raw", MASTER).body()).isEqualTo("second");
        assertThat(get(sotto, "/v1/catalog/nodes", "").body()).isEqualTo("[]");
    }

    @Test
    void noRoundOfItsOwnIsRefused() {
        assertThat(sotto.log()).contains("Synced node info").doesNotContain("failed to sync", "failed to update");
    }

    @Test
    void eventsNeedATokenOfTheAgentThatFiresThemAndReachBoth() {
        assertThat(put(sotto, "/v1/event/fire/deploy", "", "x").statusCode()).isEqualTo(403);
        assertThat(put(sotto, "/v1/event/fire/deploy", NOBODYS, "x").body()).isEqualTo("ACL not found");
        assertThat(put(sotto, "/v1/event/fire/deploy", MASTER, "x").statusCode())
                .isEqualTo(200);
        assertThat(put(server, "/v1/event/fire/restart", MASTER, "y").statusCode())
                .isEqualTo(200);
        for (ConfiguredNode<?> agent : List.of(server, sotto)) {
            await(
                    agent.name() + " heard both",
                    () -> assertThat(get(agent, "/v1/event/list", MASTER).body())
                            .contains("\"Name\":\"deploy\"", "\"Name\":\"restart\""));
        }
        assertThat(get(sotto, "/v1/event/list", "").body()).isEqualTo("[]");
    }

    @Test
    void keysAreListedForWhoMayReadThem() {
        assertThat(get(sotto, "/v1/operator/keyring", "").body()).isEqualTo("Reading keyring denied by ACLs");
        assertThat(get(sotto, "/v1/operator/keyring", MASTER).body())
                .contains("\"" + key.orElseThrow() + "\":3", "\"NumNodes\":3");
    }

    @Test
    void commandsRunByTokenOnAgentsOfBothKinds() {
        Command ran = Command.run(List.of(
                Peers.program("consul").toString(),
                "exec",
                "-http-addr=http://" + sotto.api().address(),
                "-token=" + MASTER,
                "-wait=1200ms",
                "-wait-repl=200ms",
                "echo run"));
        assertThat(ran.out().lines())
                .as("%s %s", ran.err(), sotto.log())
                .contains("    server-1: run", "    sotto-1: run", "2 / 2 node(s) completed / acknowledged");
        Command denied = Command.run(SottoProgram.verb(
                "exec", "-http-addr", sotto.api().address(), "-token", APP, "-wait", "300ms", "echo run"));
        assertThat(denied.err()).contains("403 (ACL not found)");
        assertThat(denied.exit()).isEqualTo(1);
    }

    /** Where the page on differences says that an agent without a default policy denies here and allows there. */
    @Test
    void withoutADefaultPolicyARealAgentAllowsAndSottoDenies() {
        assertThat(get(client, "/v1/agent/self", MASTER).body()).contains("\"ACLDefaultPolicy\":\"allow\"");
        assertThat(get(sotto, "/v1/agent/self", MASTER).body()).contains("\"ACLDefaultPolicy\":\"deny\"");
    }

    private static String with(String path, String token) {
        return token.isEmpty() ? path : path + (path.contains("?") ? "&" : "?") + "token=" + token;
    }

    private static HttpResponse<String> get(ConfiguredNode<?> agent, String path, String token) {
        return agent.api().ask(with(path, token));
    }

    private static HttpResponse<String> put(ConfiguredNode<?> agent, String path, String token, String body) {
        return agent.api().put(with(path, token), body);
    }

    private static void await(String what, ThrowingRunnable until) {
        Awaitility.await(what)
                .atMost(SETTLING)
                .pollInterval(Duration.ofMillis(150))
                .ignoreExceptions()
                .untilAsserted(until);
    }
}
