package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.Pool;
import io.sotto.cluster.Sotto;
import io.sotto.pki.TlsSnapshot;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who can call whom while a datacenter moves to TLS: every pair of settings that was measured between real agents, with ours
 * on either side and on both. The outcome must be the measured one in each, by the same kind of connection, and where the
 * call is refused both sides must say why.
 *
 * <p>Between two of ours one thing is better than measured, see {@code docs/reference/differences.md}: a client that holds
 * certificates dials a server that takes TLS by TLS even before {@code verify_outgoing}.
 *
 * <p>Source: TLS specification, section 2.
 */
@NeedsPeer("consul")
class TlsMatrixIT {
    private static final int RPC_PORT = 8300;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LEADER = "/v1/status/leader";
    private static final String EOF = "EOF";
    private static final String REMOTE = "remote error: tls: ";

    private static final TlsPostures POSTURES = new TlsPostures();
    private static final Path DIRECTORY = NodeFiles.directory("tls matrix");

    static List<TlsMatrix.Cell> cells() {
        return TlsMatrix.cells();
    }

    /** Our dialler and real servers. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @Execution(ExecutionMode.CONCURRENT)
    @NeedsPeer("consul")
    class SottoCallsARealServer {
        private final ActorSystem<Void> system = system("calling");
        private String row = "";
        private Optional<ConsulProcess> server = Optional.empty();

        @Execution(ExecutionMode.SAME_THREAD)
        @ParameterizedTest(name = "{0}")
        @MethodSource("io.sotto.interop.TlsMatrixIT#cells")
        void asMeasured(TlsMatrix.Cell cell) {
            ConsulProcess real = server(cell);
            String from = Site.ipv4(RPC_PORT).ip();
            LogLines before = LogLines.of(real);

            LeaderCall call = LeaderCall.make(system, POSTURES.client(cell).snapshot(), from, rpc(real.site()), false);

            assertAsMeasured(call, cell, cell.alert());
            serverSays(cell)
                    .ifPresent(text -> Awaitility.await("what the server says")
                            .atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(
                                            LogLines.of(real).since(before).trouble())
                                    .anySatisfy(line -> assertThat(line)
                                            .contains("from=" + from + ":")
                                            .contains(text))));
        }

        private ConsulProcess server(TlsMatrix.Cell cell) {
            if (!row.equals(cell.server())) {
                end();
                row = cell.server();
                ConsulProcess started = realServer(cell);
                server = Optional.of(started);
                started.start(List.of());
                Awaitility.await("a leader")
                        .atMost(PATIENCE)
                        .until(() -> started.api().ask(LEADER).body().contains(":" + RPC_PORT));
            }
            return server.orElseThrow();
        }

        @AfterAll
        void endAll() {
            end();
            system.terminate();
        }

        private void end() {
            server.ifPresent(ConsulProcess::close);
        }
    }

    /** Real client agents and our RPC port, which a member of ours announces as a server's. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @Execution(ExecutionMode.CONCURRENT)
    @NeedsPeer("consul")
    class ARealClientCallsSotto {
        private String row = "";
        private Optional<Announced> server = Optional.empty();
        private int count;

        @Execution(ExecutionMode.SAME_THREAD)
        @ParameterizedTest(name = "{0}")
        @MethodSource("io.sotto.interop.TlsMatrixIT#cells")
        void asMeasured(TlsMatrix.Cell cell) {
            Announced ours = server(cell);
            count++;
            Path directory = DIRECTORY.resolve("client-" + count);
            ConsulProcess client = new ConsulProcess(
                            "client-" + count,
                            Site.ipv4(Site.CONSUL_PORT),
                            directory,
                            ConsulProcess.Role.CLIENT,
                            Optional.empty())
                    .with("performance", Map.of("rpc_hold_timeout", "300ms"));
            POSTURES.client(cell).settings(directory).forEach(client::with);
            try (OwnLog log = new OwnLog("io.sotto.rpc.link");
                    client) {
                client.start(List.of(ours.site.address()));
                Awaitility.await("what the client is told")
                        .atMost(PATIENCE)
                        .untilAsserted(() -> assertAsMeasured(client.api().ask(LEADER), cell));
                cell.serverSays().ifPresent(text -> awaitLine(log, client.site().ip(), text));
                cell.alert()
                        .ifPresent(text -> Awaitility.await("what the client logs")
                                .atMost(PATIENCE)
                                .untilAsserted(() -> assertThat(client.log()).contains(REMOTE)));
            }
        }

        private void assertAsMeasured(HttpResponse<String> answer, TlsMatrix.Cell cell) {
            assertThat(answer.statusCode())
                    .as(answer.body())
                    .isEqualTo(cell.refusal().isEmpty() ? 200 : 500);
            if (cell.refusal().isEmpty()) {
                assertThat(answer.body()).contains(":" + RPC_PORT);
            } else {
                assertThat(answer.body()).contains(cell.refusal().get());
            }
        }

        private Announced server(TlsMatrix.Cell cell) {
            if (!row.equals(cell.server())) {
                end();
                row = cell.server();
                server = Optional.of(Announced.start(POSTURES.server(cell).snapshot()));
            }
            return server.orElseThrow();
        }

        @AfterAll
        void end() {
            server.ifPresent(Announced::close);
        }
    }

    /** Ours on both sides. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @Execution(ExecutionMode.CONCURRENT)
    class SottoCallsSotto {
        private final ActorSystem<Void> system = system("both");

        @Execution(ExecutionMode.SAME_THREAD)
        @ParameterizedTest(name = "{0}")
        @MethodSource("io.sotto.interop.TlsMatrixIT#cells")
        void asMeasuredOrByTlsWhereBothHoldCertificates(TlsMatrix.Cell cell) {
            TlsSnapshot serves = POSTURES.server(cell).snapshot();
            String from = Site.ipv4(RPC_PORT).ip();
            try (OwnLog log = new OwnLog("io.sotto.rpc.link");
                    LeaderServer server = LeaderServer.start(system, serves, rpc(Site.ipv4(RPC_PORT)))) {
                LeaderCall call = LeaderCall.make(
                        system, POSTURES.client(cell).snapshot(), from, server.address(), serves.servesTls());

                if (isUpgraded(cell)) {
                    assertThat(call.answer()).as(call.whyNot()).isPresent();
                    assertThat(call.isTls()).isTrue();
                } else {
                    assertAsMeasured(call, cell, cell.alert().map(text -> REMOTE));
                    serverSays(cell).ifPresent(text -> awaitLine(log, from, text));
                }
            }
        }

        /** The ten cells of the documentation: a client that would dial plainly, though both hold certificates. */
        private static boolean isUpgraded(TlsMatrix.Cell cell) {
            return Set.of("C1 certs only", "C3 certs+vin").contains(cell.client())
                    && !cell.server().equals("S0 none");
        }

