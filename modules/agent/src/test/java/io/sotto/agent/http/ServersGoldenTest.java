package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.wire.record.TreeException;
import io.sotto.wire.rpc.consul.ConsulMethod;
import io.sotto.wire.rpc.consul.ConsulMethods;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every exchange with a real client agent of Consul 1.8.7 that {@code golden/http-servers.txt} holds: the servers say what the real
 * ones said, and the answer has to be the same, byte for byte, with the same headers.
 */
final class ServersGoldenTest {
    /** Answers of the servers by the beginning of the path: which method gives them, and in which field. */
    private enum Source {
        KEYS("/v1/kv/?keys", ConsulMethods.KVS_LIST_KEYS, "Keys"),
        NO_KEYS("/v1/kv/none?keys", ConsulMethods.KVS_LIST_KEYS, "Keys"),
        TREE("/v1/kv/a?recurse", ConsulMethods.KVS_LIST, "Entries"),
        NO_TREE("/v1/kv/none?recurse", ConsulMethods.KVS_LIST, "Entries"),
        KEY("/v1/kv/", ConsulMethods.KVS_GET, "Entries"),
        DATACENTERS("/v1/catalog/datacenters", ConsulMethods.CATALOG_LIST_DATACENTERS, ""),
        NODES("/v1/catalog/nodes", ConsulMethods.CATALOG_LIST_NODES, "Nodes"),
        SERVICES("/v1/catalog/services", ConsulMethods.CATALOG_LIST_SERVICES, "Services"),
        SERVICE("/v1/catalog/service/", ConsulMethods.CATALOG_SERVICE_NODES, "ServiceNodes"),
        NODE("/v1/catalog/node/", ConsulMethods.CATALOG_NODE_SERVICES, "NodeServices"),
        NODE_SERVICES("/v1/catalog/node-services/", ConsulMethods.CATALOG_NODE_SERVICE_LIST, "NodeServices"),
        NODE_HEALTH("/v1/health/node/", ConsulMethods.HEALTH_NODE_CHECKS, "HealthChecks"),
        CHECKS("/v1/health/checks/", ConsulMethods.HEALTH_SERVICE_CHECKS, "HealthChecks"),
        STATE("/v1/health/state/", ConsulMethods.HEALTH_CHECKS_IN_STATE, "HealthChecks"),
        SERVICE_HEALTH("/v1/health/service/", ConsulMethods.HEALTH_SERVICE_NODES, "Nodes"),
        CONNECT("/v1/health/connect/", ConsulMethods.HEALTH_SERVICE_NODES, "Nodes"),
        SESSIONS("/v1/session/list", ConsulMethods.SESSION_LIST, "Sessions"),
        SESSION("/v1/session/info/", ConsulMethods.SESSION_GET, "Sessions"),
        OF_NODE("/v1/session/node/", ConsulMethods.SESSION_NODE_SESSIONS, "Sessions"),
        RENEWED("/v1/session/renew/", ConsulMethods.SESSION_RENEW, "Sessions"),
        COORDINATES("/v1/coordinate/nodes", ConsulMethods.COORDINATE_LIST_NODES, "Coordinates"),
        COORDINATE("/v1/coordinate/node/", ConsulMethods.COORDINATE_NODE, "Coordinates"),
        SERVERS("/v1/coordinate/datacenters", ConsulMethods.COORDINATE_LIST_DATACENTERS, "");

        private final String path;

        @SuppressWarnings("ImmutableEnumChecker") // A method of the wire never changes.
        private final ConsulMethod<?, ?> method;

        private final String field;

        Source(String path, ConsulMethod<?, ?> method, String field) {
            this.path = path;
            this.method = method;
            this.field = field;
        }
    }

    /** One exchange. */
    record Exchange(
            String method,
            String url,
            String sent,
            int status,
            String contentType,
            Map<String, String> headers,
            String body) {}

    private final ScriptedServers servers = new ScriptedServers();
    private final List<Asking> parts = List.of(
            new Asking(new KvApi(servers.servers(), 64)),
            new Asking(new CatalogApi(servers.servers())),
            new Asking(new HealthApi(servers.servers())),
            new Asking(new SessionApi(servers.servers())),
            new Asking(new CoordinateApi(new FakePool(), servers.servers())));

