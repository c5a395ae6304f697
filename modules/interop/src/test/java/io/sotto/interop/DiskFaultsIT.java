package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.KeyringOutcome;
import io.sotto.cluster.PoolKeyring;
import io.sotto.cluster.Sotto;
import io.sotto.wire.crypto.GossipKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A disk that is full, read-only or gone. A change of the ring is told so, leaves the old file byte for byte and the ring in
 * force equal to it, and succeeds once the disk is well again. An agent that must write cannot start, and says why.
 */
class DiskFaultsIT {
    private static final String FULL = "no space left on device";
    private static final String READ_ONLY = "read-only file system";
    private static final long PATIENCE_SECONDS = 30;

    private final Path directory = NodeFiles.directory("disk-faults");
    private final Path data = directory.resolve("disk/data");
    private final Path ring = data.resolve("serf/local.keyring");
    private final String configured = Keys.random(32);
    private final GossipKey first = GossipKey.parse(configured);
    private final GossipKey second = GossipKey.parse(Keys.random(16));
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void mountADisk() {
        open.add(SmallDisk.mount(directory.resolve("disk")));
    }

    @AfterEach
    void closeAll() throws Exception {
        // The disk came first and goes last.
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void aFullDiskRefusesEveryChangeAndHarmsNothing() throws Exception {
        PoolKeyring keyring = embedded();
        done(keyring.install(second));
        disk().fill();

        assertRefusedAndUnharmed(keyring, FULL);

        disk().free();
        assertThat(done(keyring.use(second))).containsExactly(second.id(), first.id());
        assertThat(done(keyring.remove(first))).containsExactly(second.id());
        assertThat(Files.readString(ring)).doesNotContain(configured);
    }

    @Test
    void aReadOnlyDiskRefusesEveryChangeAndHarmsNothing() throws Exception {
        PoolKeyring keyring = embedded();
        done(keyring.install(second));
        disk().readOnly();

        assertRefusedAndUnharmed(keyring, READ_ONLY);

        disk().writable();
        assertThat(done(keyring.use(second))).containsExactly(second.id(), first.id());
    }

    @Test
    void aDirectoryRemovedUnderneathIsToldAndTheNextChangeAfterItIsBackRestoresTheFile() throws Exception {
        PoolKeyring keyring = embedded();
        done(keyring.install(second));
        // Once it is written a lone node has nothing to add to it.
        Awaitility.await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> Files.exists(snapshot()));
        Files.delete(ring);
        Files.delete(snapshot());
        Files.deleteIfExists(seals());
        Files.delete(data.resolve("serf"));

        assertThat(outcome(keyring.use(second)))
                .isEqualTo(
                        new KeyringOutcome.NotWritten("cannot write keyring " + ring + ": no such file or directory"));
        assertThat(done(keyring.list())).containsExactly(first.id(), second.id());
        assertThat(data).isEmptyDirectory();

        Files.createDirectory(data.resolve("serf"));
        assertThat(done(keyring.use(second))).containsExactly(second.id(), first.id());
        assertThat(ring).exists();
    }

    @Test
    void anAgentThatCannotKeepItsIdOnAFullDiskEndsWithTheReason() throws Exception {
        Files.createDirectory(data);
        disk().fill();

        agent("full")
                .assertRefused(List.of(), "Failed to setup node ID: write " + data.resolve("node-id") + ": " + FULL);

        assertThat(data).isEmptyDirectory();
    }

    @Test
    void anAgentThatCannotKeepItsKeyOnAFullDiskEndsWithTheReason() throws Exception {
        Files.createDirectory(data);
        Files.writeString(data.resolve("node-id"), "11111111-1111-4111-8111-111111111111");
        disk().fill();

        agent("full")
                .assertRefused(List.of(), "Failed to configure keyring: cannot write keyring " + ring + ": " + FULL);

        assertThat(ring).doesNotExist();
    }

    @Test
    void anAgentWhoseDirectoryCannotBeMadeOnAReadOnlyDiskEndsWithTheReason() {
        disk().readOnly();

        agent("read-only").assertRefused(List.of(), "Failed to setup node ID: mkdir " + data + ": " + READ_ONLY);
    }

    @Test
    void anAgentWithNothingToWriteStartsOnAFullDiskAndIsRefusedOnAReadOnlyOne() throws Exception {
        try (AgentProcess agent = agent("started")) {
            agent.start(List.of());
            assertThat(agent.terminate()).isZero();
            byte[] before = Files.readAllBytes(ring);
            disk().fill();
            agent.start(List.of());
            assertThat(agent.terminate()).isZero();
            disk().readOnly();
            agent.assertRefused(
                    List.of(), "data_dir \"" + data + "\": " + READ_ONLY + "; sotto must read and write it");
            assertThat(Files.readAllBytes(ring)).isEqualTo(before);
        }
    }

    /** The ring on disk is [first, second], and can become nothing else for now. */
    private void assertRefusedAndUnharmed(PoolKeyring keyring, String reason) throws Exception {
        byte[] before = Files.readAllBytes(ring);
        KeyringOutcome unwritten = new KeyringOutcome.NotWritten("cannot write keyring " + ring + ": " + reason);

        assertThat(outcome(keyring.install(GossipKey.parse(Keys.random(24))))).isEqualTo(unwritten);
        assertThat(outcome(keyring.use(second))).isEqualTo(unwritten);
        assertThat(outcome(keyring.remove(second))).isEqualTo(unwritten);

        assertThat(Files.readAllBytes(ring)).isEqualTo(before);
        assertThat(done(keyring.list())).containsExactly(first.id(), second.id());
        try (Stream<Path> files = Files.list(data.resolve("serf"))) {
            assertThat(files.filter(file -> !file.equals(snapshot()) && !file.equals(seals())))
                    .as("nothing left beside the ring, the snapshot and the count of seals")
                    .containsExactly(ring);
        }
    }

    private Path seals() {
        return data.resolve("serf/local.seals");
    }

    private Path snapshot() {
        return data.resolve("serf/local.snapshot");
    }

    private PoolKeyring embedded() throws Exception {
        Config settings = ConfigFactory.parseString("sotto { profile = serf, node-name = embedded, ports.serf-lan = 0"
                        + ", bind-addr = \"127.0.0.1\", data-dir = \"" + data + "\", encrypt = \"" + configured
                        + "\" }, pekko.loglevel = WARNING")
                .withFallback(ConfigFactory.load());
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "embedded", settings);
        open.add(() -> {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        });
        Sotto sotto = Sotto.get(system);
        sotto.lan().started().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return sotto.lan().keyring();
    }

    private AgentProcess agent(String name) {
        return new AgentProcess(name, Site.ipv4(Site.SERF_PORT), directory, "serf", Optional.of(configured))
                .with("data_dir", data.toString());
    }

    private SmallDisk disk() {
        return (SmallDisk) open.get(0);
    }

    private static KeyringOutcome outcome(CompletionStage<KeyringOutcome> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static List<String> done(CompletionStage<KeyringOutcome> stage) throws Exception {
        KeyringOutcome outcome = outcome(stage);
        assertThat(outcome).isInstanceOf(KeyringOutcome.Done.class);
        return ((KeyringOutcome.Done) outcome).keyIds();
    }
}
