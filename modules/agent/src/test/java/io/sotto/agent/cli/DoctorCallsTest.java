package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.doctor.PoolSeen.ServerSeen;
import io.sotto.pki.TlsSettings;
import io.sotto.pki.TlsSettings.Dialect;
import io.sotto.pki.TlsSnapshot;
import io.sotto.pki.pem.PemSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor's calls over TLS, to one small server on loopback. */
final class DoctorCallsTest {
    @TempDir
    private Path directory;

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
    void aRightServerShowsHowLongItsCertificateLasts() throws Exception {
        serve("dc1-server-consul-0", true);
        ServerSeen seen = dial(true).orElseThrow();
        assertThat(seen.address()).isEqualTo(address());
        assertThat(seen.refused()).isEmpty();
        assertThat(seen.mend()).isEmpty();
        assertThat(seen.daysLeft().orElseThrow()).isBetween(300L, 366L);
    }

    @Test
    void aServerWithAClientsCertificateIsRefusedAndTheMendNamed() throws Exception {
        serve("dc1-client-consul-0", false);
        assertThat(dial(true))
                .contains(new ServerSeen(
                        address(),
                        "x509: certificate is valid for client.dc1.consul, localhost, not server.dc1.consul;"
                                + " expected the DNS name server.dc1.consul; found client.dc1.consul, localhost",
                        "sotto tls cert create -server -dc dc1 -domain consul, and put both files in place on the peer",
                        Optional.empty()));
    }

    @Test
    void thatAServerRefusesUsWithoutACertificateSaysNothingAgainstIt() throws Exception {
        serve("dc1-server-consul-0", false);
        ServerSeen seen = dial(false).orElseThrow();
        assertThat(seen.refused()).isEmpty();
        assertThat(seen.daysLeft()).isPresent();
    }

    @Test
    void thatItRefusesOurCertificateIsTold() throws Exception {
        serve("dc1-server-consul-0", false);
        TlsSnapshot unproven = snapshot(false);
        ServerSeen seen = calls(unproven, true).orElseThrow();
        assertThat(seen.refused()).contains("bad certificate");
        assertThat(seen.mend()).startsWith("sotto tls cert create -cli -dc dc1");
    }

    @Test
    void aConnectionThatEndsWithinTlsIsOnlyAFaultIfWeProvedWhoWeAre() throws Exception {
        hangUp(2);
        assertThat(dial(true))
                .hasValueSatisfying(seen -> assertThat(seen.refused()).isEqualTo("ended the connection within TLS"));
        assertThat(dial(false)).isEmpty();
    }

    @Test
    void whoDoesNotListenIsToldOfElsewhere() throws Exception {
        listening.close();
        assertThat(dial(true)).isEmpty();
        assertThat(DoctorCalls.unreached(Map.of("one", address())))
                .hasEntrySatisfying("one", seen -> assertThat(seen.why()).isEqualTo("connection refused"));
    }

    private String address() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    private Optional<ServerSeen> dial(boolean provesItself) throws Exception {
        return calls(snapshot(provesItself), provesItself);
    }

    private Optional<ServerSeen> calls(TlsSnapshot snapshot, boolean provesItself) {
        Map<String, ServerSeen> seen =
                DoctorCalls.servers(Map.of("one", address()), snapshot, provesItself, "dc1", "consul", Instant.now());
        return Optional.ofNullable(seen.get("one"));
    }

    private TlsSnapshot snapshot(boolean holdsCertificate) throws Exception {
        TlsSettings.Builder settings = TlsSettings.builder(Dialect.SOTTO)
                .authorities(List.of(source("consul-agent-ca.pem")))
                .domain("consul")
                .datacenter("dc1")
                .verifyServerHostname(true);
        if (holdsCertificate) {
            settings.certificate(source("dc1-client-consul-0.pem")).key(source("dc1-client-consul-0-key.pem"));
        }
        return TlsSnapshot.create(settings.build(), 1, Instant::now);
    }

    /** Serves one connection with this certificate, and asks for the caller's. */
    private void serve(String name, boolean answers) throws Exception {
        run(OneTlsServer.showing(directory, name, listening, new AtomicInteger(), answers));
    }

    /** Takes so many connections and ends each once something has come. */
    private void hangUp(int times) {
        run(() -> {
            for (int i = 0; i < times; i++) {
                try (var socket = listening.accept()) {
                    socket.getInputStream().readNBytes(6);
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    private static void run(Runnable server) {
        Thread thread = new Thread(server, "peer");
        thread.setDaemon(true);
        thread.start();
    }

    private PemSource source(String name) throws IOException {
        return PemSource.of(name, Files.readAllBytes(directory.resolve(name)));
    }
}
