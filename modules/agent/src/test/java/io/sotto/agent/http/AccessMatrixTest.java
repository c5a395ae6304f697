package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.access.Access;
import io.sotto.agent.access.AccessControl;
import io.sotto.agent.access.AccessCounters;
import io.sotto.agent.access.AccessSettings;
import io.sotto.agent.access.Level;
import io.sotto.agent.access.Rights;
import io.sotto.agent.access.Token;
import io.sotto.agent.access.TokenControl;
import io.sotto.agent.access.TokenDesk;
import io.sotto.agent.access.TokenFile;
import io.sotto.agent.access.TokenKeeper;
import io.sotto.agent.events.AgentEvents;
import io.sotto.agent.json.Json;
import io.sotto.cluster.Profile;
import io.sotto.cluster.UserEvent;
import io.sotto.cluster.server.DatacenterKeyrings;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.wire.Octets;
import io.sotto.wire.message.ConsulEvent;
import io.sotto.wire.rpc.consul.Catalog;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.Coordinates;
import io.sotto.wire.rpc.consul.Kvs;
import io.sotto.wire.rpc.consul.Node;
import io.sotto.wire.rpc.consul.QueryMeta;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** An agent's whole table of requests behind real tokens, against the matrix that was taken from a real agent. */
final class AccessMatrixTest {
    private static final Map<String, String> RULES = Map.of(
            "keyring read", "keyring = \"read\"",
            "keyring write", "keyring = \"write\"",
            "operator read", "operator = \"read\"",
            "operator write", "operator = \"write\"",
            "agent read", "agent_prefix \"\" { policy = \"read\" }",
            "agent write", "agent_prefix \"\" { policy = \"write\" }",
            "node read", "node_prefix \"\" { policy = \"read\" }",
            "event write", "event_prefix \"\" { policy = \"write\" }",
            "keys", "key_prefix \"app/\" { policy = \"write\" } key_prefix \"app/x/\" { policy = \"deny\" }",
            "node srv", "node \"srv\" { policy = \"read\" } event \"bar\" { policy = \"read\" }");

    private static final Map<String, String> SECRETS = new HashMap<>(Map.of("bad", "nobodys"));

    private static final ActorTestKit KIT = ActorTestKit.create();

    @TempDir
    private static Path directory;

    private final FakePool pool = new FakePool();
    private final ScriptedServers servers = new ScriptedServers();
    private final ScriptedUpshifts upshifts =
            new ScriptedUpshifts().standing(ScriptedUpshifts.at(UpshiftStage.READY, 2));
    private boolean serversDecide;

