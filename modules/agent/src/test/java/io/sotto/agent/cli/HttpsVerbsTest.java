package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.agent.port.Guests;
import io.sotto.agent.port.HttpPort;
import io.sotto.agent.port.PortCounters;
import io.sotto.agent.port.PortSettings;
import io.sotto.pki.TlsSettings;
import io.sotto.pki.TlsSettings.Dialect;
import io.sotto.pki.TlsSnapshot;
import io.sotto.pki.pem.PemSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verbs that ask an agent, by HTTPS and with a token, as golden/tls-wire-https-autoencrypt shows the real tool. */
final class HttpsVerbsTest {
    private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.load());
    private static final String IP = "127.0.21.24";
    private static final AtomicReference<String> SHOWN = new AtomicReference<>("");

    @TempDir
    private static Path directory;

    private static HttpPort agent;

    @BeforeAll
    static void serve() throws Exception {
        TlsVerbsTest.run(directory, "ca create");
        TlsVerbsTest.run(directory, "cert create", "-server");
        TlsVerbsTest.run(directory, "cert create", "-cli");
        TlsSnapshot snapshot = TlsSnapshot.create(
                TlsSettings.builder(Dialect.SOTTO)
                        .authorities(List.of(source("consul-agent-ca.pem")))
                        .certificate(source("dc1-server-consul-0.pem"))
                        .key(source("dc1-server-consul-0-key.pem"))
                        .verifyIncoming(true)
                        .build(),
                1,
                Instant::now);
        agent = HttpPort.bind(
                        KIT.system(),
                        IP,
                        0,
                        new Guests(
                                new PortSettings(100, 100, Duration.ofMinutes(1), Duration.ofMinutes(1)),
                                new PortCounters()),
                        Optional.of(() -> snapshot),
                        (request, client, gone) -> {
                            SHOWN.set(request.getHeader("X-Consul-Token")
                                    .map(header -> header.value())
                                    .orElse(""));
                            return CompletableFuture.completedFuture(
                                    HttpResponse.create().withStatus(200));
                        })
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() throws Exception {
        agent.stop(Duration.ZERO).toCompletableFuture().get(10, TimeUnit.SECONDS);
        KIT.shutdownTestKit();
    }

    private static PemSource source(String name) throws IOException {
        return PemSource.of(name, Files.readAllBytes(directory.resolve(name)));
    }

    private static String path(String name) {
        return directory.resolve(name).toString();
    }

    private static String url() {
        return "https://" + IP + ":" + agent.address().getPort();
    }

    /** {@code A} the authority, {@code C} our certificate and key, {@code N} the name of the server, {@code V} no checks. */
    private static Map<String, String> environment(String prefix, String what) {
        Map<String, String> environment = new HashMap<>(Map.of(prefix + "HTTP_ADDR", url()));
        if (what.contains("A")) {
            environment.put(prefix + "CACERT", path("consul-agent-ca.pem"));
        }
        if (what.contains("C")) {
            environment.put(prefix + "CLIENT_CERT", path("dc1-cli-consul-0.pem"));
            environment.put(prefix + "CLIENT_KEY", path("dc1-cli-consul-0-key.pem"));
        }
        if (what.contains("N")) {
            environment.put(prefix + "TLS_SERVER_NAME", "server.dc1.consul");
        }
        if (what.contains("V")) {
            environment.put(prefix + "HTTP_SSL_VERIFY", "false");
        }
        return environment;
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'x509: certificate signed by unknown authority', '-ca-file FILE'",
        "A, 'x509: certificate is valid for 127.0.0.1, not 127.0.21.24', '-tls-server-name NAME'",
        "AC, 'x509: certificate is valid for 127.0.0.1, not 127.0.21.24', '-tls-server-name NAME'",
        "AN, 'remote error: tls: bad certificate', '-client-cert FILE and -client-key FILE'",
        "V, 'remote error: tls: bad certificate', '-client-cert FILE and -client-key FILE'"
    })
    void saysWhoRefusedWhomAndWhatMendsIt(String what, String reason, String mend) {
        Shell.Ran ran = Shell.run(environment("CONSUL_", what), "reload");
        assertThat(ran.code()).isEqualTo(Exit.UNREACHABLE);
        assertThat(ran.err())
                .contains("Put \"" + url() + "/v1/agent/reload")
                .contains(reason)
                .contains(mend);
    }

    @ParameterizedTest
    @CsvSource({"CONSUL_, ACN", "SOTTO_, ACN", "SOTTO_, CV"})
    void theEnvironmentNamesAuthorityCertificateAndName(String prefix, String what) {
        Shell.Ran ran = Shell.run(environment(prefix, what), "leave");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isEqualTo(Exit.DONE);
    }

    @Test
    void flagsSayTheSameAndADirectoryOfAuthoritiesDoes() throws Exception {
        Path authorities = Files.createDirectory(directory.resolve("cas"));
        Files.copy(directory.resolve("consul-agent-ca.pem"), authorities.resolve("ca.pem"));
        for (String[] trust :
                new String[][] {{"-ca-file", path("consul-agent-ca.pem")}, {"-ca-path", authorities.toString()}}) {
            Shell.Ran ran = Shell.run(
                    "leave",
                    "-http-addr",
                    url(),
                    trust[0],
                    trust[1],
                    "-client-cert",
                    path("dc1-cli-consul-0.pem"),
                    "-client-key",
                    path("dc1-cli-consul-0-key.pem"),
                    "-tls-server-name",
                    "server.dc1.consul");
            assertThat(ran.err()).isEmpty();
            assertThat(ran.code()).isEqualTo(Exit.DONE);
        }
    }

    @Test
    void theSwitchMakesAnAddressWithoutASchemeOneOfHttps() {
        Map<String, String> environment = environment("SOTTO_", "ACN");
        environment.put("SOTTO_HTTP_ADDR", IP + ":" + agent.address().getPort());
        environment.put("SOTTO_HTTP_SSL", "true");
        assertThat(Shell.run(environment, "leave").code()).isEqualTo(Exit.DONE);
        environment.put("SOTTO_HTTP_SSL", "perhaps");
        assertThat(Shell.run(environment, "leave"))
                .isEqualTo(new Shell.Ran(
                        Exit.USAGE,
                        "",
                        "could not parse HTTP_SSL: \"perhaps\" is neither true nor false\nSee: sotto leave -h\n"));
    }

    @Test
    void showsATokenFromAFlagAFileOrTheEnvironment() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "from-file\n");
        Map<String, String> environment = environment("CONSUL_", "ACN");
        assertThat(shown(environment)).isEmpty();
        environment.put("CONSUL_HTTP_TOKEN", "consuls");
        assertThat(shown(environment)).isEqualTo("consuls");
        environment.put("SOTTO_HTTP_TOKEN", "ours");
        assertThat(shown(environment)).isEqualTo("ours");
        assertThat(shown(environment, "-token", "given")).isEqualTo("given");
        assertThat(shown(environment, "-token-file", file.toString())).isEqualTo("from-file");
        environment.put("SOTTO_HTTP_TOKEN_FILE", file.toString());
        assertThat(shown(environment)).isEqualTo("from-file");
    }

    @Test
    void aTokenThatCouldNotBeAHeaderIsNotSent() {
        Shell.Ran ran = Shell.run("leave", "-http-addr", url(), "-token", "a\r\nb");
        assertThat(ran.code()).isEqualTo(Exit.USAGE);
        assertThat(ran.err()).startsWith("a token is a word of printable ASCII characters\n");
    }

    @Test
    void whatCannotBeReadIsNamed() {
        Shell.Ran ran = Shell.run("leave", "-http-addr", url(), "-ca-file", path("nope.pem"));
        assertThat(ran.code()).isEqualTo(Exit.USAGE);
        assertThat(ran.err()).startsWith("Error loading open " + path("nope.pem") + ": no such file or directory\n");
        assertThat(Shell.run("leave", "-http-addr", url(), "-client-cert", path("dc1-cli-consul-0.pem"))
                        .err())
                .startsWith("a client certificate and its key go together");
    }

    private static String shown(Map<String, String> environment, String... flags) {
        SHOWN.set("nothing came");
        String[] words = new String[flags.length + 1];
        words[0] = "leave";
        System.arraycopy(flags, 0, words, 1, flags.length);
        assertThat(Shell.run(environment, words).code()).isEqualTo(Exit.DONE);
        return String.valueOf(SHOWN.get());
    }
}
