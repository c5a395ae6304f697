package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.sotto.pki.PeerRole;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import io.sotto.rpc.application.RpcCodecs;
import io.sotto.rpc.application.RpcMethod;
import io.sotto.rpc.application.RpcOutcome;
import io.sotto.rpc.application.RpcStreamException;
import io.sotto.rpc.pool.Callee;
import io.sotto.rpc.pool.PoolMetric;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members on loopback that call each other, and go from no TLS to all of it while they do. */
class RpcMigrationTest {
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final RpcMethod<String, String> WHO = RpcMethod.of("Shop.Who", RpcCodecs.text(), RpcCodecs.text());
    private static final RpcMethod<String, String> COUNT =
            RpcMethod.of("Shop.Count", RpcCodecs.text(), RpcCodecs.text());
    private static final Duration SECONDS = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private final ActorTestKit kit = ActorTestKit.create("rpc-migration-test", ConfigFactory.load());
    private final Map<String, Sotto> members = new LinkedHashMap<>();
    private final Map<String, Config> sections = new LinkedHashMap<>();
    private final RpcProbes probes = new RpcProbes(WHO);

    @BeforeEach
    void setUp() throws Exception {
        for (String name : NAMES) {
            sections.put(
                    name,
                    ConfigFactory.parseString(
                                    "node-name = " + name
                                            + ", bind-addr = \"127.0.0.1\", ports.serf-lan = 0, profile = serf\n"
                                            + "rpc { enabled = on, port = 0, drain-timeout = 2s }, tags.role = shop, tls.watch-interval = 0s")
                            .withFallback(ConfigFactory.load().getConfig("sotto")));
            Sotto sotto = Sotto.create(kit.system(), section(name));
            members.put(name, sotto);
            sotto.rpc().serve(WHO, PeerRole.MEMBER, (request, context) -> {
                String answer = request.equals("role") ? context.role().name() : name + " " + context.role();
                return CompletableFuture.completedFuture(answer);
            });
            sotto.rpc()
                    .serveStream(
                            COUNT,
                            PeerRole.MEMBER,
                            (request, context) ->
                                    Source.range(1, Integer.parseInt(request)).map(String::valueOf));
        }
        Member first = sotto("a").lan().started().toCompletableFuture().get(20, TimeUnit.SECONDS);
        for (String name : NAMES) {
            assertThat(sotto(name).rpc().started().toCompletableFuture().get(20, TimeUnit.SECONDS))
                    .isPresent();
            if (!name.equals("a")) {
                sotto(name)
                        .lan()
                        .join(List.of(first.address().toString()))
                        .toCompletableFuture()
                        .join();
            }
        }
        for (String name : NAMES) {
            Source.tick(Duration.ZERO, Duration.ofMillis(10), name)
                    .takeWhile(tick -> sotto(name).rpc().metrics().stream()
                            .filter(metric -> metric.name().equals(PoolMetric.PEERS.metric()))
                            .anyMatch(peers -> peers.value() < NAMES.size()))
                    .runWith(Sink.ignore(), kit.system())
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    @AfterEach
    void tearDown() {
        probes.stop();
        kit.shutdownTestKit();
    }

    @Test
    void fromNoTlsToAllOfItByReloadAloneNoCallFails() throws Exception {
        startProbes();
        everyWayAnswers("UNPROVEN");

        certificates();
        NAMES.forEach(name -> assertThat(reload(name).changed()).contains("tls.cert-file=" + certificateOf(name)));
        everyWayAnswers("UNPROVEN");

        for (String name : NAMES) {
            set(name, "tls.verify-outgoing", true);
            set(name, "tls.verify-server-hostname", true);
            assertThat(reload(name).changed())
                    .containsExactly("tls.verify-outgoing=true", "tls.verify-server-hostname=true");
        }
        everyWayAnswers("UNPROVEN");

        for (String name : NAMES) {
            set(name, "tls.verify-incoming", true);
            assertThat(reload(name).changed()).containsExactly("tls.verify-incoming=true");
        }
        everyWayAnswers("MEMBER");

        assertThat(probes.failures()).isEmpty();
        assertThat(probes.answered()).isGreaterThan(500);
        NAMES.forEach(this::refusesPlaintext);
    }

    @Test
    void inTheTwoStepsOfTheGuidesNoCallFailsEither() throws Exception {
        startProbes();
        everyWayAnswers("UNPROVEN");
        certificates();
        NAMES.forEach(this::reload);
        everyWayAnswers("UNPROVEN");
        for (String name : NAMES) {
            set(name, "tls.verify-outgoing", true);
            set(name, "tls.verify-server-hostname", true);
            set(name, "tls.verify-incoming", true);
            reload(name);
        }
        everyWayAnswers("MEMBER");

        assertThat(probes.failures()).isEmpty();
        NAMES.forEach(this::refusesPlaintext);
    }

    @Test
    void aCertificateThatCannotBeUsedRefusesTheWholeReload() throws Exception {
        certificates();
        set("a", "gossip-lan.gossip-nodes", 5);
        Files.writeString(Path.of(certificateOf("a")), "no certificate");

        assertThat(reloaded("a"))
                .isInstanceOfSatisfying(
                        Reloaded.Refused.class,
                        refused -> assertThat(refused.reason()).contains("Failed to load cert/key pair"));
        set("a", "tls.cert-file", directory + "/nowhere.pem");
        assertThat(reloaded("a"))
                .isInstanceOfSatisfying(
                        Reloaded.Refused.class,
                        refused -> assertThat(refused.reason())
                                .contains("open " + directory + "/nowhere.pem: no such file or directory"));
        set("a", "tls.cert-file", "");
        set("a", "tls.key-file", "");
        set("a", "tls.ca-file", "");
        assertThat(reload("a").changed()).containsExactly("gossip-lan.gossip-nodes=5");
    }

    @Test
    void aCertificateThatIsRenewedInPlaceIsTakenUp() throws Exception {
        certificates();
        reload("a");
        assertThat(reload("a").changed()).isEmpty();
        certificates();
        assertThat(reload("a").changed()).containsExactly("tls: the files were read anew");
    }

    @Test
    void anAnswerMayBeAStreamAndEveryEndIsAValue() throws Exception {
        Rpc rpc = sotto("a").rpc();
        Pair<CompletionStage<RpcOutcome<Long>>, CompletionStage<List<String>>> whole = rpc.stream(
                        Callee.member("b"), COUNT, "5000", SECONDS)
                .toMat(Sink.seq(), Keep.both())
                .run(kit.system());
        assertThat(whole.second().toCompletableFuture().get(20, TimeUnit.SECONDS))
                .hasSize(5_000)
                .startsWith("1", "2")
                .endsWith("5000");
        assertThat(whole.first().toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isEqualTo(new RpcOutcome.Answer<>(5_000L));

        Pair<CompletionStage<RpcOutcome<Long>>, CompletionStage<List<String>>> broken = rpc.stream(
                        Callee.member("b"), COUNT, "many", SECONDS)
                .toMat(Sink.seq(), Keep.both())
                .run(kit.system());
        assertThat(broken.first().toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isInstanceOf(RpcOutcome.NoAnswer.class);
        assertThat(broken.second())
                .failsWithin(SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(RpcStreamException.class);

        Pair<CompletionStage<RpcOutcome<Long>>, CompletionStage<List<String>>> some = rpc.stream(
                        Callee.role("shop"), COUNT, "1000000000", SECONDS)
                .take(10)
                .toMat(Sink.seq(), Keep.both())
                .run(kit.system());
        assertThat(some.second().toCompletableFuture().get(20, TimeUnit.SECONDS))
                .hasSize(10);
        assertThat(some.first().toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isInstanceOf(RpcOutcome.NoAnswer.class);
    }

    @Test
    void whoIsNotThereIsNamed() {
        assertThat(sotto("a").rpc().call(Callee.member("x"), WHO, "", SECONDS))
                .isCompletedWithValueMatching(outcome -> outcome.toString().contains("no member x takes calls"));
    }

    private void startProbes() {
        for (String from : NAMES) {
            for (String to : NAMES) {
                probes.start(kit.system(), from + " to " + to, sotto(from).rpc(), Callee.member(to));
            }
            probes.start(kit.system(), from + " to shop", sotto(from).rpc(), Callee.role("shop"));
        }
    }

    /** So often in a row, on every way to one member, that whatever a reload began is over. */
    private void everyWayAnswers(String role) throws Exception {
        probes.until(seen -> seen.entrySet().stream()
                        .filter(way -> !way.getKey().endsWith("shop"))
                        .allMatch(way -> way.getValue().answer().endsWith(" " + role)
                                && way.getValue().times() >= 50))
                .get(60, TimeUnit.SECONDS);
    }

    private void refusesPlaintext(String name) {
        try (Socket socket = new Socket()) {
            InetSocketAddress address =
                    sotto(name).rpc().started().toCompletableFuture().join().orElseThrow();
            socket.connect(address, 5_000);
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(new byte[] {4, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0});
            assertThat(socket.getInputStream().read())
                    .as("%s answers plaintext with silence", name)
                    .isEqualTo(-1);
        } catch (java.net.SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        } catch (java.io.IOException e) {
            throw new CompletionException(e);
        }
    }

    private void certificates() throws Exception {
        SecureRandom random = new SecureRandom();
        Instant now = Instant.now();
        CertificateAuthority authority = CertificateAuthority.create(random, now);
        Files.write(directory.resolve("ca.pem"), authority.certificatePem());
        for (String name : NAMES) {
            IssuedCertificate issued = authority.issue(CertificateRequest.client("dc1", "consul"), random, now);
            Files.write(Path.of(certificateOf(name)), issued.certificatePem());
            Path key = directory.resolve(name + "-key.pem");
            Files.write(key, issued.keyPem());
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            set(name, "tls.ca-file", directory.resolve("ca.pem").toString());
            set(name, "tls.cert-file", certificateOf(name));
            set(name, "tls.key-file", key.toString());
        }
    }

    private String certificateOf(String name) {
        return directory.resolve(name + ".pem").toString();
    }

    private Sotto sotto(String name) {
        return Objects.requireNonNull(members.get(name));
    }

    private Config section(String name) {
        return Objects.requireNonNull(sections.get(name));
    }

    private void set(String name, String path, Object value) {
        sections.computeIfPresent(
                name, (same, section) -> section.withValue(path, ConfigValueFactory.fromAnyRef(value)));
    }

    private Reloaded reloaded(String name) {
        return sotto(name).reload(section(name)).toCompletableFuture().join();
    }

    private Reloaded.Applied reload(String name) {
        Reloaded reloaded = reloaded(name);
        assertThat(reloaded).isInstanceOf(Reloaded.Applied.class);
        return (Reloaded.Applied) reloaded;
    }
}
