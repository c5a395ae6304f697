package io.sotto.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Three JVMs that know nobody but gossip form one Pekko Cluster, by Cluster Bootstrap and the discovery method {@code sotto}; every
 * Pekko module in them is the floor's.
 */
class ClusterBootstrapIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String KEY = Base64.getEncoder().encodeToString(SecureRandom.getSeed(32));
    private static final long PROCESS = ProcessHandle.current().pid();

    private final List<StartedProgram> programs = new ArrayList<>();

    @AfterEach
    void tearDown() {
        programs.forEach(StartedProgram::close);
    }

    @Test
    void threeJvmsFormOneClusterFromAPoolOfTheirOwn() throws Exception {
        Path directory = directory("alone");
        String first = ip(0, 1);
        formOneCluster(directory, 0, "retry-join = [\"" + first + "\"]");
    }

    @Test
    void threeJvmsThatFindARealConsulFormOneClusterInItsPool() throws Exception {
        Optional<Path> consul = RealConsul.find();
        assertThat(consul.isPresent() || !RealConsul.isRequired())
                .as("a real consul, which SOTTO_PEERS_REQUIRED asks for")
                .isTrue();
        assumeThat(consul).as("a real consul").isPresent();
        Path directory = directory("consul");
        String seed = ip(1, 9);
        programs.add(consul(consul.get(), directory, seed));
        formOneCluster(directory, 1, """
                discovery-join { method = config, service = datacenter, port = 8301 }
                }
                pekko.discovery.config.services.datacenter.endpoints = [ { host = "%s" } ]
                sotto {
                """.formatted(seed));
    }

    private void formOneCluster(Path directory, int net, String settings) throws Exception {
        List<StartedProgram> nodes = new ArrayList<>();
        for (int node = 1; node <= 3; node++) {
            Path file = Files.writeString(
                    directory.resolve("shop-" + node + ".conf"),
                    settings(net, node).formatted(settings));
            StartedProgram started = StartedProgram.start(
                    directory.resolve("shop-" + node + ".log"), BootstrapNode.class, file.toString());
            nodes.add(started);
            programs.add(started);
        }
        String all = IntStream.rangeClosed(1, 3)
                .mapToObj(node -> "pekko://shop@" + ip(net, node) + ":17355")
                .collect(Collectors.joining(","));
        Awaitility.await("one cluster of three")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> {
                    for (StartedProgram node : nodes) {
                        assertThat(node.isAlive()).as(node.log()).isTrue();
                        assertThat(node.last("CLUSTER"))
                                .as(node.log())
                                .hasValueSatisfying(line -> assertThat(line).endsWith(" up=" + all));
                    }
                    assertThat(leaders(nodes)).hasSize(1);
                });
    }

    /** Each sees the same leader: three clusters of one would have three. */
    private static Set<String> leaders(List<StartedProgram> nodes) throws IOException {
        List<String> lines = new ArrayList<>();
        for (StartedProgram node : nodes) {
            lines.add(node.last("CLUSTER").orElse(""));
        }
        return lines.stream().map(line -> line.split(" ", -1)[1]).collect(Collectors.toSet());
    }

    private static String settings(int net, int node) {
        String ip = ip(net, node);
        return """
                pekko {
                  actor.provider = cluster
                  loglevel = INFO
                  remote.artery.canonical.hostname = "%s"
                  coordinated-shutdown.exit-jvm = on
                  management.http.hostname = "%s"
                  discovery.method = sotto
                  management.cluster.bootstrap.contact-point-discovery {
                    service-name = shop
                    port-name = management
                    required-contact-point-nr = 3
                    stable-margin = 500ms
                    interval = 250ms
                  }
                  cluster.shutdown-after-unsuccessful-join-seed-nodes = 30s
                }
                sotto {
                  node-name = "shop-%d"
                  bind-addr = "%s"
                  encrypt = "%s"
                  tags { service = shop, management_port = ${pekko.management.http.port} }
                """.formatted(ip, ip, node, ip, KEY) + "%s\n}\n";
    }

    private static StartedProgram consul(Path program, Path directory, String ip) throws IOException {
        Path file = Files.writeString(
                directory.resolve("consul.json"), """
                { "node_name": "consul", "server": true, "bootstrap_expect": 1, "bind_addr": "%s", "client_addr": "%s",
                  "data_dir": "%s", "encrypt": "%s", "disable_update_check": true,
                  "ports": { "dns": -1, "grpc": -1, "serf_wan": -1 } }
                """.formatted(ip, ip, directory.resolve("consul-data"), KEY));
        return StartedProgram.start(
                directory.resolve("consul.log"), List.of(program.toString(), "agent", "-config-file=" + file));
    }

    /** Loopback addresses that nobody else has. */
    private static String ip(int net, int node) {
        return "127." + (10 + PROCESS % 80) + "." + PROCESS / 80 % 256 + "." + (net * 10 + node);
    }

    private static Path directory(String test) throws IOException {
        Path directory = Path.of("target", "bootstrap", test + "-" + PROCESS).toAbsolutePath();
        return Files.createDirectories(directory);
    }
}
