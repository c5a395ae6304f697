package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
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
 * Two datacenters of a real server each, dc1 and dc4, and two of sotto's, dc2 and dc3, in one WAN pool; TLS is demanded of
 * everybody, since keys go from one to another.
 */
@NeedsPeer("consul")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FederationIT {
    private static final String KEY = "pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=";
    private static final Duration SETTLING = Duration.ofSeconds(60);
    private static final int REPEATS = 3;
    private static final Duration POLL = Duration.ofMillis(300);

    private final Path directory = NodeFiles.directory("federation");
    private final TlsFiles files = new TlsFiles(directory);
    private final CertificateAuthority authority = TlsFiles.authority();
    private final ConsulProcess a1 = real("a1", "dc1");
    private final AgentProcess b1 = sotto("b1", "dc2");
    private final AgentProcess b2 = sotto("b2", "dc2");
    private final AgentProcess c1 = sotto("c1", "dc3");
    private final AgentProcess c2 = sotto("c2", "dc3");
    private final ConsulProcess d1 = real("d1", "dc4");
    private final List<ConfiguredNode<?>> all = List.of(a1, b1, b2, c1, c2, d1);

    private ConsulProcess real(String name, String datacenter) {
        return secured(
                new ConsulProcess(
                                name,
                                Site.ipv4(Site.CONSUL_PORT),
                                directory,
                                ConsulProcess.Role.SERVER,
                                Optional.of(KEY))
                        .with("bootstrap_expect", 1)
                        .with("ports", Map.of("dns", -1, "grpc", -1)),
                datacenter);
    }

    private AgentProcess sotto(String name, String datacenter) {
        return secured(
                new AgentProcess(name, Site.ipv4(Site.CONSUL_PORT), directory, "consul-client", Optional.of(KEY))
                        .with("server", true)
                        .reading(NodeFiles.write(directory.resolve("grace.conf"), "sotto.key-rotation.grace = 1s")),
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
        Stream.of(a1, b1, c1, d1).parallel().forEach(node -> ((PoolNode) node).start(List.of()));
        Stream.of(Map.entry(b2, b1), Map.entry(c2, c1))
                .parallel()
                .forEach(pair ->
                        pair.getKey().start(List.of(pair.getValue().site().address())));
        assertThat(Command.output(verb(b1, "join", "-wan", a1.site().ip())))
                .isEqualTo("Successfully joined cluster by contacting 1 nodes.\n");
        assertThat(a1.api().put("/v1/agent/join/" + c1.site().ip() + "?wan=1").statusCode())
                .isEqualTo(200);
        assertThat(d1.api().put("/v1/agent/join/" + a1.site().ip() + "?wan=1").statusCode())
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
                                    "a1.dc1 alive",
                                    "b1.dc2 alive",
                                    "b2.dc2 alive",
                                    "c1.dc3 alive",
                                    "c2.dc3 alive",
                                    "d1.dc4 alive"));
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
                    () -> assertThat(nodesOf(node)).isEqualTo("dc1 [a1] dc2 [b1, b2] dc3 [c1, c2] dc4 [d1]"));
            assertThat(node.api().ask("/v1/status/leader?dc=dc1").body())
                    .isEqualTo("\"" + Site.address(a1.site().ip(), 8300) + "\"");
            assertThat(texts(node.api().get("/v1/catalog/datacenters")))
                    .containsExactlyInAnyOrder("dc1", "dc2", "dc3", "dc4");
        }
        assertThat(c2.api().put("/v1/kv/far?dc=dc1", "away").body()).contains("true");
        assertThat(b2.api().get("/v1/kv/far?dc=dc1").path(0).path("Value").asText())
                .isEqualTo(Base64.getEncoder().encodeToString("away".getBytes(StandardCharsets.UTF_8)));
        assertThat(c1.api().ask("/v1/catalog/nodes?dc=dc9").body()).contains("No path to datacenter");
    }

    private static String nodesOf(ConfiguredNode<?> node) {
        return Stream.of("dc1", "dc2", "dc3", "dc4")
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
    void theKeyOfAllPoolsIsReplacedFromEachDatacenterByBothPrograms() {
        String before = KEY;
        for (ConfiguredNode<?> node : List.of(a1, b2, c1, d1)) {
            for (boolean isReal : List.of(true, false)) {
                String next = newKey();
                keyring(isReal, node, "-install", next);
                keyring(isReal, node, "-use", next);
                keyring(isReal, node, "-remove", before);
                assertThat(pools(keyring(isReal, node, "-list")))
                        .as("%s, asked by %s", node.name(), isReal ? "consul" : "sotto")
                        .isEqualTo(Map.of(
                                "WAN", List.of(next + " [6/6]"),
                                "dc1 (LAN)", List.of(next + " [1/1]"),
                                "dc2 (LAN)", List.of(next + " [2/2]"),
                                "dc3 (LAN)", List.of(next + " [2/2]"),
                                "dc4 (LAN)", List.of(next + " [1/1]")));
                before = next;
            }
        }
        NodeFiles.awaitRings(rings(), before);
        assertThat(b1.api().get("/v1/agent/self").path("Stats").has("keyrings")).isFalse();
        assertThat(Command.run(verb(c2, "keyring", "use", KEY)).err())
                .contains("WAN error: 6/6 nodes reported failure", "dc1 (LAN) error: 1/1", "dc2 (LAN) error: 2/2");
    }

    private static String newKey() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** What it prints; repeated where a busy machine has lost an answer, as operators would, since it changes nothing twice. */
    private static String keyring(boolean isReal, ConfiguredNode<?> node, String... arguments) {
        List<String> words = new ArrayList<>(List.of("-http-addr", node.api().address()));
        words.addAll(List.of(arguments));
        List<String> whole = isReal
                ? Stream.concat(Stream.of(Peers.program("consul").toString(), "keyring"), words.stream())
                        .toList()
                : SottoProgram.verb("keyring", words.toArray(String[]::new));
        Command said = Command.run(whole);
        for (int i = 0; i < REPEATS && said.exit() != 0 && said.err().contains("nodes reported success"); i++) {
            said = Command.run(whole);
        }
        assertThat(said.exit()).as("%s: %s", whole, said.err()).isZero();
        return said.out();
    }

    /** The lines below each heading; the WAN's comes first, then that of the datacenter that was asked. */
    private static Map<String, List<String>> pools(String listed) {
        Map<String, List<String>> pools = new LinkedHashMap<>();
        String pool = "";
        for (String line :
                listed.lines().skip(1).filter(each -> !each.isEmpty()).toList()) {
            if (line.startsWith("  ")) {
                pools.getOrDefault(pool, List.of()).add(line.strip());
            } else {
                pool = line.replaceFirst(":$", "");
                pools.put(pool, new ArrayList<>());
            }
        }
        return pools;
    }

    /** The files of both rings of every server. */
    private List<Path> rings() {
        return all.stream()
                .flatMap(node -> Stream.of(node.ring(), node.ring().resolveSibling("remote.keyring")))
                .toList();
    }

    @Test
    @Order(4)
    void oneRotationCoversThePoolsOfAllDatacenters() throws Exception {
        Command rotated = Command.run(
                SottoProgram.verb("keyring", "rotate", "-http-addr", b2.api().address(), "-format", "text"));

        assertThat(rotated.out().lines().reduce((first, last) -> last).orElse(""))
                .as(rotated.out() + rotated.err())
                .matches(
                        "\\[#{20}] finished with key [0-9a-f]+; LAN 2/2, WAN 6/6, dc1 \\(LAN\\) done, dc3 \\(LAN\\) done,"
                                + " dc4 \\(LAN\\) done");
        String key = NodeFiles.parse(Files.readString(c1.ring())).path(0).asText();
        NodeFiles.awaitRings(rings(), key);
    }

    @Test
    @Order(5)
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
    @Order(6)
    void whoLeavesLeavesBothPools() {
        c2.leave();
        await(
                "a1 has seen it leave",
                () -> assertThat(MemberLine.ofApi(a1.api().get("/v1/agent/members?wan=1")))
                        .extracting(line -> line.name() + " " + line.status())
                        .contains("c2.dc3 left", "c1.dc3 alive"));
    }
}
