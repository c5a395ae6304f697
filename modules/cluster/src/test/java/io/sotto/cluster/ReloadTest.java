package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.sotto.wire.crypto.GossipKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that runs, on loopback, is told settings that changed. */
class ReloadTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String OTHER = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";

    @TempDir
    private Path directory;

    private final ActorTestKit kit = ActorTestKit.create("reload-test", ConfigFactory.load());
    private Config section = ConfigFactory.load().getConfig("sotto");
    private Sotto sotto;

    @BeforeEach
    void setUp() {
        section = ConfigFactory.parseString(
                        "node-name = a, bind-addr = \"127.0.0.1\", ports.serf-lan = 0, profile = serf")
                .withFallback(section);
        set("data-dir", directory.toString());
        sotto = Sotto.create(kit.system(), section);
        sotto.lan().started().toCompletableFuture().join();
    }

    @AfterEach
    void tearDown() {
        kit.shutdownTestKit();
    }

    @Test
    void nothingChangesWhereNothingDiffers() {
        assertThat(reload()).isEqualTo(new Reloaded.Applied(List.of(), List.of(), List.of()));
    }

    @Test
    void callsAreTakenFromAReloadOnAndUntilARestart() {
        assertThat(sotto.rpc().started().toCompletableFuture().join()).isEmpty();
        set("rpc.port", 0);
        set("rpc.enabled", true);

        assertThat(applied()).isEqualTo(new Reloaded.Applied(List.of("rpc.enabled=true"), List.of(), List.of()));
        InetSocketAddress first =
                sotto.rpc().started().toCompletableFuture().join().orElseThrow();
        assertThat(applied().changed()).isEmpty();
        assertThat(sotto.rpc().started().toCompletableFuture().join()).contains(first);

        set("rpc.enabled", false);
        assertThat(applied().afterRestart()).containsExactly("rpc.enabled");
        assertThat(sotto.rpc().started().toCompletableFuture().join()).contains(first);
    }

    @Test
    void aPortThatIsTakenIsNamedAndCanBeTriedAgain() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            set("rpc.port", taken.getLocalPort());
            set("rpc.enabled", true);
            assertThat(reload())
                    .isInstanceOfSatisfying(
                            Reloaded.Refused.class,
                            refused -> assertThat(refused.reason())
                                    .contains("everything but rpc is in force", "cannot take calls on"));
        }
        assertThat(applied().changed()).containsExactly("rpc.enabled=true");
    }

    @Test
    void anUpshiftIsThreeReloads() {
        set("encrypt", KEY);
        set("encrypt-verify-incoming", false);
        set("encrypt-verify-outgoing", false);
        assertThat(reload())
                .isEqualTo(new Reloaded.Applied(
                        List.of(
                                "encrypt: key " + GossipKey.parse(KEY).id() + " is the primary of the keyring",
                                "encrypt-verify-incoming=false",
                                "encrypt-verify-outgoing=false"),
                        List.of(),
                        List.of()));
        assertThat(sotto.lan().stats().encrypted()).isTrue();
        assertThat(directory.resolve("serf/local.keyring")).hasContent("[\"" + KEY + "\"]");

        set("encrypt-verify-outgoing", true);
        assertThat(applied().changed()).containsExactly("encrypt-verify-outgoing=true");
        set("encrypt-verify-incoming", true);
        assertThat(applied().changed()).containsExactly("encrypt-verify-incoming=true");
        assertThat(applied().changed()).isEmpty();
    }

    @Test
    void timingAndLabelsAreTakenUpAndTheRestIsNamed() {
        set("gossip-lan.probe-interval", "2500ms");
        set("label", "blue");
        set("label-accept", List.of(""));
        set("node-name", "b");
        set("gossip.flood.ledger-max", 7);

        assertThat(reload())
                .isEqualTo(new Reloaded.Applied(
                        List.of("label=\"blue\"", "label-accept=[\"\"]", "gossip-lan.probe-interval=2500ms"),
                        List.of("gossip.flood.ledger-max", "node-name"),
                        List.of()));
        assertThat(applied().changed()).isEmpty();
        assertThat(applied().afterRestart())
                .as("still so, as compared with the start")
                .containsExactly("gossip.flood.ledger-max", "node-name");
    }

    @Test
    void aFaultAnywhereChangesNothing() {
        set("encrypt-verify-outgoing", false);
        set("gossip-lan.probe-interval", "often");
        assertThat(reload())
                .isInstanceOfSatisfying(
                        Reloaded.Refused.class,
                        refused -> assertThat(refused.reason()).contains("probe-interval"));

        set("gossip-lan.probe-interval", "1s");
        assertThat(applied().changed()).containsExactly("encrypt-verify-outgoing=false");
    }

    @Test
    void anotherKeyIsRefusedAndAKeyThatStandsThereAsBeforeNeverIs() {
        set("encrypt", KEY);
        assertThat(applied().changed()).hasSize(1);
        GossipKey next = GossipKey.parse(OTHER);
        PoolKeyring keyring = sotto.lan().keyring();
        keyring.install(next).toCompletableFuture().join();
        keyring.use(next).toCompletableFuture().join();
        keyring.remove(GossipKey.parse(KEY)).toCompletableFuture().join();

        // A rotation has replaced it meanwhile.
        set("gossip-lan.gossip-nodes", 4);
        assertThat(applied().changed()).containsExactly("gossip-lan.gossip-nodes=4");

        set("encrypt", OTHER);
        assertThat(applied())
                .isEqualTo(new Reloaded.Applied(
                        List.of(), List.of(), List.of("encrypt is a key that the keyring holds already")));
        set("encrypt", KEY);
        set("gossip-lan.gossip-nodes", 5);
        assertThat(reload())
                .isInstanceOfSatisfying(
                        Reloaded.Refused.class,
                        refused -> assertThat(refused.reason())
                                .contains("keyring rotate")
                                .doesNotContain(KEY));
        set("encrypt", "");
        assertThat(applied())
                .isEqualTo(new Reloaded.Applied(
                        List.of("gossip-lan.gossip-nodes=5"),
                        List.of(),
                        List.of("encrypt is no longer set: the keyring stays as it is")));
    }

    @Test
    void aKeyMayBeInAFileOfItsOwnOrComeFromAClass() throws Exception {
        Path file = Files.createFile(
                directory.resolve("key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, KEY + "\n");
        set("encrypt-file", file.toString());
        assertThat(applied().changed()).hasSize(1);

        set("encrypt-source", Vault.class.getName());
        assertThat(reload())
                .isInstanceOfSatisfying(
                        Reloaded.Refused.class,
                        refused -> assertThat(refused.reason())
                                .contains("encrypt-file and encrypt-source both give a key"));
        set("encrypt-file", "");
        assertThat(applied()).isEqualTo(new Reloaded.Applied(List.of(), List.of(), List.of()));

        set("encrypt-source", EmptyVault.class.getName());
        assertThat(reload())
                .isInstanceOfSatisfying(
                        Reloaded.Refused.class,
                        refused -> assertThat(refused.reason()).contains("the vault is sealed"));
        set("encrypt-source", "no.such.Vault");
        assertThat(reload())
                .isInstanceOfSatisfying(
                        Reloaded.Refused.class,
                        refused -> assertThat(refused.reason()).contains("no.such.Vault is no class of a KeySource"));
    }

    @Test
    void aKeyFileThatOthersCanReadIsRefused() throws Exception {
        Path file = Files.writeString(directory.resolve("key"), KEY);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        set("encrypt-file", file.toString());

        assertThat(reload())
                .isInstanceOfSatisfying(
                        Reloaded.Refused.class,
                        refused -> assertThat(refused.reason()).contains("chmod 600 " + file));
    }

    /** Gives the key. */
    public static final class Vault implements KeySource {
        @Override
        public String name() {
            return "a vault";
        }

        @Override
        public Optional<GossipKey> key() {
            return Optional.of(GossipKey.parse(KEY));
        }
    }

    /** Cannot tell. */
    public static final class EmptyVault implements KeySource {
        @Override
        public String name() {
            return "a vault";
        }

        @Override
        public Optional<GossipKey> key() throws KeySourceException {
            throw new KeySourceException("the vault is sealed");
        }
    }

    private void set(String path, Object value) {
        section = section.withValue(path, ConfigValueFactory.fromAnyRef(value));
    }

    private Reloaded reload() {
        return sotto.reload(section).toCompletableFuture().join();
    }

    private Reloaded.Applied applied() {
        Reloaded reloaded = reload();
        assertThat(reloaded).isInstanceOf(Reloaded.Applied.class);
        return (Reloaded.Applied) reloaded;
    }
}