        @AfterAll
        void end() {
            system.terminate();
        }
    }

    /** @param alert what the client must say where a real one has EOF for a refusal in TLS */
    private static void assertAsMeasured(LeaderCall call, TlsMatrix.Cell cell, Optional<String> alert) {
        if (cell.refusal().isEmpty()) {
            assertThat(call.answer())
                    .as(call.whyNot())
                    .hasValueSatisfying(answer -> assertThat(answer).contains(":" + RPC_PORT));
            assertThat(call.isTls()).as("whether the connection was TLS").isEqualTo(cell.byTls());
        } else {
            assertThat(call.answer()).isEmpty();
            assertThat(call.whyNot()).contains(cause(cell, alert));
        }
    }

    /** What the refusal is about, without who says it in a real agent. */
    private static String cause(TlsMatrix.Cell cell, Optional<String> alert) {
        String text = cell.refusal().orElseThrow();
        return text.endsWith(": " + EOF)
                ? alert.orElse(EOF)
                : text.replaceFirst("^rpc error getting client: failed to get conn: ", "");
    }

    /**
     * What a server says of a client of ours. Where it is the client who refuses, ours does so within the handshake, and
     * the server hears an alert; which one is the JDK's choice.
     */
    private static Optional<String> serverSays(TlsMatrix.Cell cell) {
        boolean isByClient =
                cell.refusal().filter(text -> text.contains("x509: ")).isPresent();
        return isByClient ? Optional.of(REMOTE) : cell.serverSays();
    }

    /** Our log must say it of this address. */
    private static void awaitLine(OwnLog log, String from, String text) {
        Awaitility.await("what our side says")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(log.lines())
                        .anySatisfy(line ->
                                assertThat(line).contains("from=" + from + ":").contains(text)));
    }

    private static ConsulProcess realServer(TlsMatrix.Cell cell) {
        Site site = Site.ipv4(Site.CONSUL_PORT);
        Path directory = DIRECTORY.resolve("server-" + site.ip());
        ConsulProcess process = new ConsulProcess(
                        "server", site, directory, ConsulProcess.Role.SERVER, Optional.empty())
                .with("bootstrap_expect", 1)
                .with("performance", Map.of("raft_multiplier", 1));
        POSTURES.server(cell).settings(directory).forEach(process::with);
        return process;
    }

    private static InetSocketAddress rpc(Site site) {
        return new InetSocketAddress(site.ip(), RPC_PORT);
    }

    private static ActorSystem<Void> system(String name) {
        return ActorSystem.create(
                Behaviors.empty(),
                name,
                ConfigFactory.parseMap(Map.of("pekko.loglevel", "WARNING")).withFallback(ConfigFactory.load()));
    }

    /** Our RPC port, and a member that announces it as that of a Consul server. */
    private record Announced(Site site, ActorSystem<Void> system, LeaderServer server) implements AutoCloseable {
        static Announced start(TlsSnapshot tls) {
            Site site = Site.ipv4(Site.CONSUL_PORT);
            Map<String, Object> settings = new LinkedHashMap<>();
            settings.put("profile", "serf");
            settings.put("node-name", "ours");
            settings.put("bind-addr", site.ip());
            settings.put("ports.serf-lan", site.port());
            settings.put(
                    "tags",
                    Map.ofEntries(
                            Map.entry("role", "consul"),
                            Map.entry("dc", "dc1"),
                            Map.entry("segment", ""),
                            Map.entry("id", UUID.randomUUID().toString()),
                            Map.entry("vsn", "2"),
                            Map.entry("vsn_min", "2"),
                            Map.entry("vsn_max", "3"),
                            Map.entry("raft_vsn", "3"),
                            Map.entry("build", "1.8.7:"),
                            Map.entry("acls", "0"),
                            Map.entry("bootstrap", "1"),
                            Map.entry("port", Integer.toString(RPC_PORT))));
            ActorSystem<Void> system = ActorSystem.create(
                    Behaviors.empty(),
                    "announced",
                    ConfigFactory.parseMap(settings)
                            .atPath("sotto")
                            .withFallback(ConfigFactory.parseMap(Map.of("pekko.loglevel", "WARNING")))
                            .withFallback(ConfigFactory.load()));
            LeaderServer server = LeaderServer.start(system, tls, rpc(site));
            Pool pool = Sotto.get(system).lan();
            pool.started()
                    .toCompletableFuture()
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
            return new Announced(site, system, server);
        }

        @Override
        public void close() {
            server.close();
            system.terminate();
            system.getWhenTerminated()
                    .toCompletableFuture()
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }
    }
}
