package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.membership.upshift.drive.Stand;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import io.sotto.wire.crypto.GossipKey;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one node on loopback sees of another one that is taken for an agent of another kind. */
class OutsideViewTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODw==";
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path directory;

    private final ActorTestKit kit = ActorTestKit.create("outside-view-test", ConfigFactory.load());
    private final CertificateAuthority authority = CertificateAuthority.create(RANDOM, Instant.now());
    private Sotto a;
    private Sotto b;
    private int port;
    private int names;

    @BeforeEach
    void setUp() throws Exception {
        a = node("a", "");
        b = node("b", "");
        await(a.started());
        await(b.started());
        port = await(b.rpc().started()).map(InetSocketAddress::getPort).orElseThrow();
    }

    @AfterEach
    void tearDown() {
        kit.shutdownTestKit();
    }

    @Test
    void aServersTlsIsKnownByWhatItsPortTakes() throws Exception {
        assertThat(server().ground()).as("nothing to try it with").isEqualTo(Stand.Ground.UNKNOWN);
        reload(a, "a", certificate("client", CertificateRequest.client("dc1", "consul")));

        Stand without = server();
        assertThat(without.stage()).isEqualTo(UpshiftStage.NONE);
        assertThat(without.ground()).isEqualTo(Stand.Ground.TRAFFIC);
        assertThat(without.mend().orElseThrow()).contains("tls cert create -server");

        reload(b, "b", certificate("wrong", CertificateRequest.client("dc1", "consul")));
        assertThat(server().stage()).as("a client's certificate").isEqualTo(UpshiftStage.NONE);

        String proper = certificate("server", CertificateRequest.server("dc1", "consul"));
        reload(b, "b", proper);
        Stand ready = server();
        assertThat(ready.stage()).isEqualTo(UpshiftStage.READY);
        assertThat(ready.mend().orElseThrow()).contains("vouch");

        reload(b, "b", proper + ", tls.verify-incoming = true, tls.verify-outgoing = true");
        Stand enforced = server();
        assertThat(enforced.stage()).isEqualTo(UpshiftStage.ENFORCED);
        assertThat(enforced.mend()).isEmpty();
    }

    @Test
    void whoDoesNotListenIsUnknownAndSoIsWhoHasFailed() throws Exception {
        Map<String, Stand> seen = await(view().look(
                        UpshiftKind.TLS,
                        Optional.empty(),
                        List.of(
                                WanMembers.alive("client", "127.0.0.1", 1, Map.of("role", "node", "build", "1.8.7:")),
                                WanMembers.member(
                                        "gone",
                                        "127.0.0.1",
                                        1,
                                        Member.Status.FAILED,
                                        Map.of("role", "consul", "port", "1")))));

        assertThat(seen).containsOnlyKeys("client", "gone");
        assertThat(seen.values()).allSatisfy(stand -> {
            assertThat(stand.stage()).isEqualTo(UpshiftStage.NONE);
            assertThat(stand.ground()).isEqualTo(Stand.Ground.UNKNOWN);
            assertThat(stand.hindrance()).isPresent();
            assertThat(stand.mend()).isPresent();
        });
    }

    @Test
    void aMembersGossipIsKnownByTrialsAndByNothingPlainOfIt() throws Exception {
        Sotto c = node("c", "encrypt = \"" + KEY + "\", encrypt-verify-incoming = false");
        Sotto d = node("d", "encrypt = \"" + KEY + "\"");
        await(c.started());
        Member sealed = await(d.started());
        await(c.join(List.of(sealed.address().toString())));
        OutsideView view = new OutsideView((RunningPool) c.lan(), ((RunningRpc) c.rpc())::tryTls, "dc1");
        kitAwait(() -> c.member("d").isPresent());

        Map<String, Stand> seen =
                await(view.look(UpshiftKind.GOSSIP, Optional.of(GossipKey.parse(KEY)), List.of(sealed)));

        assertThat(Objects.requireNonNull(seen.get("d")).stage()).isEqualTo(UpshiftStage.ENFORCED);
        assertThat(Objects.requireNonNull(seen.get("d")).ground()).isEqualTo(Stand.Ground.TRAFFIC);
    }

    private void kitAwait(BooleanSupplier condition) {
        kit.createTestProbe().awaitAssert(Duration.ofSeconds(20), () -> {
            assertThat(condition.getAsBoolean()).isTrue();
            return null;
        });
    }

    /** A member of another name each time, since what was found out is kept for a while. */
    private Stand server() throws Exception {
        String name = "server-" + ++names;
        Member server = WanMembers.alive(name, "127.0.0.1", 1, Map.of("role", "consul", "port", String.valueOf(port)));
        return Objects.requireNonNull(await(view().look(UpshiftKind.TLS, Optional.empty(), List.of(server)))
                .get(name));
    }

    private OutsideView view() {
        return new OutsideView((RunningPool) a.lan(), ((RunningRpc) a.rpc())::tryTls, "dc1");
    }

    private String certificate(String name, CertificateRequest request) throws Exception {
        IssuedCertificate issued = authority.issue(request, RANDOM, Instant.now());
        return "tls.ca-file = \"" + write("ca-" + name, authority.certificatePem()) + "\", tls.cert-file = \""
                + write(name, issued.certificatePem()) + "\", tls.key-file = \"" + write(name + "-key", issued.keyPem())
                + "\"";
    }

    private Path write(String name, byte[] content) throws Exception {
        Path file = directory.resolve(name + ".pem");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.write(file, content);
    }

    private Sotto node(String name, String more) {
        return Sotto.create(kit.system(), section(name, more));
    }

    private static Config section(String name, String more) {
        return ConfigFactory.parseString("node-name = " + name
                        + ", bind-addr = \"127.0.0.1\", ports.serf-lan = 0, profile = serf\n"
                        + "leave-on-shutdown = false, rpc { enabled = on, port = 0, drain-timeout = 1s }, tls.watch-interval = 0s\n"
                        + more)
                .withFallback(ConfigFactory.load().getConfig("sotto"));
    }

    private static void reload(Sotto node, String name, String more) throws Exception {
        assertThat(await(node.reload(section(name, more)))).isInstanceOf(Reloaded.Applied.class);
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
