package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.KeyAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers of two datacenters on loopback, each a member of its LAN pool and of the WAN pool. */
class WanTest {
    private static final GossipKey KEY = GossipKey.of(new byte[16]);
    private static final GossipKey OTHER = GossipKey.of(new byte[32]);

    @TempDir
    private Path directory;

    private final ActorTestKit kit = ActorTestKit.create("wan-test", ConfigFactory.load());

    @AfterEach
    void tearDown() {
        kit.shutdownTestKit();
    }

    @Test
    void aServerOfTheLanIsJoinedToTheWanAndLeavesBoth() throws Exception {
        Sotto a = server("a", "dc1", 1);
        Sotto b = server("b", "dc1", 2);
        Sotto c = server("c", "dc2", 3);
        assertThat(join(c.wan().orElseThrow(), a.wan().orElseThrow())).isEqualTo(1);
        assertThat(join(b.lan(), a.lan())).isEqualTo(1);

        awaits(c.wan().orElseThrow(), MemberEvent.Kind.JOINED, "b.dc1");
        awaits(b.wan().orElseThrow(), MemberEvent.Kind.JOINED, "c.dc2");
        assertThat(names(c.lan())).containsExactly("c");
        assertThat(names(a.lan())).containsExactly("a", "b");

        CompletionStage<MemberEvent> left = next(c.wan().orElseThrow(), MemberEvent.Kind.LEFT, "b.dc1");
        b.leave().toCompletableFuture().get(30, TimeUnit.SECONDS);
        left.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void bothPoolsKeepARingOfTheSameKeyAndAMismatchIsNamed() {
        Sotto a = server("a", "dc1", 1, "encrypt = \"" + KEY.toBase64(KeyAccess.KEYRING_FILE) + "\"");
        String ring = "[\"" + KEY.toBase64(KeyAccess.KEYRING_FILE) + "\"]";
        assertThat(directory.resolve("a/serf/local.keyring")).hasContent(ring);
        assertThat(directory.resolve("a/serf/remote.keyring")).hasContent(ring);
        assertThat(a.keyMismatch()).isEmpty();

        assertThat(a.lan().keyring().install(OTHER).toCompletableFuture().join())
                .isInstanceOf(KeyringOutcome.Done.class);
        assertThat(a.keyMismatch().orElseThrow()).contains(OTHER.id());
        assertThat(a.wan()
                        .orElseThrow()
                        .keyring()
                        .install(OTHER)
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(KeyringOutcome.Done.class);
        assertThat(a.keyMismatch()).isEmpty();
    }

    @Test
    void aReloadTakesBothPoolsThroughAnUpshift() {
        String files = "tls.watch-interval = 0s";
        Sotto a = server("a", "dc1", 1, files);
        Config section = section("a", "dc1", 1, files);
        Reloaded first = a.reload(with(
                        with(
                                with(section, "encrypt", KEY.toBase64(KeyAccess.KEYRING_FILE)),
                                "encrypt-verify-incoming",
                                false),
                        "gossip-wan.probe-interval",
                        "7s"))
                .toCompletableFuture()
                .join();
        assertThat(first).isInstanceOf(Reloaded.Applied.class);
        assertThat(((Reloaded.Applied) first).changed())
                .contains(
                        "encrypt: key " + KEY.id() + " is the primary of the keyring",
                        "encrypt-verify-incoming=false",
                        "gossip-wan.probe-interval=7s");
        assertThat(((Reloaded.Applied) first).afterRestart()).isEmpty();
        assertThat(a.wan().orElseThrow().plaintext()).isPresent();
        assertThat(a.wan().orElseThrow().stats().encrypted()).isTrue();
        assertThat(a.keyMismatch()).isEmpty();

        assertThat(a.reload(with(section, "encrypt", KEY.toBase64(KeyAccess.KEYRING_FILE)))
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(Reloaded.Applied.class);
        assertThat(a.wan().orElseThrow().plaintext()).isEmpty();
        assertThat(a.lan().plaintext()).isEmpty();
    }

    @Test
    void aKeyThatTheWanRingLacksRefusesTheReloadOfBoth() {
        Sotto a = server("a", "dc1", 1, "encrypt = \"" + KEY.toBase64(KeyAccess.KEYRING_FILE) + "\"");
        a.lan().keyring().install(OTHER).toCompletableFuture().join();
        Config section = section("a", "dc1", 1);
        assertThat(a.reload(with(section, "encrypt", OTHER.toBase64(KeyAccess.KEYRING_FILE)))
                        .toCompletableFuture()
                        .join())
                .isEqualTo(new Reloaded.Refused(
                        "the WAN pool holds other keys than the new one of encrypt: install it first"));
    }

    @Test
    void aLanRingWithoutAWanRingIsNoReasonToSpeakPlaintext() throws Exception {
        Path ring = directory.resolve("a/serf/local.keyring");
        Files.createDirectories(ring.getParent());
        Files.writeString(ring, "[\"" + KEY.toBase64(KeyAccess.KEYRING_FILE) + "\"]");
        Files.setPosixFilePermissions(ring, PosixFilePermissions.fromString("rw-------"));
        Config section = section("a", "dc1", 1);

        assertThatThrownBy(() -> Sotto.create(kit.system(), section))
                .isInstanceOf(ConfigException.BadValue.class)
                .hasMessageContaining("the LAN pool has a keyring and the WAN pool has none: copy " + ring + " to ");
    }

    private Sotto server(String name, String datacenter, int host, String... further) {
        Sotto sotto = Sotto.create(kit.system(), section(name, datacenter, host, further));
        sotto.lan().started().toCompletableFuture().join();
        sotto.wan().orElseThrow().started().toCompletableFuture().join();
        return sotto;
    }

    private Config section(String name, String datacenter, int host, String... further) {
        List<String> all = new ArrayList<>(List.of(further));
        all.add("node-name = " + name + ", datacenter = " + datacenter + ", server = true");
        all.add("bind-addr = \"127.86.1." + host + "\", ports { serf-lan = 0, serf-wan = 0, server = 18300 }");
        all.add("data-dir = \"" + directory.resolve(name) + "\"");
        return ConfigFactory.parseString(String.join("\n", all))
                .withFallback(ConfigFactory.load().getConfig("sotto"));
    }

    private static Config with(Config section, String path, Object value) {
        return section.withValue(path, ConfigValueFactory.fromAnyRef(value));
    }

    private static int join(Pool from, Pool to) {
        return from.join(List.of(to.self().address().toString()))
                .toCompletableFuture()
                .join()
                .contacted();
    }

    private static List<String> names(Pool pool) {
        return pool.members().stream().map(Member::name).toList();
    }

    private void awaits(Pool pool, MemberEvent.Kind kind, String name) throws Exception {
        next(pool, kind, name).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private CompletionStage<MemberEvent> next(Pool pool, MemberEvent.Kind kind, String name) {
        return pool.memberEvents()
                .filter(event -> event.kind() == kind && event.member().name().equals(name))
                .runWith(Sink.head(), kit.system());
    }
}
