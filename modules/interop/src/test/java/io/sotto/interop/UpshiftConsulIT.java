package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Three real servers and three sotto agents go to verified TLS, and then to sealed gossip, by one command each. It says when and how
 * a real server is to be changed and restarted, and waits for what shows that this was done; the test does it, one server at a time.
 * Nobody is lost but who is being restarted, and no stage costs more reads than restarts alone do.
 */
@NeedsPeer("consul")
class UpshiftConsulIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Object PATIENT = Map.of("suspicion_mult", 60);
    private static final String TOKEN = "a-token-of-operators";
    private static final String KEY = "WJSRg2Z9Zx5IfeYzgBXQWcmCsVhqGjJEpMhRQdhFcZg=";
    private static final Pattern BECAUSE_OF_TLS =
            Pattern.compile("tls: |x509|certificate|Non-TLS|handshake|unrecognized name");

    /** What a server says when it is tried whether it refuses plain calls. */
    private static final String REFUSES_PLAIN = "Non-TLS connection attempted with VerifyIncoming set";

    /** What each stage adds to a real server's file. */
    private static final Map<String, Map<String, Map<String, Object>>> STAGES = Map.of(
            "tls",
            Map.of(
                    "ready", Map.of(),
                    "sending", Map.of("verify_outgoing", true, "verify_server_hostname", true),
                    "enforced", Map.of("verify_incoming", true)),
            "gossip",
            Map.of(
                    "ready", Map.of("encrypt", KEY, "encrypt_verify_incoming", false, "encrypt_verify_outgoing", false),
                    "sending", Map.of("encrypt_verify_outgoing", true),
                    "enforced", Map.of("encrypt_verify_incoming", true)));

    private final Path directory = NodeFiles.directory("upshift beside consul");
    private final CertificateAuthority authority = TlsFiles.authority();
    private final TlsFiles files = new TlsFiles(directory);
    /** What each real server's file holds, by its name. */
    private final Map<String, Map<String, Object>> held = new TreeMap<>();

    private final List<ConsulProcess> servers = IntStream.rangeClosed(1, 3)
            .mapToObj(i -> new ConsulProcess(
                            "server-" + i,
                            Site.ipv4(Site.CONSUL_PORT),
                            directory,
                            ConsulProcess.Role.SERVER,
                            Optional.empty())
                    .with("performance", Map.of("raft_multiplier", 2))
                    .with("gossip_lan", PATIENT)
                    .reading(directory.resolve("server-" + i + "-security.json")))
            .toList();
    private final List<AgentProcess> agents = IntStream.rangeClosed(1, 3)
            .mapToObj(i -> new AgentProcess(
                            "agent-" + i, Site.ipv4(Site.CONSUL_PORT), directory, "consul-client", Optional.empty())
                    // An election may take its time on a busy machine.
                    .with("performance", Map.of("rpc_hold_timeout", "30s"))
                    .with("gossip_lan", PATIENT)
                    .reading(settings("agent-" + i)))
            .toList();

    @Test
    void realServersAreRestartedWhenThePlanSaysSoAndNothingElseFails() {
        servers.forEach(server -> lay(server.name(), certificate(CertificateRequest.server("dc1", "consul"))));
        List<PoolNode> nodes = Stream.concat(servers.stream(), agents.stream())
                .map(PoolNode.class::cast)
                .toList();
        try (Pool pool = new Pool("upshift beside consul")) {
            nodes.forEach(pool::start);
            awaitLeader();
            pool.awaitAgreement("all see each other", FormulaTime.joinBound());
            try (Vigil members = Vigil.over(nodes, PoolNode::members);
                    ReadVigil reads = ReadVigil.over(agents)) {
                for (ConsulProcess server : servers) {
                    restart(pool, server, members, reads);
                }
                int baseline = reads.failures().size();
                upshift("tls", pool, members, reads, baseline);
                upshift("gossip", pool, members, reads, baseline, "-key-file", keyFile());
                assertThat(reads.failures())
                        .noneMatch(failure -> BECAUSE_OF_TLS.matcher(failure).find());
                assertThat(members.lapses()).isEmpty();
            }
        }
        assertThat(servers)
                .allSatisfy(server -> assertThat(server.log().lines())
                        .filteredOn(line -> BECAUSE_OF_TLS.matcher(line).find()
                                && !line.contains(REFUSES_PLAIN)
                                && !line.endsWith(ConsulTlsMigrationIT.CLOSED_UNDER_IT))
                        .as("what %s says of TLS", server.name())
                        .isEmpty());
    }

    private void upshift(String kind, Pool pool, Vigil members, ReadVigil reads, int baseline, String... more) {
        String[] flags =
                Stream.concat(Stream.of("-token", TOKEN), Stream.of(more)).toArray(String[]::new);
        UpshiftRun run = UpshiftRun.start(agents.get(0), directory, kind, flags);
        Set<String> done = new HashSet<>();
        int failed = reads.failures().size();
        String goal = "";
        while (run.isRunning()) {
            run.awaitStep("a step", step -> true);
            JsonNode now = run.last();
            if (!now.path("Goal").asText().equals(goal)) {
                assertThat(reads.failures().size() - failed)
                        .as("reads that %s %s cost; restarts alone cost %d", kind, goal, baseline)
                        .isLessThanOrEqualTo(baseline);
                failed = reads.failures().size();
                goal = now.path("Goal").asText();
            }
            obey(kind, now, pool, members, reads, done);
            Awaitility.await("a moment").pollDelay(Duration.ofMillis(200)).until(() -> true);
        }
        assertThat(run.awaitEnd()).as(run.log()).isZero();
        assertThat(run.last().path("Outcome").asText()).isEqualTo("finished");
    }

    /** Does what is said is to be done on real servers, on one of them at a time. */
    private void obey(String kind, JsonNode now, Pool pool, Vigil members, ReadVigil reads, Set<String> done) {
        String goal = now.path("Goal").asText();
        for (ConsulProcess server : servers) {
            boolean isAsked = now.path("WaitingFor").has(server.name())
                    && !now.path("Members")
                            .path(server.name())
                            .path("Mend")
                            .asText()
                            .isEmpty();
            if (isAsked && done.add(goal + " " + server.name())) {
                lay(server.name(), STAGES.getOrDefault(kind, Map.of()).getOrDefault(goal, Map.of()));
                restart(pool, server, members, reads);
                if (kind.equals("tls") && goal.equals("sending")) {
                    // Nobody sees from outside how it calls others.
                    assertThat(agents.get(0)
                                    .api()
                                    .put("/v1/operator/upshift/tls/vouch?stage=sending&member=" + server.name())
                                    .statusCode())
                            .isEqualTo(200);
                }
            }
        }
    }

    private void restart(Pool pool, ConsulProcess server, Vigil members, ReadVigil reads) {
        members.rest(server);
        NodeProcess old = server.process().orElseThrow();
        old.terminate();
        old.awaitExit();
        server.start(pool.seeds());
        awaitLeader();
        members.resume(server);
        reads.awaitReads();
        Awaitility.await(server.name() + " sees all").atMost(PATIENCE).until(members::isWhole);
    }

    private void awaitLeader() {
        Awaitility.await("a leader that all servers know, and voters")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> {
                    for (ConsulProcess server : servers) {
                        assertThat(server.api().get("/v1/status/leader").asText())
                                .isNotEmpty();
                    }
                    assertThat(servers.get(0)
                                    .api()
                                    .get("/v1/operator/raft/configuration")
                                    .path("Servers"))
                            .hasSize(servers.size());
                });
    }

    private void lay(String server, Map<String, Object> more) {
        held.computeIfAbsent(server, none -> new LinkedHashMap<>()).putAll(more);
        NodeFiles.write(directory.resolve(server + "-security.json"), held.get(server));
    }

    private Map<String, Object> certificate(CertificateRequest request) {
        Map<String, Object> settings = new LinkedHashMap<>();
        files.settings(TlsFiles.issue(authority, request), List.of(authority)).forEach((key, value) -> {
            if (key.endsWith("-file")) {
                settings.put(key.replace('-', '_'), value);
            }
        });
        return settings;
    }

    private Path settings(String agent) {
        StringBuilder text = new StringBuilder(
                        "sotto {\n  rpc.enabled = true\n  upshift.quiet = 5s\n  upshift.token-hashes = [\"")
                .append(hash())
                .append("\"]\n");
        files.settings(TlsFiles.issue(authority, CertificateRequest.client("dc1", "consul")), List.of(authority))
                .forEach((key, value) -> text.append("  tls.")
                        .append(key)
                        .append(" = \"")
                        .append(value)
                        .append("\"\n"));
        return NodeFiles.write(
                directory.resolve(agent + ".conf"), text.append("}\n").toString());
    }

    private static String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return Octets.wrap(digest.digest(TOKEN.getBytes(StandardCharsets.UTF_8)))
                    .toHex();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private String keyFile() {
        return NodeFiles.write(directory.resolve("gossip.key"), KEY).toString();
    }
}
