package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.KeyAccess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The door that applications enter by, on loopback. */
class SottoTest {
    private final ActorTestKit kit =
            ActorTestKit.create("sotto-test", section("a").atPath("sotto").withFallback(ConfigFactory.load()));

    @AfterEach
    void tearDown() {
        kit.shutdownTestKit();
    }

    @Test
    void aSystemHasOneInstanceWhoeverAsks() {
        assertThat(Sotto.get(kit.system())).isSameAs(Sotto.get(kit.system()));
        assertThat(started(Sotto.get(kit.system())).name()).isEqualTo("a");
    }

    @Test
    void twoInstancesJoinAndTheEventsBeginWithThePresentView() throws Exception {
        ActorSystem<Void> system = kit.system();
        Sotto a = Sotto.get(system);
        Sotto b = Sotto.create(system, section("b"));
        Member there = started(a);
        started(b);

        JoinOutcome outcome = b.lan()
                .join(List.of(there.address().toString()))
                .toCompletableFuture()
                .join();

        assertThat(outcome).isEqualTo(new JoinOutcome(1, List.of()));
        List<MemberEvent> events = b.lan()
                .memberEvents()
                .take(2)
                .runWith(Sink.seq(), system)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        assertThat(events).extracting(MemberEvent::kind).containsOnly(MemberEvent.Kind.JOINED);
        assertThat(events).extracting(event -> event.member().name()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aTakenPortFailsTheStartWithWordsForTheOperator() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            Config section = ConfigFactory.parseString("ports.serf-lan = " + taken.getLocalPort())
                    .withFallback(section("c"));

            assertThatThrownBy(() -> started(Sotto.create(kit.system(), section)))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(PoolStartException.class)
                    .hasMessageContaining("address already in use");
        }
    }

    @Test
    void aBrokenKeyringFailsTheStart(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("serf"));
        Files.writeString(directory.resolve("serf/local.keyring"), "[]");
        Files.setPosixFilePermissions(
                directory.resolve("serf/local.keyring"), PosixFilePermissions.fromString("rw-------"));
        Config section =
                ConfigFactory.parseString("data-dir = \"" + directory + "\"").withFallback(section("d"));

        assertThatThrownBy(() -> started(Sotto.create(kit.system(), section)))
                .hasCauseInstanceOf(PoolStartException.class)
                .hasMessageContaining("no keys present in keyring: ");
    }

    @Test
    void theKeysOfAPoolAreChangedOnThisNodeAndOnDiskAndNamedByTheirIds(@TempDir Path directory) throws Exception {
        GossipKey first = GossipKey.of(new byte[16]);
        GossipKey second = GossipKey.of(new byte[32]);
        Config section = ConfigFactory.parseString("data-dir = \"" + directory + "\", encrypt = \""
                        + first.toBase64(KeyAccess.KEYRING_FILE) + "\"")
                .withFallback(section("e"));
        PoolKeyring keyring = Sotto.create(kit.system(), section).lan().keyring();

        assertThat(done(keyring.list())).containsExactly(first.id());
        assertThat(done(keyring.install(second))).containsExactly(first.id(), second.id());
        second.wipe();
        GossipKey again = GossipKey.of(new byte[32]);
        assertThat(done(keyring.use(again))).containsExactly(again.id(), first.id());
        assertThat(keyring.remove(again).toCompletableFuture().join())
                .isEqualTo(new KeyringOutcome.Refused("Removing the primary key is not allowed"));
        assertThat(done(keyring.remove(first))).containsExactly(again.id());
        Path ring = directory.resolve("serf/local.keyring");
        assertThat(ring).hasContent("[\n  \"" + again.toBase64(KeyAccess.KEYRING_FILE) + "\"\n]");

        Files.delete(ring);
        Files.createDirectories(ring.resolve("in the way"));
        assertThat(keyring.install(first).toCompletableFuture().join())
                .isEqualTo(new KeyringOutcome.NotWritten("cannot write keyring " + ring + ": is a directory"));
        assertThat(done(keyring.list())).containsExactly(again.id());
    }

    private static List<String> done(CompletionStage<KeyringOutcome> outcome) {
        return ((KeyringOutcome.Done) outcome.toCompletableFuture().join()).keyIds();
    }

    private static Member started(Sotto sotto) {
        return sotto.lan().started().toCompletableFuture().join();
    }

    private static Config section(String name) {
        return ConfigFactory.parseString(
                "node-name = " + name + ", bind-addr = \"127.0.0.1\", ports.serf-lan = 0, profile = serf");
    }
}
