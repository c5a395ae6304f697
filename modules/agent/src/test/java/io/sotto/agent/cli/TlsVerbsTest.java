package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.json.Json;
import io.sotto.pki.pem.PemContents;
import io.sotto.pki.pem.PemSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verbs that make certificates and show them, held against what the real tool printed. */
final class TlsVerbsTest {
    /** Everything that the real tool printed, in the order of its calls. */
    private static final String REAL = Golden.text("tls-tooling.txt");

    @TempDir
    Path directory;

    @Test
    void anAuthorityIsMadeOnceAsTheRealToolDoes() throws Exception {
        Shell.Ran first = run("ca create");
        assertThat(first).isEqualTo(new Shell.Ran(Exit.DONE, real("$ consul tls ca create\n", "rc=0"), ""));
        byte[] certificate = bytes("consul-agent-ca.pem");
        Shell.Ran second = run("ca create");
        assertThat(second.code()).isEqualTo(Exit.FAILED);
        assertThat(second.err()).isEqualTo(real("rc=0\n", "rc=1 (second run)"));
        assertThat(bytes("consul-agent-ca.pem")).isEqualTo(certificate);
        assertThat(mode("consul-agent-ca-key.pem")).isEqualTo("rw-------");
        assertThat(Duration.between(
                        certificate("consul-agent-ca.pem").getNotBefore().toInstant(),
                        certificate("consul-agent-ca.pem").getNotAfter().toInstant()))
                .isEqualTo(Duration.ofDays(1825));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-server", "-client", "-cli"})
    void aCertificateIsMadeAsTheRealToolDoes(String kind) throws Exception {
        run("ca create");
        assertThat(run("cert create", kind))
                .isEqualTo(new Shell.Ran(Exit.DONE, real("$ consul tls cert create " + kind + "\n", "rc=0"), ""));
        String name = "dc1" + kind + "-consul-0";
        assertThat(mode(name + "-key.pem")).isEqualTo("rw-------");
        assertThat(PemContents.of(PemSource.of(name, bytes(name + "-key.pem"))).holdsKey())
                .isTrue();
        assertThat(run("cert create", kind).out()).endsWith("==> Saved dc1" + kind + "-consul-1-key.pem\n");
    }

    @Test
    void namesAndAddressesComeFirstAndTheNodesNameBeforeTheServers() throws Exception {
        run("ca create", "-domain", "acme", "-days", "10");
        Shell.Ran ran = run(
                "cert create",
                "-server",
                "-dc=dc2",
                "-domain=acme",
                "-node",
                "n1",
                "-additional-dnsname",
                "a.example",
                "-additional-ipaddress=10.0.0.1",
                "-days=5");
        assertThat(ran.out()).endsWith("==> Saved dc2-server-acme-0.pem\n==> Saved dc2-server-acme-0-key.pem\n");
        X509Certificate certificate = certificate("dc2-server-acme-0.pem");
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactly(
                        List.of(2, "a.example"),
                        List.of(2, "n1.server.dc2.acme"),
                        List.of(2, "server.dc2.acme"),
                        List.of(2, "localhost"),
                        List.of(7, "10.0.0.1"),
                        List.of(7, "127.0.0.1"));
        assertThat(Duration.between(
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant()))
                .isEqualTo(Duration.ofDays(5));
    }

    @Test
    void errorsAreThoseOfTheRealTool() {
        assertThat(run("cert create")).isEqualTo(failed("Please provide either -server, -client, or -cli"));
        assertThat(run("cert create", "-server", "-client"))
                .isEqualTo(failed("Please provide either -server, -client, or -cli"));
        assertThat(run("cert create", "-client", "-node", "n")).isEqualTo(failed("-node requires -server"));
        assertThat(run("cert create", "-client", "-ca", "nope.pem"))
                .isEqualTo(failed("Error reading CA: open nope.pem: no such file or directory"));
        for (String text : List.of(
                "Please provide either -server, -client, or -cli",
                "-node requires -server",
                "Error reading CA: open nope.pem: no such file or directory")) {
            assertThat(REAL).contains(text + "\nrc=1\n");
        }
    }

    @Test
    void badValuesAreBadUsageAndAnAddressThatIsNoneMakesNothing() throws IOException {
        run("ca create");
        assertThat(run("cert create", "-server", "-days", "0").code()).isEqualTo(Exit.USAGE);
        assertThat(run("ca create", "-days", "many").code()).isEqualTo(Exit.USAGE);
        Shell.Ran ran = run("cert create", "-server", "-additional-ipaddress", "not.an.address");
        assertThat(ran.code()).isEqualTo(Exit.FAILED);
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void constraintsAreWritten() throws Exception {
        run("ca create", "-name-constraint", "-additional-name-constraint", "example");
        assertThat(certificate("consul-agent-ca.pem").getCriticalExtensionOIDs())
                .contains("2.5.29.30");
    }

    @Test
    void jsonNamesTheFilesAndKeepsTheWarningApart() throws Exception {
        assertThat(Json.parse(run("ca create", "-format", "json").out())
                        .get("key")
                        .asText())
                .isEqualTo("consul-agent-ca-key.pem");
        Shell.Ran ran = run("cert create", "-server", "-format=json");
        assertThat(Json.parse(ran.out()).get("certificate").asText()).isEqualTo("dc1-server-consul-0.pem");
        assertThat(ran.err()).startsWith("==> WARNING: ");
    }

    @Test
    void inspectShowsWhatAFileHoldsAndNoKey() throws Exception {
        run("ca create");
        run("cert create", "-server");
        run("cert create", "-client");
        Shell.Ran server = run("cert inspect", "dc1-server-consul-0.pem");
        assertThat(server.code()).isEqualTo(Exit.DONE);
        assertThat(server.out())
                .contains("Subject    CN=server.dc1.consul\n")
                .contains("Acts as    server of dc1\n")
                .contains("DNS names  server.dc1.consul, localhost\n")
                .contains("Addresses  127.0.0.1\n")
                .contains("Usage      serverAuth, clientAuth\n")
                .contains("Key        EC P-256\n")
                .contains("(364 days left)");
        Shell.Ran key = run("cert inspect", "dc1-server-consul-0-key.pem");
        assertThat(key.out()).isEqualTo("dc1-server-consul-0-key.pem\n\nA private key, not shown.\n");
        Json json = Json.parse(run("cert inspect", "-format=json", "dc1-client-consul-0.pem", "consul-agent-ca.pem")
                .out());
        assertThat(json.get("files").asElements()).hasSize(2);
        Json client = json.get("files")
                .asElements()
                .get(0)
                .get("certificates")
                .asElements()
                .get(0);
        assertThat(client.get("acts_as").asText()).isEqualTo("member, not a server");
        assertThat(run("cert inspect", "nope.pem"))
                .isEqualTo(failed("Error: open nope.pem: no such file or directory"));
    }

    @Test
    void namesOfOlderGuidesAreReadToo() throws Exception {
        run("ca create");
        run("cert create", "-server");
        Files.move(directory.resolve("dc1-server-consul-0.pem"), directory.resolve("consul-server-dc1-0.pem"));
        assertThat(run("cert inspect", "consul-server-dc1-0.pem").out()).contains("Acts as    server of dc1\n");
    }

    @Test
    void everyVerbExplainsItself() {
        assertThat(Shell.run("tls", "-h").out()).startsWith("Usage: sotto tls <verb>");
        for (String verb : List.of("ca create", "cert create", "cert inspect", "cert check")) {
            List<String> words = new ArrayList<>(List.of("tls"));
            words.addAll(List.of(verb.split(" ", -1)));
            words.add("-h");
            Shell.Ran ran = Shell.run(words.toArray(String[]::new));
            assertThat(ran.code()).isZero();
            assertThat(ran.out()).startsWith("Usage: sotto tls " + verb);
            words.remove(words.size() - 1);
            words.add(0, "help");
            assertThat(Shell.run(words.toArray(String[]::new))).isEqualTo(ran);
        }
        assertThat(Shell.run("tls", "cert").code()).isEqualTo(Exit.USAGE);
        assertThat(Shell.run("tls", "cert", "forge").code()).isEqualTo(Exit.USAGE);
    }

    @Test
    void opensslAgrees() throws Exception {
        Path openssl = Path.of("/usr/bin/openssl");
        Assumptions.assumeTrue(Files.isExecutable(openssl), "no openssl here");
        run("ca create");
        run("cert create", "-server");
        assertThat(openssl("verify", "-CAfile", "consul-agent-ca.pem", "dc1-server-consul-0.pem"))
                .isEqualTo("dc1-server-consul-0.pem: OK\n");
        assertThat(openssl("x509", "-noout", "-text", "-in", "dc1-server-consul-0.pem"))
                .contains("Signature Algorithm: ecdsa-with-SHA256")
                .contains("X509v3 Key Usage: critical\n                Digital Signature, Key Encipherment\n")
                .contains("TLS Web Server Authentication, TLS Web Client Authentication")
                .contains("X509v3 Basic Constraints: critical\n                CA:FALSE\n")
                .contains("DNS:server.dc1.consul, DNS:localhost, IP Address:127.0.0.1");
        assertThat(openssl("ec", "-in", "dc1-server-consul-0-key.pem", "-noout", "-text"))
                .contains("ASN1 OID: prime256v1");
    }

    private String openssl(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("/usr/bin/openssl"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return out;
    }

    private Shell.Ran run(String verb, String... words) {
        return run(directory, verb, words);
    }

    /** Runs one verb as if in this directory. */
    static Shell.Ran run(Path directory, String verb, String... words) {
        CertificateFiles files = new CertificateFiles(directory);
        Verb found = switch (verb) {
            case "ca create" -> new TlsCaCreateVerb(files);
            case "cert create" -> new TlsCertCreateVerb(files);
            case "cert inspect" -> new TlsCertInspectVerb(files);
            default -> new TlsCertCheckVerb(files);
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                found,
                "tls " + verb,
                List.of(words),
                new Console(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of()));
        return new Shell.Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Shell.Ran failed(String text) {
        return new Shell.Ran(Exit.FAILED, "", text + "\n");
    }

    /** What the real tool printed between these two. */
    private static String real(String after, String before) {
        int from = REAL.indexOf(after) + after.length();
        assertThat(REAL).contains(after);
        return REAL.substring(from, REAL.indexOf(before, from));
    }

    private X509Certificate certificate(String name) throws Exception {
        return PemContents.of(PemSource.of(name, bytes(name))).certificates().get(0);
    }

    private byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(directory.resolve(name));
    }

    private String mode(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name)));
    }
}