    @BeforeAll
    static void makeTokens() throws Exception {
        TokenDesk desk = new TokenDesk(TokenFile.in(directory));
        for (Map.Entry<String, String> each : RULES.entrySet()) {
            SECRETS.put(
                    each.getKey(),
                    desk.create(
                                    "",
                                    each.getValue(),
                                    false,
                                    Optional.empty(),
                                    new Random(each.hashCode()),
                                    Instant.EPOCH)
                            .secret()
                            .secret());
        }
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private AgentApi api() throws Exception {
        AccessSettings settings = new AccessSettings(
                true,
                Level.DENY,
                Optional.of(Token.of("management")),
                Optional.empty(),
                Optional.empty(),
                1_000,
                10,
                "cli");
        AccessControl access = TokenControl.create(
                settings,
                TokenKeeper.load(settings, new byte[TokenKeeper.SALT_BYTES], Optional.of(TokenFile.in(directory))),
                () -> serversDecide,
                Clock.systemUTC(),
                new AccessCounters());
        AgentControl control = new PoolControl(pool);
        AgentEvents events = AgentEvents.create(pool, Profile.CONSUL_CLIENT, "cli", commands -> {});
        ConsulEvent event = new ConsulEvent("id", "foo", Octets.empty(), "", "", "", ConsulEvent.VERSION);
        events.received(new UserEvent(1, event.serfName(), event.encode(), false));
        pool.keyring.with("4YwLQm6ZMwYgfldNBT5P76tAWMdcBmu+FPYRvCxvsHc=");
        QueryMeta meta = ConsulMethods.CATALOG_LIST_NODES.answers().zero().meta();
        servers.answering(ConsulMethods.STATUS_LEADER, "127.0.21.11:8300")
                .answering(ConsulMethods.COORDINATE_LIST_NODES, new Coordinates.Listing(List.of(), meta))
                .answering(
                        ConsulMethods.CATALOG_LIST_NODES,
                        new Catalog.Nodes(
                                pool.members().stream()
                                        .map(member -> node(member.name()))
                                        .toList(),
                                meta))
                .answering(
                        ConsulMethods.KVS_LIST,
                        new Kvs.Entries(List.of(entry("app/a"), entry("app/x/b"), entry("other")), meta))
                .answering(ConsulMethods.KVS_GET, new Kvs.Entries(List.of(entry("app/a")), meta))
                .answering(ConsulMethods.KVS_APPLY, true);
        Servers asked = servers.servers();
        return new AgentApi(
                new AgentFacts("dc1", "cli", FakePool.CLIENT_ID, "0.1.0", "", "", Json.of(Map.of())),
                pool,
                Optional.empty(),
                control,
                Clock.systemUTC(),
                pool::metrics,
                access,
                List.of("agent.example"),
                new KeyringApi(DatacenterKeyrings.of("dc1", pool), pool, Optional.empty(), "dc1", "cli"),
                new EventApi(events, asked, () -> new UUID(1, 2)),
                new CoordinateApi(pool, asked),
                new CatalogApi(asked),
                new KvApi(asked, 1_024),
                new StatusApi("dc1", servers),
                new RpcApi("dc1", servers, () -> ""),
                new Host(),
                new UpshiftRunApi(upshifts, () -> "", KIT.system()),
                new MonitorApi(level -> Source.empty()));
    }

    /** What the machine is like is nobody's business here; who may see it is. */
    private static final class Host extends ApiPart {
        @Override
        protected List<Route> routes() {
            return List.of(Route.get("v1/agent/host", Access.OPERATOR_READ, request -> Answer.empty()));
        }
    }

    private static Kvs.Entry entry(String key) {
        return Kvs.Entry.of(key, Octets.utf8("value"));
    }

    private static Node node(String name) {
        return new Node("", name, "127.0.21.11", "dc1", Map.of(), Map.of(), 1, 1);
    }

    private Answer ask(String method, String url, String who, Map<String, String> headers) throws Exception {
        String[] parts = url.substring(1).split("\\?", 2);
        Map<String, String> query = new HashMap<>();
        if (parts.length > 1) {
            String[] parameter = parts[1].split("=", 2);
            query.put(parameter[0], parameter.length > 1 ? parameter[1] : "");
        }
        String secret = who.equals("none") ? "" : SECRETS.getOrDefault(who, who);
        String body = method.equals("POST") ? "{\"Key\": \"pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=\"}" : "";
        Request request = new Request(
                method,
                List.of(parts[0].split("/")),
                parts[0],
                query,
                Map.of(),
                name -> name.equals("X-Consul-Token") && !secret.isEmpty()
                        ? Optional.of(secret)
                        : Optional.ofNullable(headers.get(name)),
                Optional.empty(),
                Rights.ALL,
                Octets.utf8(body));
        return api().answer(request).toCompletableFuture().getNow(Answer.text(599, "not answered at once"));
    }

    @ParameterizedTest
    @MethodSource("io.sotto.agent.http.GateTest#wholeMatrix")
    void everybodyIsAnsweredAsByARealAgent(GateTest.Line line) throws Exception {
        pool.alone();
        String[] request =
                line.request().replace("127.0.21.91", FakePool.JOINABLE).split(" ", 2);
        Answer answer = ask(request[0], request[1], line.token(), Map.of());

        assertThat(answer.status()).isEqualTo(line.status());
        if (line.text().endsWith(" items")) {
            assertThat(Json.parse(answer.body()).asElements().size() + " items").isEqualTo(line.text());
        } else if (line.status() != 200) {
            assertThat(answer.body()).isEqualTo(line.text());
        }
    }

    @Test
    void membersNodesAndEventsAreShownAsFarAsTheirRulesGo() throws Exception {
        assertThat(Json.parse(ask("GET", "/v1/agent/members", "node srv", Map.of())
                                .body())
                        .asElements())
                .singleElement()
                .satisfies(member -> assertThat(member.get("Name").asText()).isEqualTo("srv"));
        assertThat(Json.parse(ask("GET", "/v1/catalog/nodes", "node srv", Map.of())
                                .body())
                        .asElements())
                .singleElement()
                .satisfies(node -> assertThat(node.get("Node").asText()).isEqualTo("srv"));
        assertThat(ask("GET", "/v1/event/list", "node srv", Map.of()).body()).isEqualTo("[]");
        assertThat(ask("GET", "/v1/event/list", "management", Map.of()).body()).contains("\"Name\":\"foo\"");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/kv/app/a, keys, 200",
        "GET, /v1/kv/other, keys, 403",
        "GET, /v1/kv/app/a, none, 403",
        "GET, /v1/kv/app/a, bad, 403",
        "PUT, /v1/kv/app/a, keys, 200",
        "PUT, /v1/kv/app/x/b, keys, 403",
        "PUT, /v1/kv/app/a, node read, 403",
        "DELETE, /v1/kv/app/a, keys, 200",
        "DELETE, /v1/kv/app?recurse, keys, 403",
        "DELETE, /v1/kv/app/y/?recurse, keys, 200",
        "PUT, /v1/agent/rpc/KVS.Apply, keys, 403",
        "PUT, /v1/agent/rpc/Status.Leader, operator write, 200",
        "PUT, /v1/catalog/register, node read, 403"
    })
    void whereServersHaveNoAccessControlThisAgentGuardsWhatTheyKeep(String method, String url, String who, int status)
            throws Exception {
        assertThat(ask(method, url, who, Map.of()).status()).isEqualTo(status);
        if (status == 403) {
            assertThat(servers.requests).isEmpty();
        } else {
            assertThat(SECRETS.values())
                    .noneMatch(secret -> servers.requests.toString().contains(secret));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, '', operator read, 200",
        "GET, '', none, 403",
        "GET, '', keyring write, 403",
        "GET, '', agent write, 403",
        "GET, /plan, operator read, 200",
        "GET, /plan, node read, 403",
        "POST, '', operator read, 403",
        "POST, '', keyring write, 403",
        "POST, '', none, 403",
        "POST, '', bad, 403",
        "POST, /next, operator read, 403",
        "POST, /next, operator write, 200",
        "DELETE, '', operator read, 403",
        "DELETE, '', operator write, 200",
        "PUT, /without?member=srv, operator read, 403",
        "PUT, /without?member=srv, operator write, 200",
        "PUT, /vouch?member=srv, operator read, 403",
        "PUT, /vouch?member=srv, operator write, 400"
    })
    void anUpshiftIsForOperatorsAndTheirTokenGoesWithTheOrders(String method, String path, String who, int status)
            throws Exception {
        // The body of a POST is a key, as all of this test's are.
        assertThat(ask(method, "/v1/operator/upshift/gossip" + path, who, Map.of())
                        .status())
                .isEqualTo(status);
        if (status == 403) {
            assertThat(upshifts.asked()).isEmpty();
        } else if (!method.equals("GET")) {
            assertThat(upshifts.asked()).allMatch(asked -> asked.endsWith(" token " + SECRETS.get(who)));
        }
    }

