package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A sotto client agent calls the three servers of a real datacenter, and a real client agent calls a sotto server.
 *
 * <p>What {@code sotto rpc call} answers is held against what the real client says over HTTP: each field that it has must be
 * there with the same value. Over HTTP some empty fields are left out, and empty lists are lists where the wire has nil.
 */
@NeedsPeer("consul")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsulRpcIT {
    /** An election, and a round of anti-entropy of every agent. */
    private static final Duration SETTLING = Duration.ofSeconds(90);

    private static final Duration POLL = Duration.ofMillis(500);

    private final List<AutoCloseable> open = new ArrayList<>();
    private Optional<ConsulDatacenter> datacenter = Optional.empty();
    private Optional<AgentProcess> sottoClient = Optional.empty();
    private Optional<ConsulProcess> realClient = Optional.empty();
    private Optional<AgentProcess> sottoServer = Optional.empty();
    private Optional<ConsulProcess> itsClient = Optional.empty();

    @BeforeAll
    void form() {
        ConsulDatacenter real = ConsulDatacenter.start("rpc", Optional.empty());
        open.add(real);
        datacenter = Optional.of(real);
        realClient = Optional.of(real.client("client-1"));
        sottoClient = Optional.of(real.sotto("sotto-1"));

        Pool pool = new Pool("sotto server");
        open.add(pool);
        AgentProcess server = new AgentProcess(
                        "sotto-server",
                        Site.ipv4(Site.CONSUL_PORT),
                        NodeFiles.directory("sotto server"),
                        "consul-client",
                        Optional.empty())
                .with("server", true);
        pool.start(server, List.of());
        ConsulProcess client = new ConsulProcess(
                "client-2",
                Site.ipv4(Site.CONSUL_PORT),
                NodeFiles.directory("client of sotto"),
                ConsulProcess.Role.CLIENT,
                Optional.empty());
        pool.start(client);
        sottoServer = Optional.of(server);
        itsClient = Optional.of(client);
    }

    @AfterAll
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private AgentProcess sotto() {
        return sottoClient.orElseThrow();
    }

    private HttpApi real() {
        return realClient.orElseThrow().api();
    }

    private JsonNode call(String method, String request) {
        Command call = sotto().rpc(method, request);
        assertThat(call.exit()).as("%s: %s", method, call.err()).isZero();
        return NodeFiles.parse(call.out());
    }

    @Test
    @Order(1)
    void itsNodeIsInTheCatalogAsThatOfARealClient() {
        await("the catalog has sotto's own registration", () -> {
            JsonNode node = datacenter
                    .orElseThrow()
                    .server()
                    .api()
                    .get("/v1/catalog/node/" + sotto().name())
                    .path("Node");
            assertThat(node.path("Address").asText()).isEqualTo(sotto().site().ip());
            assertThat(node.path("Meta").path("consul-network-segment").isTextual())
                    .isTrue();
            assertThat(node.path("TaggedAddresses").size()).isEqualTo(4);
        });
        await(
                "the servers know where it is",
                () -> assertThat(real().ask("/v1/coordinate/node/" + sotto().name())
                                .statusCode())
                        .isEqualTo(200));
    }

    @Test
    @Order(2)
    void readsAndWritesKeysAndTheCatalog() {
        String value = Base64.getEncoder().encodeToString("of sotto".getBytes(StandardCharsets.UTF_8));
        call(
                "KVS.Apply",
                "{\"Op\": \"set\", \"DirEnt\": {\"Key\": \"a/b\", \"Value\": \"" + value + "\", \"Flags\": 7}}");
        JsonNode entry = real().get("/v1/kv/a/b").path(0);
        assertThat(entry.path("Value").asText()).isEqualTo(value);
        assertThat(entry.path("Flags").asLong()).isEqualTo(7);
        assertThat(call(
                                "KVS.Apply",
                                "{\"Op\": \"cas\", \"DirEnt\": {\"Key\": \"a/b\", \"Value\": \"" + value
                                        + "\", \"ModifyIndex\": 1}}")
                        .asBoolean())
                .isFalse();

        call(
                "Catalog.Register",
                "{\"Node\": \"elsewhere\", \"Address\": \"127.0.0.9\", \"Service\": {\"ID\": \"web-1\", \"Service\": \"web\","
                        + " \"Port\": 80, \"Tags\": [\"a\"]}}");
        assertThat(real().get("/v1/catalog/service/web").path(0).path("Node").asText())
                .isEqualTo("elsewhere");
        String session = call(
                        "Session.Apply",
                        "{\"Op\": \"create\", \"Session\": {\"Name\": \"s\", \"Node\": \"client-1\", \"TTL\": \"60s\","
                                + " \"Behavior\": \"release\", \"Checks\": [\"serfHealth\"]}}")
                .asText();
        assertThat(real().get("/v1/session/info/" + session)
                        .path(0)
                        .path("Name")
                        .asText())
                .isEqualTo("s");
        call("Catalog.Deregister", "{\"Node\": \"elsewhere\"}");
        assertThat(real().get("/v1/catalog/service/web").size()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @Order(3)
    @CsvSource(
            delimiter = '|',
            value = {
                "Status.Leader||{}|/v1/status/leader",
                "Status.Peers||{}|/v1/status/peers",
                "Catalog.ListDatacenters||{}|/v1/catalog/datacenters",
                "Catalog.ListNodes|Nodes|{}|/v1/catalog/nodes",
                "Catalog.ListServices|Services|{}|/v1/catalog/services",
                "Catalog.ServiceNodes|ServiceNodes|{\"ServiceName\": \"consul\"}|/v1/catalog/service/consul",
                "Catalog.NodeServices|NodeServices|{\"Node\": \"server-1\"}|/v1/catalog/node/server-1",
                "Catalog.NodeServiceList|NodeServices|{\"Node\": \"server-1\"}|/v1/catalog/node-services/server-1",
                "Health.ServiceNodes|Nodes|{\"ServiceName\": \"consul\"}|/v1/health/service/consul",
                "Health.NodeChecks|HealthChecks|{\"Node\": \"sotto-1\"}|/v1/health/node/sotto-1",
                "Health.ServiceChecks|HealthChecks|{\"ServiceName\": \"consul\"}|/v1/health/checks/consul",
                "Health.ChecksInState|HealthChecks|{\"State\": \"any\"}|/v1/health/state/any",
                "KVS.Get|Entries|{\"Key\": \"a/b\"}|/v1/kv/a/b",
                "KVS.List|Entries|{\"Key\": \"a/\"}|/v1/kv/a/?recurse",
                "KVS.ListKeys|Keys|{\"Prefix\": \"a/\"}|/v1/kv/a/?keys",
                "Session.List|Sessions|{}|/v1/session/list",
                "Session.NodeSessions|Sessions|{\"Node\": \"client-1\"}|/v1/session/node/client-1",
                "Coordinate.ListNodes|Coordinates|{}|/v1/coordinate/nodes",
                "Coordinate.Node|Coordinates|{\"Node\": \"server-1\"}|/v1/coordinate/node/server-1",
                "Coordinate.ListDatacenters||{}|/v1/coordinate/datacenters",
                "Internal.NodeDump|Dump|{}|/v1/internal/ui/nodes",
                "Internal.NodeInfo|Dump|{\"Node\": \"sotto-1\"}|/v1/internal/ui/node/sotto-1",
                "Operator.RaftGetConfiguration||{}|/v1/operator/raft/configuration"
            })
    void answersOfServersAreWhatARealClientGets(String method, String field, String request, String path) {
        await(method, () -> {
            JsonNode whole = call(method, request);
            JsonNode answer = field == null ? whole : whole.path(field);
            JsonNode wanted = real().get(path);
            if (method.equals("Internal.NodeInfo")) {
                answer = answer.path(0);
            }
            assertThat(difference(wanted, answer, method))
                    .as("%s%n%s", wanted, answer)
                    .isEmpty();
        });
    }

    @Test
    @Order(3)
    void whatIsAskedByIdOrHasNoPathOverHttpIsAnsweredToo() {
        assertThat(call("Status.Ping", "{}").isObject()).isTrue();
        assertThat(call("Status.RaftStats", "{}").path("LastTerm").asLong()).isPositive();
        String session =
                call("Session.List", "{}").path("Sessions").path(0).path("ID").asText();
        String asked = "{\"Session\": \"" + session + "\", \"SessionID\": \"" + session + "\"}";
        JsonNode wanted = real().get("/v1/session/info/" + session);
        assertThat(difference(wanted, call("Session.Get", asked).path("Sessions"), "Session.Get"))
                .isEmpty();
        JsonNode renewed =
                NodeFiles.parse(real().put("/v1/session/renew/" + session).body());
        assertThat(difference(renewed, call("Session.Renew", asked).path("Sessions"), "Session.Renew"))
                .isEmpty();
        JsonNode health = call("Operator.ServerHealth", "{}");
        JsonNode shown = real().get("/v1/operator/autopilot/health");
        assertThat(difference(withoutClocks(shown), health, "Operator.ServerHealth"))
                .as("%s%n%s", shown, health)
                .isEmpty();
        assertThat(shown.findValuesAsText("SerfStatus")).containsOnly("alive");
        assertThat(health.findValues("SerfStatus")).as("alive, as Serf counts").allMatch(status -> status.asInt() == 1);
        assertThat(sotto().rpc("ConnectCA.Roots", "{}").err())
                .contains("rpc error making call: ", "Connect must be enabled in order to use this endpoint");
        assertThat(sotto().rpc("Catalog.ListNodes", "{\"Datacenter\": \"dc9\"}").err())
                .contains("500 (rpc error making call: ", "No path to datacenter)");
    }

    @Test
    @Order(3)
    void theStatusOverHttpIsTheRealOne() {
        for (String path : List.of("/v1/status/leader", "/v1/status/peers")) {
            assertThat(difference(real().get(path), sotto().api().get(path), path))
                    .isEmpty();
        }
    }

    @Test
    @Order(4)
    void aRealClientOfASottoServerGetsWhatTheServerKnows() {
        ConsulProcess client = itsClient.orElseThrow();
        HttpApi api = client.api();
        AgentProcess server = sottoServer.orElseThrow();
        await(
                "the client has found the server",
                () -> assertThat(api.ask("/v1/status/leader").body()).isEqualTo("\"\""));
        assertThat(api.get("/v1/status/peers").size()).isZero();
        assertThat(api.get("/v1/catalog/datacenters")).containsExactly(TextNode.valueOf("dc1"));
        JsonNode nodes = api.get("/v1/catalog/nodes");
        assertThat(nodes.findValuesAsText("Node")).containsExactlyInAnyOrder("client-2", "sotto-server");
        assertThat(nodes.findValuesAsText("Address"))
                .containsExactlyInAnyOrder(client.site().ip(), server.site().ip());
        assertThat(api.get("/v1/internal/ui/nodes").findValuesAsText("Status")).containsExactly("passing", "passing");
        assertThat(api.get("/v1/internal/ui/node/client-2").path("Node").asText())
                .isEqualTo("client-2");
        assertThat(api.get("/v1/coordinate/datacenters")
                        .path(0)
                        .path("Datacenter")
                        .asText())
                .isEqualTo("dc1");
        assertThat(api.ask("/v1/coordinate/nodes").statusCode()).isEqualTo(200);
        assertThat(client.says("catalog", "datacenters").strip()).isEqualTo("dc1");
        assertThat(client.says("catalog", "nodes")).contains("client-2", "sotto-server");
        assertThat(client.says("members")).contains("sotto-server", "server");
    }

    @Test
    @Order(4)
    void anEventOfARealClientReachesTheSottoServer() {
        HttpResponse<String> fired = itsClient.orElseThrow().api().put("/v1/event/fire/deploy");
        assertThat(fired.statusCode()).as(fired.body()).isEqualTo(200);
        await(
                "the event has arrived",
                () -> assertThat(sottoServer
                                .orElseThrow()
                                .api()
                                .get("/v1/event/list")
                                .findValuesAsText("Name"))
                        .contains("deploy"));
    }

    @Test
    @Order(4)
    void aQueryOfARealClientWaitsForAChange() {
        HttpApi api = itsClient.orElseThrow().api();
        String index = api.ask("/v1/catalog/nodes")
                .headers()
                .firstValue("X-Consul-Index")
                .orElseThrow();
        long before = System.nanoTime();
        HttpResponse<String> waited = api.ask("/v1/catalog/nodes?wait=2s&index=" + index);
        assertThat(waited.statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    @Order(4)
    void whatNeedsAQuorumHasNoLeader() {
        HttpResponse<String> read = itsClient.orElseThrow().api().ask("/v1/kv/x");
        assertThat(read.statusCode()).isEqualTo(500);
        assertThat(read.body()).isEqualTo("rpc error making call: No cluster leader");
    }

    @Test
    @Order(5)
    void nobodyComplainsOfTheProtocol() {
        Stream.of(itsClient.orElseThrow(), realClient.orElseThrow())
                .forEach(agent -> assertThat(agent.log().lines())
                        .as(agent.name())
                        .noneMatch(line -> line.matches(".*(yamux|codec|can't find|msgpack|unrecognized|decod).*")));
        datacenter
                .orElseThrow()
                .servers()
                .forEach(server -> assertThat(server.log().lines())
                        .as(server.name())
                        .noneMatch(line -> line.matches(".*(yamux|codec|can't find|msgpack|unrecognized|RPC error).*"
                                + sotto().site().ip() + ".*")));
    }

    @Test
    @Order(6)
    void aSottoServerLeavesAPoolThatHasRealServersAndSaysWhy() {
        AgentProcess rival = datacenter.orElseThrow().newSotto("rival").with("server", true);
        open.add(rival);
        List<String> flags = new ArrayList<>();
        datacenter.orElseThrow().seeds().forEach(seed -> flags.addAll(List.of("-retry-join", seed)));
        rival.launch(flags).awaitExit();
        assertThat(rival.log())
                .containsPattern("Member \"server-\\d\" is a real Consul server, beside which this one must not be");
        await(
                "the servers know that it left",
                () -> assertThat(datacenter.orElseThrow().server().members())
                        .anyMatch(member ->
                                member.name().equals("rival") && member.status().equals("left")));
    }

    /** The first field that {@code wanted} has and {@code found} has not, or otherwise; empty if there is none. */
    private static Optional<String> difference(JsonNode wanted, JsonNode found, String path) {
        if (isEmpty(wanted)) {
            return isEmpty(found) ? Optional.empty() : Optional.of(path + " is " + found + ", not " + wanted);
        }
        if (wanted.isObject()) {
            List<String> names = new ArrayList<>();
            wanted.fieldNames().forEachRemaining(names::add);
            return names.stream()
                    .flatMap(name -> difference(wanted.path(name), found.path(name), path + "." + name).stream())
                    .findFirst();
        }
        if (wanted.isArray()) {
            if (wanted.size() != found.size()) {
                return Optional.of(path + " has " + found.size() + " elements");
            }
            for (JsonNode element : wanted) {
                boolean isThere = false;
                for (JsonNode other : found) {
                    isThere |= difference(element, other, path).isEmpty();
                }
                if (!isThere) {
                    return Optional.of(path + " lacks " + element);
                }
            }
            return Optional.empty();
        }
        boolean isEqual = (wanted.isNumber() && found.isNumber())
                ? wanted.doubleValue() == found.doubleValue()
                : wanted.equals(found);
        return isEqual ? Optional.empty() : Optional.of(path + " is " + found + ", not " + wanted);
    }

    /** What changes from one moment to the next, or is written otherwise over HTTP. */
    private static JsonNode withoutClocks(JsonNode health) {
        JsonNode copy = health.deepCopy();
        for (JsonNode server : copy.path("Servers")) {
            ((ObjectNode) server).remove(List.of("LastContact", "LastIndex", "StableSince", "SerfStatus"));
        }
        return copy;
    }

    private static boolean isEmpty(JsonNode node) {
        return node.isMissingNode()
                || node.isNull()
                || (node.isArray() && node.isEmpty())
                || (node.isObject() && allEmpty(node))
                || (node.isTextual() && node.asText().isEmpty())
                || (node.isNumber() && node.doubleValue() == 0)
                || (node.isBoolean() && !node.booleanValue());
    }

    private static boolean allEmpty(JsonNode object) {
        for (JsonNode value : object) {
            if (!isEmpty(value)) {
                return false;
            }
        }
        return true;
    }

    private static void await(String step, ThrowingRunnable check) {
        Awaitility.await(step)
                .atMost(SETTLING)
                .pollInterval(POLL)
                .ignoreExceptions()
                .untilAsserted(check);
    }
}
