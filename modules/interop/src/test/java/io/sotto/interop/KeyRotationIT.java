package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.ClusterKeyring;
import io.sotto.cluster.KeyringReport;
import io.sotto.cluster.MemberKeyring;
import io.sotto.cluster.Sotto;
import io.sotto.wire.crypto.GossipKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The key of a pool of real agents and sotto agents is changed by whoever is asked to: by {@code serf keys} and by sotto. Afterwards all have equal rings, in memory and in their files, and no member was lost. The keys are
 * of 16, 24 and 32 bytes.
 */
@NeedsPeer("serf")
@Execution(ExecutionMode.CONCURRENT)
class KeyRotationIT {
    private static final Duration SETTLING = Duration.ofSeconds(20);

    @Test
    void serfsToolChangesTheKeyOfSottosAgentsToo() {
        String old = Keys.random(16);
        try (Mixed mixed = Mixed.ofSerf("by serf keys", old)) {
            for (String next : List.of(Keys.random(24), Keys.random(32))) {
                SerfProcess serf = mixed.serfs.get(0);
                serf.verb("keys", "-install=" + next);
                mixed.awaitRings(old, next);
                serf.verb("keys", "-use=" + next);
                mixed.awaitRings(next, old);
                // The tool fills its columns with spaces.
                assertThat(serf.verb("keys", "-list").replaceAll(" +", " ")).contains(next + " [4/4]", old + " [4/4]");
                serf.verb("keys", "-remove=" + old);
                mixed.awaitRings(next);
                old = next;
            }
            Command refused = mixed.serfs.get(1).tryVerb("keys", "-remove=" + old);
            assertThat(refused.exit()).isNotZero();
            assertThat(refused.out() + refused.err())
                    .contains("Removing the primary key is not allowed")
                    .contains(mixed.sottos.get(0).name());
            mixed.pool.awaitAgreement("after two changes of the key", FormulaTime.joinBound());
        }
    }

    @Test
    void sottoChangesTheKeyOfRealAgentsToo() throws Exception {
        String old = Keys.random(32);
        String next = Keys.random(24);
        try (Mixed mixed = Mixed.ofSerf("by sotto", old);
                Embedded embedded = mixed.embedded(old)) {
            ClusterKeyring keyring = embedded.sotto().lan().clusterKeyring();
            GossipKey key = GossipKey.parse(next);

            assertDoneByAll(keyring.install(key, 0));
            mixed.awaitRings(old, next);
            assertDoneByAll(keyring.use(key, 2));
            mixed.awaitRings(next, old);
            KeyringReport status = await(keyring.status());
            assertDoneByAll(status);
            assertThat(status.answers().values())
                    .as("the matrix, of real members too")
                    .containsOnly(new MemberKeyring(true, "", List.of(key, GossipKey.parse(old)), Optional.of(key)));
            assertDoneByAll(keyring.remove(GossipKey.parse(old), 0));
            mixed.awaitRings(next);
            assertThat(await(keyring.remove(key, 0)).answers().values())
                    .hasSize(5)
                    .allMatch(answer ->
                            !answer.done() && answer.message().equals("Removing the primary key is not allowed"));
        }
    }

    /** Whoever did it, and whose answer was lost, is asked a second time. */
    @Test
    void realAgentsThatHaveDoneItAlreadyAnswerThatItIsDone() throws Exception {
        String old = Keys.random(32);
        String next = Keys.random(16);
        try (Mixed mixed = Mixed.ofSerf("done already", old);
                Embedded embedded = mixed.embedded(old)) {
            ClusterKeyring keyring = embedded.sotto().lan().clusterKeyring();
            GossipKey key = GossipKey.parse(next);

            for (int time = 0; time < 2; time++) {
                assertDoneByAll(keyring.install(key, 0));
                mixed.awaitRings(old, next);
            }
            for (int time = 0; time < 2; time++) {
                assertDoneByAll(keyring.use(key, 0));
                mixed.awaitRings(next, old);
            }
            for (int time = 0; time < 2; time++) {
                assertDoneByAll(keyring.remove(GossipKey.parse(old), 0));
                mixed.awaitRings(next);
            }
        }
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** Of those whom gossip missed each is asked once more by sotto itself. */
    private static void assertDoneByAll(CompletionStage<KeyringReport> operation) throws Exception {
        assertDoneByAll(await(operation));
    }

    private static void assertDoneByAll(KeyringReport report) {
        assertThat(report).matches(KeyringReport::isDoneEverywhere);
        assertThat(report.answers()).hasSize(5);
    }

    /** Two real serf agents and two sotto agents, each with a ring file. */
    private record Mixed(
            Path directory, Pool pool, List<SerfProcess> serfs, List<AgentProcess> sottos, List<Path> rings)
            implements AutoCloseable {
        static Mixed ofSerf(String name, String key) {
            Path directory = NodeFiles.directory("rotation " + name);
            List<Path> rings = new ArrayList<>();
            List<SerfProcess> serfs = new ArrayList<>();
            List<AgentProcess> sottos = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Path ring = NodeFiles.ring(directory.resolve("serf-" + i + ".keyring"), key);
                rings.add(ring);
                serfs.add(new SerfProcess(
                                Peers.program("serf"),
                                "serf-" + i,
                                Site.ipv4(Site.SERF_PORT),
                                directory,
                                Optional.empty())
                        .with("-keyring-file=" + ring));
                AgentProcess sotto =
                        new AgentProcess("sotto-" + i, Site.ipv4(Site.SERF_PORT), directory, "serf", Optional.of(key));
                sottos.add(sotto);
                rings.add(sotto.ring());
            }
            Pool pool = new Pool("rotation " + name);
            for (int i = 0; i < 2; i++) {
                pool.start(serfs.get(i));
                pool.start(sottos.get(i));
            }
            pool.awaitAgreement("four members see each other", FormulaTime.joinBound());
            return new Mixed(directory, pool, serfs, sottos, rings);
        }

        void awaitRings(String... keys) {
            NodeFiles.awaitRings(rings, keys);
        }

        /** A fifth member, in this process. */
        Embedded embedded(String key) {
            Site site = Site.ipv4(Site.SERF_PORT);
            Path data = directory.resolve("embedded");
            rings.add(data.resolve("serf/local.keyring"));
            var settings = ConfigFactory.parseMap(Map.of(
                            "sotto.node-name",
                            "embedded",
                            "sotto.profile",
                            "serf",
                            "sotto.bind-addr",
                            site.ip(),
                            "sotto.ports.serf-lan",
                            site.port(),
                            "sotto.data-dir",
                            data.toString(),
                            "sotto.encrypt",
                            key,
                            "sotto.start-join",
                            pool.seeds(),
                            "pekko.loglevel",
                            "WARNING"))
                    .withFallback(ConfigFactory.load());
            ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "embedded", settings);
            Embedded embedded = new Embedded(system, Sotto.get(system));
            Awaitility.await("all see five members")
                    .atMost(SETTLING)
                    .ignoreExceptions()
                    .untilAsserted(() -> {
                        assertThat(embedded.sotto.lan().members()).hasSize(5);
                        assertThat(pool.running())
                                .allSatisfy(node -> assertThat(node.members()).hasSize(5));
                    });
            return embedded;
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    /** A member in this process. */
    private record Embedded(ActorSystem<Void> system, Sotto sotto) implements AutoCloseable {
        @Override
        public void close() {
            system.terminate();
            Awaitility.await("the end of it")
                    .atMost(Duration.ofSeconds(60))
                    .until(() ->
                            system.getWhenTerminated().toCompletableFuture().isDone());
        }
    }
}
