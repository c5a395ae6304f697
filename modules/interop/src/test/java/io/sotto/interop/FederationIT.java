package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A datacenter of a real server, dc1, and two of sotto's, dc2 and dc3, in one WAN pool; TLS is demanded of everybody, since keys
 * go from one to another.
 */
@NeedsPeer("consul")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FederationIT {
    private static final String KEY = "pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=";
    private static final String NEXT = "4YwLQm6ZMwYgfldNBT5P76tAWMdcBmu+FPYRvCxvsHc=";
    private static final Duration SETTLING = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(300);

    private final Path directory = NodeFiles.directory("federation");
    private final TlsFiles files = new TlsFiles(directory);
    private final CertificateAuthority authority = TlsFiles.authority();
    private final ConsulProcess a1 = secured(
            new ConsulProcess("a1", Site.ipv4(Site.CONSUL_PORT), directory, ConsulProcess.Role.SERVER, Optional.of(KEY))
                    .with("bootstrap_expect", 1)
                    .with("ports", Map.of("dns", -1, "grpc", -1)),
            "dc1");
    private final AgentProcess b1 = sotto("b1", "dc2");
    private final AgentProcess b2 = sotto("b2", "dc2");
    private final AgentProcess c1 = sotto("c1", "dc3");
    private final AgentProcess c2 = sotto("c2", "dc3");
    private final List<ConfiguredNode<?>> all = List.of(a1, b1, b2, c1, c2);

    private AgentProcess sotto(String name, String datacenter) {
        return secured(
                new AgentProcess(name, Site.ipv4(Site.CONSUL_PORT), directory, "consul-client", Optional.of(KEY))
                        .with("server", true),
                datacenter);
    }

    private <N extends ConfiguredNode<N>> N secured(N node, String datacenter) {
        files.settings(TlsFiles.issue(authority, CertificateRequest.server(datacenter, "consul")), List.of(authority))
                .forEach((name, value) -> node.with(name.replace('-', '_'), value));
        for (String flag : List.of("verify_incoming", "verify_outgoing", "verify_server_hostname")) {
            node.with(flag, true);
        }
        return node.with("datacenter", datacenter);
    }

    @BeforeAll
    void form() {
        Stream.of(a1, b1, c1).parallel().forEach(node -> ((PoolNode) node).start(List.of()));
        Stream.of(Map.entry(b2, b1), Map.entry(c2, c1))
                .parallel()
                .forEach(pair ->
                        pair.getKey().start(List.of(pair.getValue().site().address())));
        assertThat(Command.output(verb(b1, "join", "-wan", a1.site().ip())))
                .isEqualTo("Successfully joined cluster by contacting 1 nodes.\n");
        assertThat(a1.api().put("/v1/agent/join/" + c1.site().ip() + "?wan=1").statusCode())
                .isEqualTo(200);
    }

    @AfterAll
    void close() throws Exception {
        for (PoolNode node : all) {
            node.close();
        }
    }

    private static List<String> verb(AgentProcess agent, String verb, String... arguments) {
        List<String> words = new ArrayList<>(List.of("-http-addr", agent.api().address()));
        words.addAll(List.of(arguments));
        return SottoProgram.verb(verb, words.toArray(String[]::new));
    }

    private static void await(String what, ThrowingRunnable assertion) {
        Awaitility.await(what).atMost(SETTLING).pollInterval(POLL).untilAsserted(assertion);
    }

    @Test
    @Order(1)
    void everybodySeesAllServersThoughOnlyOneOfEachLanWasJoined() {
        for (ConfiguredNode<?> node : all) {
            await(
                    node.name(),
                    () -> assertThat(MemberLine.ofApi(node.api().get("/v1/agent/members?wan=1")))
                            .extracting(line -> line.name() + " " + line.status())
                            .containsExactlyInAnyOrder(
                                    "a1.dc1 alive", "b1.dc2 alive", "b2.dc2 alive", "c1.dc3 alive", "c2.dc3 alive"));
        }
        String real = a1.says("members", "-wan");
        assertThat(Command.output(verb(b1, "members", "-wan"))).isEqualTo(real);
        assertThat(real).containsPattern("c2.dc3 +\\S+:8302 +alive +server +\\S+ +2 +dc3 +<all>");
        assertThat(a1.api().members()).hasSize(1);
        assertThat(b1.api().members()).hasSize(2);
    }

    @Test
    @Order(2)
    void questionsAboutOtherDatacentersAreAnsweredThere() {
        for (ConfiguredNode<?> node : all) {
            await(
                    node.name() + " calls servers of every datacenter",
                    () -> assertThat(nodesOf(node)).isEqualTo("dc1 [a1] dc2 [b1, b2] dc3 [c1, c2]"));
            assertThat(node.api().ask("/v1/status/leader?dc=dc1").body())
                    .isEqualTo("\"" + Site.address(a1.site().ip(), 8300) + "\"");
            assertThat(texts(node.api().get("/v1/catalog/datacenters"))).containsExactlyInAnyOrder("dc1", "dc2", "dc3");
        }
        assertThat(c2.api().put("/v1/kv/far?dc=dc1", "away").body()).contains("true");
        assertThat(b2.api().get("/v1/kv/far?dc=dc1").path(0).path("Value").asText())
                .isEqualTo(Base64.getEncoder().encodeToString("away".getBytes(StandardCharsets.UTF_8)));
        assertThat(c1.api().ask("/v1/catalog/nodes?dc=dc9").body()).contains("No path to datacenter");
    }

    private static String nodesOf(ConfiguredNode<?> node) {
        return Stream.of("dc1", "dc2", "dc3")
                .map(datacenter -> datacenter + " "
                        + node.api().get("/v1/catalog/nodes?dc=" + datacenter).findValuesAsText("Node").stream()
                                .sorted()
                                .toList())
                .collect(Collectors.joining(" "));
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @Test
    @Order(3)
    void theKeyOfAllPoolsIsReplacedFromAnyDatacenter() {
        assertThat(a1.keyring("-install", NEXT).exit()).isZero();
        for (AgentProcess agent : List.of(b2, c1)) {
            assertThat(Command.output(verb(agent, "keyring", "-list"))).isEqualTo(listed(agent, NEXT, KEY));
        }
        Command.output(verb(b2, "keyring", "use", NEXT));
        Command.output(verb(c1, "keyring", "remove", KEY));
        for (AgentProcess agent : List.of(b1, c2)) {
            assertThat(Command.output(verb(agent, "keyring", "-list"))).isEqualTo(listed(agent, NEXT));
            assertThat(agent.api().get("/v1/agent/self").path("Stats").has("keyrings"))
                    .isFalse();
        }
        assertThat(a1.keyring("-list").out().lines())
                .contains("  " + NEXT + " [5/5]", "  " + NEXT + " [1/1]", "  " + NEXT + " [2/2]")
                .noneMatch(line -> line.contains(KEY));
        assertThat(Command.run(verb(c2, "keyring", "use", KEY)).err())
                .contains("WAN error: 5/5 nodes reported failure", "dc1 (LAN) error: 1/1", "dc2 (LAN) error: 2/2");
    }

    /** What Consul prints: the WAN first, then the own datacenter, then the others. */
    private static String listed(AgentProcess agent, String... keys) {
        String own = agent.name().startsWith("b") ? "dc2" : "dc3";
        StringBuilder text = new StringBuilder("==> Gathering installed encryption keys...\n");
        for (String pool : Stream.concat(Stream.of("WAN", own), Stream.of("dc1", "dc2", "dc3"))
                .distinct()
                .toList()) {
            int members = pool.equals("WAN") ? 5 : pool.equals("dc1") ? 1 : 2;
            text.append('\n').append(pool.equals("WAN") ? "WAN:\n" : pool + " (LAN):\n");
            for (String key : keys) {
                text.append("  ").append(key).append(" [").append(members).append('/');
                text.append(members).append("]\n");
            }
        }
        return text.toString();
    }

    @Test
    @Order(4)
    void roundTripsBetweenDatacentersAreEstimated() {
        await("coordinates of a1", () -> {
            Command ours = Command.run(verb(b1, "rtt", "-wan", "a1.dc1", "c1.dc3"));
            assertThat(ours.out())
                    .as(ours.err())
                    .matches("Estimated a1.dc1 <-> c1.dc3 rtt: \\d+\\.\\d{3} ms \\(using WAN coordinates\\)\n");
        });
        assertThat(Command.run(verb(b1, "rtt", "-wan", "a1")).err())
                .isEqualTo("Node names must be specified as <node name>.<datacenter> with -wan\n");
    }

    @Test
    @Order(5)
    void whoLeavesLeavesBothPools() {
        c2.leave();
        await(
                "a1 has seen it leave",
                () -> assertThat(MemberLine.ofApi(a1.api().get("/v1/agent/members?wan=1")))
                        .extracting(line -> line.name() + " " + line.status())
                        .contains("c2.dc3 left", "c1.dc3 alive"));
    }
}
