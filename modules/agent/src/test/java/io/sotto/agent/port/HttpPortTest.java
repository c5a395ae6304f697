package io.sotto.agent.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.sotto.pki.TlsSnapshot;
import io.sotto.pki.authority.IssuedCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The socket, on loopback. Source of what a real agent does: golden/tls-wire-https-autoencrypt. */
class HttpPortTest {
    private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.load());
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String GET = "GET /x HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";

    private final PortCounters counters = new PortCounters();
    private final List<HttpPort> ports = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final List<CompletableFuture<HttpResponse>> held = new ArrayList<>();
    private final List<CompletionStage<Done>> departures = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        for (HttpPort port : ports) {
            port.stop(Duration.ZERO).toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    @AfterAll
    static void end() {
        KIT.shutdownTestKit();
    }

    private static PortSettings settings() {
        return new PortSettings(100, 100, LONG, LONG);
    }

    private HttpPort bind(PortSettings settings, Optional<Supplier<TlsSnapshot>> tls) throws Exception {
        HttpPort port = HttpPort.bind(KIT.system(), "127.0.0.1", 0, new Guests(settings, counters), tls, this::answer)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        ports.add(port);
        return port;
    }

    private HttpPort secure(TlsSnapshot snapshot) throws Exception {
        return bind(settings(), Optional.of(() -> snapshot));
    }

    /** Who asks for {@code /held} waits for the test. */
    private CompletionStage<HttpResponse> answer(
            HttpRequest request, InetSocketAddress client, CompletionStage<Done> gone) {
        if (request.getUri().path().equals("/held")) {
            CompletableFuture<HttpResponse> later = new CompletableFuture<>();
            synchronized (held) {
                held.add(later);
                departures.add(gone);
            }
            return later;
        }
        return CompletableFuture.completedFuture(
                HttpResponse.create().withEntity("hello " + client.getAddress().getHostAddress()));
    }

    private Socket connect(HttpPort port) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), port.address().getPort());
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    private SSLSocket connect(HttpPort port, Optional<IssuedCertificate> own) throws Exception {
        SSLSocket socket = (SSLSocket) Certificates.client(own)
                .getSocketFactory()
                .createSocket(connect(port), "localhost", port.address().getPort(), true);
        sockets.add(socket);
        return socket;
    }

    private static void say(Socket socket, String words) throws IOException {
        socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String all(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private static String ask(Socket socket) throws IOException {
        say(socket, GET);
        return all(socket);
    }

    @Test
    void answersPlainHttpAndTellsWhoAsked() throws Exception {
        assertThat(ask(connect(bind(settings(), Optional.empty()))))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("\r\n\r\nhello 127.0.0.1");
    }

    @Test
    void answersHttpsWithoutAClientsCertificateWhereNoneIsAskedFor() throws Exception {
        HttpPort port = secure(Certificates.snapshot(Certificates.SERVER, settings -> settings));
        assertThat(ask(connect(port, Optional.empty()))).endsWith("hello 127.0.0.1");
        assertThat(ask(connect(port, Optional.of(Certificates.CLIENT)))).endsWith("hello 127.0.0.1");
    }

    @Test
    void verifyIncomingOfRpcAloneAsksNothingOfHttps() throws Exception {
        HttpPort port =
                secure(Certificates.snapshot(Certificates.SERVER, settings -> settings.verifyIncomingRpc(true)));
        assertThat(ask(connect(port, Optional.empty()))).endsWith("hello 127.0.0.1");
    }

    @Test
    void verifyIncomingRefusesAClientWithoutACertificateAndTakesOneOfTheAuthority() throws Exception {
        for (TlsSnapshot snapshot : List.of(
                Certificates.snapshot(Certificates.SERVER, settings -> settings.verifyIncoming(true)),
                Certificates.snapshot(Certificates.SERVER, settings -> settings.verifyIncomingHttps(true)))) {
            HttpPort port = secure(snapshot);
            assertThatThrownBy(() -> ask(connect(port, Optional.empty())))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("bad_certificate");
            assertThat(ask(connect(port, Optional.of(Certificates.CLIENT)))).endsWith("hello 127.0.0.1");
        }
    }

    @Test
    void plainHttpOnThePortOfHttpsIsToldSo() throws Exception {
        HttpPort port = secure(Certificates.snapshot(Certificates.SERVER, settings -> settings.verifyIncoming(true)));
        assertThat(ask(connect(port)))
                .isEqualTo("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
        Socket slow = connect(port);
        for (String part : List.of("P", "U", "T /x HTTP/1.1\r\n\r\n")) {
            say(slow, part);
        }
        assertThat(all(slow)).contains("Client sent an HTTP request to an HTTPS server.");
        assertThat(counters.refused(PortRefusal.PLAINTEXT)).isEqualTo(2);
    }

    @Test
    void withoutACertificateTheHandshakeEndsWithAnAlert() throws Exception {
        HttpPort port = secure(TlsSnapshot.none());
        assertThatThrownBy(() -> ask(connect(port, Optional.empty())))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unrecognized_name");
        assertThat(counters.refused(PortRefusal.NO_CERTIFICATE)).isEqualTo(1);
    }

    @Test
    void newConnectionsGetTheCertificateThatIsInForceAndOldOnesGoOn() throws Exception {
        AtomicReference<TlsSnapshot> inForce =
                new AtomicReference<>(Certificates.snapshot(Certificates.SERVER, settings -> settings));
        HttpPort port = bind(settings(), Optional.of(inForce::get));
        SSLSocket before = connect(port, Optional.empty());
        assertThat(before.getSession().getPeerCertificates())
                .containsExactly((Certificate) Certificates.SERVER.certificate());

        inForce.set(Certificates.snapshot(Certificates.OTHER_SERVER, settings -> settings));
        assertThat(connect(port, Optional.empty()).getSession().getPeerCertificates())
                .containsExactly((Certificate) Certificates.OTHER_SERVER.certificate());
        assertThat(ask(before)).endsWith("hello 127.0.0.1");
    }

    @Test
    void oneConnectionMoreThanAnAddressMayHaveIsClosedUntilOneOfThemGoes() throws Exception {
        HttpPort port = bind(new PortSettings(100, 2, LONG, LONG), Optional.empty());
        Socket first = connect(port);
        connect(port);
        Awaitility.await().until(() -> counters.open.sum() == 2);

        assertThat(connect(port).getInputStream().read()).isEqualTo(-1);
        assertThat(counters.refused(PortRefusal.TOO_MANY_OF_ADDRESS)).isEqualTo(1);
        first.close();
        Awaitility.await().until(() -> counters.open.sum() == 1);
        assertThat(ask(connect(port))).endsWith("hello 127.0.0.1");
    }

    @Test
    void theBoundOfAllClientsIsSharedByAllPorts() throws Exception {
        Guests guests = new Guests(new PortSettings(1, 100, LONG, LONG), counters);
        for (int i = 0; i < 2; i++) {
            ports.add(HttpPort.bind(KIT.system(), "127.0.0.1", 0, guests, Optional.empty(), this::answer)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS));
        }
        connect(ports.get(0));
        Awaitility.await().until(() -> counters.open.sum() == 1);
        assertThat(connect(ports.get(1)).getInputStream().read()).isEqualTo(-1);
        assertThat(counters.refused(PortRefusal.TOO_MANY)).isEqualTo(1);
    }

    @Test
    void whoDoesNotShakeHandsInTimeIsClosed() throws Exception {
        TlsSnapshot snapshot = Certificates.snapshot(Certificates.SERVER, settings -> settings);
        HttpPort port = bind(new PortSettings(100, 100, Duration.ofMillis(300), LONG), Optional.of(() -> snapshot));
        Socket silent = connect(port);
        Socket stuck = connect(port);
        stuck.getOutputStream().write(new byte[] {0x16, 3, 1});

        assertThat(silent.getInputStream().read()).isEqualTo(-1);
        assertThat(stuck.getInputStream().read()).isEqualTo(-1);
        assertThat(counters.refused(PortRefusal.HANDSHAKE_TIMEOUT)).isEqualTo(2);
    }

    @Test
    void silenceEndsAConnectionButNotOneThatWaitsForItsAnswer() throws Exception {
        HttpPort port = bind(new PortSettings(100, 100, LONG, Duration.ofMillis(300)), Optional.empty());
        Socket waiting = connect(port);
        say(waiting, "GET /held HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
        awaitHeld();
        for (int i = 0; i < 3; i++) {
            assertThat(connect(port).getInputStream().read()).isEqualTo(-1);
        }
        assertThat(counters.refused(PortRefusal.IDLE)).isEqualTo(3);

        held.get(0).complete(HttpResponse.create().withEntity("at last"));
        assertThat(all(waiting)).endsWith("at last");
    }

    @Test
    void whoeverAnswersHearsThatTheClientHasGone() throws Exception {
        HttpPort plain = bind(settings(), Optional.empty());
        HttpPort secure = secure(Certificates.snapshot(Certificates.SERVER, settings -> settings));
        for (Socket waiting : List.of(connect(plain), connect(secure, Optional.empty()))) {
            say(waiting, "GET /held HTTP/1.1\r\nHost: here\r\n\r\n");
            awaitHeld();
            CompletableFuture<Done> gone = departures.get(0).toCompletableFuture();
            assertThat(gone).isNotDone();

            waiting.close();

            assertThat(gone).succeedsWithin(Duration.ofSeconds(10));
            held.remove(0).complete(HttpResponse.create().withEntity("too late"));
            departures.clear();
        }
        Awaitility.await().until(() -> counters.open.sum() == 0);
    }

    @Test
    void whoAsksMoreMeanwhileHasNotGoneAndGetsAllAnswersInTheirOrder() throws Exception {
        HttpPort port = bind(settings(), Optional.empty());
        Socket waiting = connect(port);
        say(waiting, "GET /held HTTP/1.1\r\nHost: here\r\n\r\n");
        awaitHeld();
        say(waiting, "GET /x HTTP/1.1\r\nHost: here\r\n\r\n");
        say(waiting, GET);
        waiting.shutdownOutput();
        assertThat(departures.get(0)).succeedsWithin(Duration.ofSeconds(10));

        held.get(0).complete(HttpResponse.create().withEntity("at last"));
        assertThat(all(waiting)).matches("(?s).*at last.*hello 127.0.0.1.*hello 127.0.0.1");
    }

    @Test
    void aStopWaitsForAnswersUnderWayAndNotForThoseWhoAskNothing() throws Exception {
        HttpPort port = bind(settings(), Optional.empty());
        Socket idle = connect(port);
        Socket waiting = connect(port);
        say(waiting, "GET /held HTTP/1.1\r\nHost: here\r\n\r\n");
        awaitHeld();

        CompletableFuture<?> stopped = port.stop(LONG).toCompletableFuture();
        assertThat(idle.getInputStream().read()).isEqualTo(-1);
        assertThat(stopped).isNotDone();
        held.get(0).complete(HttpResponse.create().withEntity("at last"));
        assertThat(all(waiting)).endsWith("at last");
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void aStopEndsWhatTakesTooLong() throws Exception {
        HttpPort port = bind(settings(), Optional.empty());
        Socket waiting = connect(port);
        say(waiting, "GET /held HTTP/1.1\r\nHost: here\r\n\r\n");
        awaitHeld();

        assertThat(port.stop(Duration.ofMillis(100))).succeedsWithin(Duration.ofSeconds(10));
        InputStream in = waiting.getInputStream();
        assertThat(in.read()).isEqualTo(-1);
        Awaitility.await().until(() -> counters.open.sum() == 0);
    }

    private void awaitHeld() {
        Awaitility.await().until(() -> {
            synchronized (held) {
                return held.size() == 1;
            }
        });
    }
}