    private static List<Exchange> exchanges() throws IOException {
        List<Exchange> exchanges = new ArrayList<>();
        try (InputStream in =
                Objects.requireNonNull(ServersGoldenTest.class.getResourceAsStream("/golden/http-servers.txt"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String block : text.split("(?m)^(?=(GET|PUT|DELETE) /.* {3}# against cli$)", -1)) {
                String[] lines = block.split("\n", -1);
                String[] request = lines[0].replace("   # against cli", "").split(" ", 3);
                String[] status = lines[1].split("  content-type=", 2);
                Map<String, String> headers = new LinkedHashMap<>();
                int line = 2;
                for (; !lines[line].isEmpty(); line++) {
                    String[] header = lines[line].split(": ", 2);
                    headers.put(header[0], header[1]);
                }
                exchanges.add(new Exchange(
                        request[0],
                        request[1],
                        request.length > 2 ? request[2].substring("body=".length()) : "",
                        Integer.parseInt(status[0].split(" ", 2)[1]),
                        status[1],
                        headers,
                        String.join("\n", List.of(lines).subList(line + 1, lines.length))
                                .stripTrailing()));
            }
        }
        return exchanges;
    }

    private static Stream<Arguments> named(List<Exchange> exchanges) {
        return exchanges.stream()
                .map(each -> Arguments.of(
                        org.junit.jupiter.api.Named.of(each.method() + " " + each.url() + " " + each.sent(), each)));
    }

    static Stream<Arguments> answeredByServers() throws IOException {
        return named(exchanges().stream()
                .filter(each -> each.status() == 200 || each.headers().containsKey("X-Consul-Index"))
                .filter(each -> each.method().equals("GET") || each.url().contains("renew"))
                .filter(each -> each.status() != 500)
                .toList());
    }

    static Stream<Arguments> refusedHere() throws IOException {
        return named(exchanges().stream()
                .filter(each -> each.status() == 400)
                // Go names the struct of its own source.
                .filter(each -> !each.body().contains("Go struct field"))
                .filter(each -> !each.body().contains("unknown unit"))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("answeredByServers")
    void whatTheServersSayIsToldAsByARealAgent(Exchange real) throws JsonException, TreeException {
        Source source = Stream.of(Source.values())
                .filter(each -> real.url().startsWith(each.path))
                .findFirst()
                .orElseThrow();
        say(source.method, answer(source, real));

        Answer ours = ask(real);

        assertThat(ours.status()).isEqualTo(real.status());
        String body =
                ours.bytes().isEmpty() ? ours.body() : new String(ours.bytes().toArray(), StandardCharsets.UTF_8);
        assertThat(body).isEqualTo(real.body());
        assertThat(ours.form().contentType().isEmpty() ? "None" : ours.form().contentType())
                .isEqualTo(real.contentType());
        if (!real.url().contains("/coordinate/node/")) {
            Map<String, String> headers = new LinkedHashMap<>();
            ours.headers().forEach(header -> headers.put(header.name(), header.value()));
            assertThat(headers).isEqualTo(real.headers());
        }
    }

    @ParameterizedTest
    @MethodSource("refusedHere")
    void whatMakesNoSenseIsRefusedInTheRealAgentsWords(Exchange real) {
        Answer ours = ask(real);

        assertThat(ours.status()).isEqualTo(real.status());
        assertThat(ours.body()).isEqualTo(real.body());
        assertThat(servers.requests).isEmpty();
    }

    @Test
    void aFailureOfTheServersHasHeadersToo() {
        Answer answer = new Asking(new CatalogApi(servers.servers())).get("v1/catalog/nodes?dc=bad");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.headers())
                .containsExactly(
                        new Header("X-Consul-Index", "1"),
                        new Header("X-Consul-Knownleader", "false"),
                        new Header("X-Consul-Lastcontact", "0"));
    }

    private Answer ask(Exchange real) {
        Optional<AssertionError> none = Optional.empty();
        for (Asking part : parts) {
            try {
                return part.ask(real.method(), real.url().substring(1), real.sent(), Map.of());
            } catch (AssertionError noRoute) {
                none = Optional.of(noRoute);
            }
        }
        throw none.orElseThrow();
    }

    private <A> void say(ConsulMethod<?, A> method, Object tree) throws TreeException {
        servers.answering(method, method.answers().fromTree(tree));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Object answer(Source source, Exchange real) throws JsonException {
        boolean isRaw = real.contentType().equals("text/plain");
        Object told = isRaw
                ? List.of(Map.of("Key", "x", "Value", base64(real.body())))
                : RpcJson.tree(Json.parse(real.status() == 404 ? "null" : real.body()));
        if (source.field.isEmpty()) {
            return told;
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(source.field, told);
        if (real.headers().containsKey("X-Consul-Index")) {
            tree.put("Index", Long.parseLong(real.headers().get("X-Consul-Index")));
            tree.put("KnownLeader", true);
        }
        return tree;
    }
}
