package io.sotto.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.Sotto;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.management.javadsl.PekkoManagement;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks as Pekko Management loads and serves them: 200 is well, 500 is not. */
class HealthRoutesTest {
    private static final String CHECKS = """
            pekko {
              loglevel = WARNING
              management.http { hostname = "127.0.0.1", port = 0 }
              management.health-checks {
                startup-checks { sotto = "io.sotto.cluster.health.StartupCheck" }
                readiness-checks { sotto = "io.sotto.cluster.health.ReadinessCheck" }
                liveness-checks { sotto = "io.sotto.cluster.health.LivenessCheck" }
              }
            }
            """;

    private final HttpClient client = HttpClient.newHttpClient();
    private Optional<ActorSystem<Void>> running = Optional.empty();

    @AfterEach
    void tearDown() throws Exception {
        if (running.isPresent()) {
            running.get().terminate();
            running.get().getWhenTerminated().toCompletableFuture().get();
        }
    }

    @Test
    void aNodeLivesAtOnceAndIsReadyOnceItHasJoined() throws Exception {
        ActorSystem<Void> system = start("retry-join = [\"127.0.0.1:1\"]");
        String routes = routes(system);
        Sotto.get(system).started().toCompletableFuture().get();
        assertThat(status(routes, "/alive")).isEqualTo(200);
        assertThat(status(routes, "/startup")).isEqualTo(500);
        assertThat(status(routes, "/ready")).isEqualTo(500);

        Sotto other = Sotto.create(system, section("b", ""));
        other.started().toCompletableFuture().get();
        other.join(List.of(Sotto.get(system).self().address().toString()))
                .toCompletableFuture()
                .get();
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(status(routes, "/startup")).isEqualTo(200);
            assertThat(status(routes, "/ready")).isEqualTo(200);
        });
    }

    @Test
    void aCertificateThatEndsSoonMakesANodeNotReadyAndNothingElse(@TempDir Path directory) throws Exception {
        SecureRandom random = new SecureRandom();
        Instant now = Instant.now();
        CertificateAuthority authority = CertificateAuthority.create(random, now);
        IssuedCertificate issued = authority.issue(
                CertificateRequest.client("dc1", "consul").valid(Duration.ZERO, Duration.ofHours(23)), random, now);
        Files.write(directory.resolve("ca.pem"), authority.certificatePem());
        Files.write(directory.resolve("cert.pem"), issued.certificatePem());
        Path key = Files.write(directory.resolve("key.pem"), issued.keyPem());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        ActorSystem<Void> system = start("""
                tls { ca-file = "%1$s/ca.pem", cert-file = "%1$s/cert.pem", key-file = "%1$s/key.pem" }
                """.formatted(directory));
        Sotto.get(system).started().toCompletableFuture().get();
        String routes = routes(system);
        assertThat(status(routes, "/alive")).isEqualTo(200);
        assertThat(status(routes, "/startup")).isEqualTo(200);
        assertThat(status(routes, "/ready")).isEqualTo(500);
    }

    @Test
    void settingsThatCannotBeMakeNoCheckWellAndStopNothing() throws Exception {
        String routes = routes(start("health.answer-within = 0s"));
        assertThat(status(routes, "/alive")).isEqualTo(500);
        assertThat(status(routes, "/ready")).isEqualTo(500);
    }

    private ActorSystem<Void> start(String settings) {
        Config config = ConfigFactory.parseString(CHECKS)
                .withFallback(section("a", settings).atPath("sotto"))
                .withFallback(ConfigFactory.load());
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "health", config);
        running = Optional.of(system);
        return system;
    }

    private static String routes(ActorSystem<Void> system) throws Exception {
        return PekkoManagement.get(system).start().toCompletableFuture().get().toString();
    }

    private int status(String routes, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(routes + path)).build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static Config section(String name, String settings) {
        return ConfigFactory.parseString(settings)
                .withFallback(
                        ConfigFactory.parseString(
                                "node-name = " + name
                                        + ", bind-addr = \"127.0.0.1\", ports.serf-lan = 0, profile = serf, leave-on-shutdown = false"));
    }
}
