package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Three real servers, restarted one at a time, and three sotto agents, reloaded, go to TLS in three steps, while every agent
 * reads through the leader: nothing fails because of TLS, and no step costs more reads than restarts alone do.
 *
 * <p>Source: TLS specification, section 4.
 */
@NeedsPeer("consul")
final class ConsulTlsMigrationIT {
    private static final Duration SETTLING = Duration.ofSeconds(90);
    /** What real and sotto agents say when a connection fails for what TLS demands of it. */
    private static final Pattern BECAUSE_OF_TLS =
            Pattern.compile("tls: |x509|certificate|Non-TLS|handshake|unrecognized name");

    /** A server's own words where a connection, sealed or not, was closed while it wrote: whoever was restarted held the other end. */
    static final String CLOSED_UNDER_IT = "yamux: Failed to write header: tls: use of closed connection";

    /** What both kinds of agents read, under Consul's names; each step adds to the one before. */
    private static final List<Map<String, Object>> STEPS = List.of(
            Map.of(),
            Map.of("verify_outgoing", true, "verify_server_hostname", true),
            Map.of("verify_outgoing", true, "verify_server_hostname", true, "verify_incoming", true));

    private final Path directory = NodeFiles.directory("consul to tls");
    private final CertificateAuthority authority = TlsFiles.authority();
    private final TlsFiles files = new TlsFiles(directory);

    @Test
    void threeStepsWithRealServersCostNoMoreThanTheirRestarts() {
        List<ConsulProcess> servers = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> new ConsulProcess(
                                "server-" + i,
                                Site.ipv4(Site.CONSUL_PORT),
                                directory,
                                ConsulProcess.Role.SERVER,
                                Optional.empty())
                        .with("performance", Map.of("raft_multiplier", 2))
                        .reading(file("server-" + i)))
                .toList();
        List<AgentProcess> agents = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> new AgentProcess(
                                "agent-" + i, Site.ipv4(Site.CONSUL_PORT), directory, "consul-client", Optional.empty())
                        // An election may take its time on a busy machine.
                        .with("performance", Map.of("rpc_hold_timeout", "30s"))
                        .reading(file("agent-" + i)))
                .toList();
        Stream.concat(servers.stream(), agents.stream()).forEach(node -> lay(node, Map.of()));
        try (Pool pool = new Pool("consul to tls")) {
            servers.forEach(pool::start);
            agents.forEach(pool::start);
            awaitLeader(servers);
            migrate(pool, servers, agents);
        }
        assertThat(servers)
                .allSatisfy(server -> assertThat(server.log().lines())
                        .filteredOn(line -> BECAUSE_OF_TLS.matcher(line).find() && !line.endsWith(CLOSED_UNDER_IT))
                        .as("what %s says of TLS", server.name())
                        .isEmpty());
    }

    private void migrate(Pool pool, List<ConsulProcess> servers, List<AgentProcess> agents) {
        Map<PoolNode, Map<String, Object>> certificates = new HashMap<>();
        servers.forEach(server -> certificates.put(server, certificate(CertificateRequest.server("dc1", "consul"))));
        agents.forEach(agent -> certificates.put(agent, certificate(CertificateRequest.client("dc1", "consul"))));
        try (ReadVigil vigil = ReadVigil.over(agents)) {
            servers.forEach(server -> restart(pool, servers, server, vigil));
            List<String> baseline = vigil.failures();
            assertThat(baseline).noneMatch(ConsulTlsMigrationIT::isBecauseOfTls);
            for (Map<String, Object> step : STEPS) {
                int before = vigil.failures().size();
                certificates.forEach((node, own) -> lay(node, merged(own, step)));
                servers.forEach(server -> restart(pool, servers, server, vigil));
                agents.forEach(agent -> reload(agent, vigil));
                assertThat(vigil.failures()).noneMatch(ConsulTlsMigrationIT::isBecauseOfTls);
                assertThat(vigil.failures().subList(before, vigil.failures().size()))
                        .as("reads that failed in step %s, after %s by restarts alone", step.keySet(), baseline)
                        .hasSizeLessThanOrEqualTo(baseline.size());
            }
        }
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

    private static Map<String, Object> merged(Map<String, Object> own, Map<String, Object> step) {
        Map<String, Object> all = new LinkedHashMap<>(own);
        all.putAll(step);
        return all;
    }

    private static boolean isBecauseOfTls(String failure) {
        return BECAUSE_OF_TLS.matcher(failure).find();
    }

    private static void restart(Pool pool, List<ConsulProcess> servers, ConsulProcess server, ReadVigil vigil) {
        NodeProcess old = server.process().orElseThrow();
        old.terminate();
        old.awaitExit();
        server.start(pool.seeds());
        awaitLeader(servers);
        vigil.awaitReads();
    }

    private static void awaitLeader(List<ConsulProcess> servers) {
        Awaitility.await("a leader that all servers know")
                .atMost(SETTLING)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(servers)
                        .allSatisfy(server -> assertThat(
                                        server.api().get("/v1/status/leader").asText())
                                .isNotEmpty()));
        Awaitility.await("servers that all are healthy voters")
                .atMost(SETTLING)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(servers.get(0)
                                .api()
                                .get("/v1/operator/raft/configuration")
                                .path("Servers"))
                        .hasSize(servers.size())
                        .allSatisfy(voter ->
                                assertThat(voter.path("Voter").asBoolean()).isTrue()));
    }

    private static void reload(AgentProcess agent, ReadVigil vigil) {
        HttpResponse<String> answer = agent.api().put("/v1/agent/reload");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        vigil.awaitReads();
    }

    private Path file(String node) {
        return directory.resolve(node + "-tls.json");
    }

    private void lay(PoolNode node, Map<String, Object> settings) {
        NodeFiles.write(file(node.name()), settings);
    }
}
