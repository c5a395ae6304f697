package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tls cert check} against a small peer on loopback. */
final class TlsCertCheckTest {
    @TempDir
    Path directory;

    private ServerSocket listening;

    @BeforeEach
    void prepare() throws IOException {
        listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        TlsVerbsTest.run(directory, "ca create");
        TlsVerbsTest.run(directory, "cert create", "-server");
        TlsVerbsTest.run(directory, "cert create", "-client");
    }

    @AfterEach
    void close() throws IOException {
        listening.close();
    }

    @Test
    void aRightServerIsWell() throws Exception {
        AtomicInteger first = serve("dc1-server-consul-0", true);
        Shell.Ran ran = check();
        assertThat(ran.code()).isEqualTo(Exit.DONE);
        assertThat(ran.out())
                .contains("Using      consul-agent-ca.pem, dc1-client-consul-0.pem\n")
                .contains("Protocol   TLSv1.3, TLS_AES_")
                .contains("Showed     server.dc1.consul, server of dc1, until ")
                .endsWith("Verdict    ok\n");
        assertThat(first.get()).isEqualTo(3);
    }

    @Test
    void httpsBeginsWithTheHandshake() throws Exception {
        AtomicInteger first = serve("dc1-server-consul-0", true);
        check("-https");
        assertThat(first.get()).isEqualTo(0x16);
    }

    @Test
    void aClientsCertificateIsToldWithTheCommandThatMendsIt() throws Exception {
        serve("dc1-client-consul-0", false);
        Shell.Ran ran = check();
        assertThat(ran.code()).isEqualTo(Exit.FAILED);
        assertThat(ran.err())
                .contains(
                        "Refused    x509: certificate is valid for client.dc1.consul, localhost, not server.dc1.consul\n")
                .contains("Reason     wrong_name\n")
                .contains("Expected   the DNS name server.dc1.consul\n")
                .contains("Found      client.dc1.consul, localhost\n")
                .endsWith(
                        "Mend       sotto tls cert create -server -dc dc1 -domain consul, and put both files in place on the"
                                + " peer\n");
    }

    @Test
    void anyMemberIsEnoughWhereThatIsAskedFor() throws Exception {
        serve("dc1-client-consul-0", true);
        assertThat(check("-any-member").code()).isEqualTo(Exit.DONE);
    }

    @Test
    void theJsonSaysTheSame() throws Exception {
        serve("dc1-client-consul-0", false);
        Json json = Json.parse(check("-format=json").out());
        assertThat(json.get("reason").asText()).isEqualTo("wrong_name");
        assertThat(json.get("mend").asText()).startsWith("sotto tls cert create -server");
    }

    @Test
    void aRefusalThatComesAfterTheHandshakeIsNoticed() throws Exception {
        serve("dc1-server-consul-0", false);
        Files.delete(directory.resolve("dc1-client-consul-0.pem"));
        Files.move(directory.resolve("dc1-server-consul-0.pem"), directory.resolve("moved.pem"));
        Shell.Ran ran = check();
        assertThat(ran.code()).isEqualTo(Exit.FAILED);
        assertThat(ran.err())
                .contains("Refused    remote error: tls: bad certificate\n")
                .contains("Mend       sotto tls cert create -cli -dc dc1 -domain consul, signed by");
    }

    @Test
    void opensslIsAPeerLikeAnyOther() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "no openssl here");
        Process server = new ProcessBuilder(
                        "/usr/bin/openssl",
                        "s_server",
                        "-accept",
                        "127.0.0.1:0",
                        "-rev",
                        "-cert",
                        "dc1-client-consul-0.pem",
                        "-key",
                        "dc1-client-consul-0-key.pem")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        try (var said = server.inputReader()) {
            String accepting = said.lines()
                    .filter(line -> line.startsWith("ACCEPT "))
                    .findFirst()
                    .orElseThrow();
            String peer = accepting.substring("ACCEPT ".length());
            Shell.Ran any = TlsVerbsTest.run(directory, "cert check", "-https", "-any-member", "-peer", peer);
            assertThat(any.code()).isEqualTo(Exit.DONE);
            assertThat(any.out()).contains("Protocol   TLSv1.3, TLS_AES_");
            Shell.Ran asServer = TlsVerbsTest.run(directory, "cert check", "-https", "-peer", peer);
            assertThat(asServer.err()).contains("Reason     wrong_name\n");
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void nobodyThereIsCodeFour() throws Exception {
        int port = listening.getLocalPort();
        listening.close();
        Shell.Ran ran = TlsVerbsTest.run(directory, "cert check", "-peer", "127.0.0.1:" + port);
        assertThat(ran.code()).isEqualTo(Exit.UNREACHABLE);
        assertThat(ran.err()).contains("Refused    dial tcp 127.0.0.1:" + port + ": connection refused\n");
    }

    @Test
    void whatIsMissingHereIsAFailure() {
        assertThat(TlsVerbsTest.run(directory, "cert check").code()).isEqualTo(Exit.USAGE);
        assertThat(TlsVerbsTest.run(directory, "cert check", "-peer", "localhost:1", "-ca", "nope.pem"))
                .isEqualTo(new Shell.Ran(Exit.FAILED, "", "Error: open nope.pem: no such file or directory\n"));
    }

    private Shell.Ran check(String... words) {
        String[] all = new String[words.length + 2];
        all[0] = "-peer";
        all[1] = "127.0.0.1:" + listening.getLocalPort();
        System.arraycopy(words, 0, all, 2, words.length);
        return TlsVerbsTest.run(directory, "cert check", all);
    }

    /** Serves one connection with this certificate and asks for the client's; tells the first byte that came. */
    private AtomicInteger serve(String name, boolean answers) throws Exception {
        AtomicInteger first = new AtomicInteger(-1);
        Thread thread = new Thread(OneTlsServer.showing(directory, name, listening, first, answers), "peer");
        thread.setDaemon(true);
        thread.start();
        return first;
    }
}