    @Test
    void aTreeOfKeysIsShownAsFarAsItMayBe() throws Exception {
        Answer answer = ask("GET", "/v1/kv/?recurse", "keys", Map.of());
        assertThat(Json.parse(answer.body()).asElements())
                .singleElement()
                .satisfies(key -> assertThat(key.get("Key").asText()).isEqualTo("app/a"));
    }

    @Test
    void whereServersDecideTheyGetTheTokenAndOursIsTakenFromNobodyElse() throws Exception {
        assertThat(ask("GET", "/v1/kv/app/a", "keys", Map.of()).status()).isEqualTo(200);
        assertThat(servers.last(ConsulMethods.KVS_GET).options().token()).isEmpty();
        serversDecide = true;
        assertThat(ask("GET", "/v1/kv/app/a", "theirs", Map.of()).status()).isEqualTo(200);
        assertThat(servers.last(ConsulMethods.KVS_GET).options().token()).isEqualTo("theirs");
        assertThat(ask("PUT", "/v1/agent/rpc/KVS.Get", "theirs", Map.of()).status())
                .isEqualTo(200);
        assertThat(servers.last(ConsulMethods.KVS_GET).options().token()).isEqualTo("theirs");
    }

    @Test
    void coordinatesAreTheServersToGuardWhereTheyDo() throws Exception {
        serversDecide = true;
        assertThat(ask("GET", "/v1/coordinate/nodes", "theirs", Map.of()).status())
                .isEqualTo(200);
        assertThat(servers.last(ConsulMethods.COORDINATE_LIST_NODES).options().token())
                .isEqualTo("theirs");
        ask("GET", "/v1/coordinate/node/srv", "theirs", Map.of());
        assertThat(servers.last(ConsulMethods.COORDINATE_NODE).options().token())
                .isEqualTo("theirs");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /v1/agent/rpc/KVS.Get, X-Consul-Token, theirs",
        "PUT, /v1/agent/rpc/KVS.Get, Authorization, Bearer theirs",
        "PUT, /v1/agent/rpc/KVS.Get?token=theirs, X-Other, none",
        "GET, /v1/kv/app/a, Authorization, bearer theirs",
        "GET, /v1/kv/app/a?token=theirs, X-Other, none"
    })
    void aTokenMayComeByHeaderOrByQueryOnEveryRouteToTheServers(String method, String url, String header, String value)
            throws Exception {
        serversDecide = true;
        assertThat(ask(method, url, "none", Map.of(header, value)).status()).isEqualTo(200);
        assertThat(servers.last(ConsulMethods.KVS_GET).options().token()).isEqualTo("theirs");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /v1/agent/reload, http://127.0.0.1:8500, 127.0.0.1:8500, same-origin, 200",
        "PUT, /v1/agent/reload, '', any.example:8500, '', 200",
        "PUT, /v1/agent/reload, http://evil.example, 127.0.0.1:8500, cross-site, 403",
        "PUT, /v1/agent/reload, http://evil.example, 127.0.0.1:8500, '', 403",
        "PUT, /v1/agent/reload, null, 127.0.0.1:8500, '', 403",
        "PUT, /v1/agent/reload, '', 127.0.0.1:8500, cross-site, 403",
        "PUT, /v1/agent/reload, '', 127.0.0.1:8500, same-site, 403",
        "PUT, /v1/agent/reload, http://evil.example:8500, evil.example:8500, same-origin, 403",
        "PUT, /v1/agent/reload, http://localhost:8501, localhost:8500, same-site, 403",
        "PUT, /v1/agent/reload, https://agent.example, agent.example, same-origin, 200",
        "PUT, /v1/agent/reload, http://cli:8500, CLI:8500, same-origin, 200",
        "PUT, /v1/agent/reload, http://[::1]:8500, [::1]:8500, same-origin, 200",
        "POST, /v1/operator/keyring, http://evil.example, 127.0.0.1:8500, '', 403",
        "GET, /v1/agent/members, '', evil.example, '', 200"
    })
    void noPageOfAnotherSiteWritesInTheNameOfItsReader(
            String method, String url, String origin, String host, String site, int status) throws Exception {
        Map<String, String> headers = new HashMap<>(Map.of("Host", host));
        if (!origin.isEmpty()) {
            headers.put("Origin", origin);
        }
        if (!site.isEmpty()) {
            headers.put("Sec-Fetch-Site", site);
        }
        assertThat(ask(method, url, "management", headers).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "evil.example:8500, true",
        "127.0.0.1:8500, false",
        "localhost, false",
        "agent.example, false",
        "'', false"
    })
    void thePageIsShownUnderNamesOfThisAgentOnly(String host, boolean refused) {
        CrossSite pages = new CrossSite("cli", List.of("agent.example"));
        for (String path : List.of("ui", "ui/app.js", "v1/events")) {
            Request request = new Request(
                    "GET",
                    List.of(path.split("/")),
                    path,
                    Map.of(),
                    Map.of(),
                    name -> name.equals("Host") && !host.isEmpty() ? Optional.of(host) : Optional.empty(),
                    Optional.empty(),
                    Rights.ALL,
                    Octets.empty());
            assertThat(pages.refusal(request).isPresent()).isEqualTo(refused);
        }
    }
}
