package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opened;
import io.sotto.wire.crypto.Opener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The way of Consul's guides from plaintext to enforced encryption, with the files that they print: no member is lost to any
 * other at any sample, and at the end nothing on the wire is plain.
 *
 * <p>The pool suspects patiently, so that a restart on a busy machine is no failure. Source: the public guide on agent
 * encryption, "Existing cluster".
 */
@NeedsPeer("consul")
class GuideUpshiftIT {
    private static final Path GUIDES = Path.of("src", "test", "resources", "guides");
    /** In the order of the guide: the key, with both flags off; then outgoing; then incoming. */
    private static final List<String> STEPS = List.of(
            "agent-encryption-existing-cluster-step-2.json",
            "agent-encryption-existing-cluster-step-3.json",
            "agent-encryption-existing-cluster-step-4.json");
    /** What the guide prints for a new cluster, which comes to the same as the last step. */
    private static final String NEW_CLUSTER = "agent-encryption-new-cluster.json";

    private static final Object PATIENT = Map.of("suspicion_mult", 60);
    /** How long the wire is listened to: every member probes in every second. */
    private static final Duration LISTENING = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void sixAgentsByRestartAlone() {
        Path directory = NodeFiles.directory("upshift by restart");
        upshift(directory, sottos(directory, 6), GuideUpshiftIT::restart);
    }

    @Test
    void sixAgentsByLiveReload() {
        Path directory = NodeFiles.directory("upshift by reload");
        upshift(directory, sottos(directory, 6), GuideUpshiftIT::reload);
    }

    @Test
    void threeRealServersByRestartAndThreeAgentsByReload() {
        Path directory = NodeFiles.directory("upshift of real servers");
        List<PoolNode> nodes = new ArrayList<>();
        IntStream.rangeClosed(1, 3)
                .mapToObj(i -> new ConsulProcess(
                                "server-" + i,
                                Site.ipv4(Site.CONSUL_PORT),
                                directory,
                                ConsulProcess.Role.SERVER,
                                Optional.empty())
                        .with("gossip_lan", PATIENT)
                        .reading(encryption(directory, "server-" + i)))
                .forEach(nodes::add);
        nodes.addAll(sottos(directory, 3));
        upshift(directory, nodes, (pool, vigil, node) -> {
            if (node instanceof AgentProcess) {
                reload(pool, vigil, node);
            } else {
                restart(pool, vigil, node);
            }
        });
    }

    /** How a node takes over what its files say now. */
    private interface Mover {
        void move(Pool pool, Vigil vigil, PoolNode node);
    }

    private static List<PoolNode> sottos(Path directory, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> new AgentProcess(
                                "agent-" + i, Site.ipv4(Site.CONSUL_PORT), directory, "consul-client", Optional.empty())
                        .with("server", false)
                        .with("leave_on_terminate", false)
                        .with("gossip_lan", PATIENT)
                        .reading(encryption(directory, "agent-" + i)))
                .map(PoolNode.class::cast)
                .toList();
    }

    private static void upshift(Path directory, List<PoolNode> nodes, Mover mover) {
        nodes.forEach(node -> lay(directory, node, "{}"));
        try (Pool pool = new Pool(directory.getFileName().toString())) {
            nodes.forEach(pool::start);
            pool.awaitAgreement("all see each other", FormulaTime.joinBound());
            try (Vigil vigil = Vigil.over(nodes, PoolNode::members)) {
                for (String step : STEPS) {
                    nodes.forEach(node -> take(step, node, directory, pool, vigil, mover));
                }
                take(NEW_CLUSTER, nodes.get(nodes.size() - 1), directory, pool, vigil, mover);
                assertThat(vigil.lapses()).isEmpty();
                assertNothingPlain(directory, nodes);
                assertThat(vigil.lapses()).isEmpty();
                assertThat(vigil.samples()).isGreaterThan(10L * nodes.size());
            }
        }
    }

    private static void take(String step, PoolNode node, Path directory, Pool pool, Vigil vigil, Mover mover) {
        lay(directory, node, text(GUIDES.resolve(step)));
        mover.move(pool, vigil, node);
        Awaitility.await(node.name() + " is back and sees all").atMost(PATIENCE).until(vigil::isWhole);
    }

    private static void restart(Pool pool, Vigil vigil, PoolNode node) {
        vigil.rest(node);
        NodeProcess old = node.process().orElseThrow();
        old.terminate();
        old.awaitExit();
        node.start(pool.seeds());
        vigil.resume(node);
    }

    private static void reload(Pool pool, Vigil vigil, PoolNode node) {
        HttpResponse<String> answer = ((AgentProcess) node).api().put("/v1/agent/reload");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(pool.running()).contains(node);
        assertThat(vigil.isWhole()).isTrue();
    }

    private static void assertNothingPlain(Path directory, List<PoolNode> nodes) {
        Optional<String> whyNot = Wiretap.whyNot();
        assumeTrue(whyNot.isEmpty(), () -> "the wire was not listened to: " + whyNot.orElseThrow());
        GossipKey key = GossipKey.parse(NodeFiles.parse(text(GUIDES.resolve(NEW_CLUSTER)))
                .path("encrypt")
                .asText());
        Opener opener = new Opener();
        List<Octets> caught = listen(directory, nodes);
        assertThat(caught).as("datagrams on the wire").hasSizeGreaterThan(nodes.size());
        assertThat(caught)
                .filteredOn(
                        datagram -> !(opener.open(Keyring.of(key), datagram, Octets.empty()) instanceof Opened.Plain))
                .as("datagrams that the key does not open")
                .isEmpty();
    }

    private static List<Octets> listen(Path directory, List<PoolNode> nodes) {
        try (Wiretap wire =
                Wiretap.on(directory, nodes.stream().map(PoolNode::site).toList())) {
            Awaitility.await("listening").pollDelay(LISTENING).forever().until(() -> true);
            return wire.datagrams();
        }
    }

    private static Path encryption(Path directory, String node) {
        return directory.resolve(node + "-encryption.json");
    }

    /** Puts the file in place at once, as an operator's tools do. */
    private static void lay(Path directory, PoolNode node, String json) {
        try {
            Path file = encryption(directory, node.name());
            Path draft = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), json);
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        return NodeProcess.text(file);
    }
}
