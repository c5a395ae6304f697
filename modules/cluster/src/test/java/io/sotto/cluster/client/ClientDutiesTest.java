package io.sotto.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sotto.cluster.Member;
import io.sotto.cluster.MemberEvent;
import io.sotto.membership.coordinate.Coordinate;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.supervision.SecondTry;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.record.Decoding;
import io.sotto.wire.record.Nil;
import io.sotto.wire.rpc.consul.Catalog;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.Health;
import io.sotto.wire.rpc.consul.Node;
import io.sotto.wire.rpc.consul.Nothing;
import io.sotto.wire.rpc.consul.QueryMeta;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.testkit.CallingThreadDispatcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** On a clock that is moved by hand; chance is always the least there is. */
final class ClientDutiesTest {
    private static final ClientIdentity SELF = new ClientIdentity(
            "dc1", "cli", "22222222-2222-4222-8222-222222222222", "127.0.0.3", Map.of("rack", "7"), "secret");

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(ClientDuties.class);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
    private final ManualTime time = ManualTime.get(kit.system());
    private final List<String> calls = new ArrayList<>();
    private final Servers servers = new Servers();
    private Optional<ActorRef<ClientDuties.Command>> duties = Optional.empty();
    private Optional<Coordinate> coordinate = Optional.of(Coordinate.initial());
    private final AtomicInteger toFailBefore = new AtomicInteger();
    private final AtomicInteger toFailAfter = new AtomicInteger();
    private final SecondTry.Faults faults = new SecondTry.Faults() {
        @Override
        public void before(Object message) {
            fail(toFailBefore);
        }

        @Override
        public void after(Object message) {
            fail(toFailAfter);
        }

        private void fail(AtomicInteger left) {
            if (left.getAndUpdate(count -> Math.max(count - 1, 0)) > 0) {
                throw new IllegalStateException("made to fail");
            }
        }
    };

    /** A catalog of one node, which says what it is asked. */
    private final class Servers implements RpcCaller {
        final List<RpcRequest> requests = new ArrayList<>();
        Node known = new Node("", "", "", "", Nil.map(), Nil.map(), 0, 0);
        Optional<RpcResult> failure = Optional.empty();

        @Override
        public CompletableFuture<RpcResult> call(RpcRequest request) {
            requests.add(request);
            calls.add(request.method());
            return CompletableFuture.completedFuture(failure.orElseGet(() -> new RpcResult.Answered(answer(request))));
        }

        private Octets answer(RpcRequest request) {
            QueryMeta meta = new QueryMeta(7, Duration.ZERO, true, "");
            return switch (request.method()) {
                case "Catalog.NodeServiceList" ->
                    ConsulMethods.CATALOG_NODE_SERVICE_LIST
                            .answers()
                            .encode(new Catalog.NodeServiceList(
                                    new Catalog.ServiceListOfNode(known, Nil.list()), meta));
                case "Health.NodeChecks" ->
                    ConsulMethods.HEALTH_NODE_CHECKS.answers().encode(new Health.HealthChecks(Nil.list(), meta));
                case "Catalog.Register" -> {
                    Catalog.Register register = register(request);
                    known = new Node(
                            register.id(),
                            register.node(),
                            register.address(),
                            register.datacenter(),
                            register.taggedAddresses(),
                            register.nodeMeta(),
                            1,
                            1);
                    yield ConsulMethods.CATALOG_REGISTER.answers().encode(Nothing.nothing());
                }
                default -> ConsulMethods.COORDINATE_UPDATE.answers().encode(Nothing.nothing());
            };
        }

        Catalog.Register register(RpcRequest request) {
            return ((Decoding.Value<Catalog.Register>)
                            ConsulMethods.CATALOG_REGISTER.requests().decode(request.body()))
                    .value();
        }
    }

    @BeforeEach
    void start() {
        log.start();
        LOGGER.addAppender(log);
        duties = Optional.of(kit.spawn(
                ClientDuties.over(SELF, servers, () -> 0L, () -> 3, () -> coordinate, faults),
                DispatcherSelector.fromConfig(CallingThreadDispatcher.Id())));
    }

    @AfterEach
    void stop() {
        LOGGER.detachAppender(log);
        kit.shutdownTestKit();
    }

    private void hear(MemberEvent.Kind kind, String role, Member.Status status) {
        Member member = new Member(
                "srv",
                NodeAddress.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8301)),
                Map.of("role", role),
                status,
                ProtocolVersions.CONSUL,
                1,
                Instant.EPOCH);
        duties.orElseThrow().tell(ClientDuties.seen(new MemberEvent(kind, member)));
    }

    private void serverIsThere() {
        hear(MemberEvent.Kind.JOINED, "consul", Member.Status.ALIVE);
    }

    /** Since this was asked the last time. */
    private void called(String... methods) {
        assertThat(calls).containsExactly(methods);
        calls.clear();
    }

    @Test
    void callsNobodyWhereThereIsNoServer() {
        hear(MemberEvent.Kind.JOINED, "node", Member.Status.ALIVE);
        time.timePasses(Duration.ofMinutes(10));
        called();
    }

    @Test
    void registersItsNodeAsRealAgentsDoOnceAServerIsThere() {
        serverIsThere();
        time.timePasses(Rhythm.SOON);
        called("Catalog.NodeServiceList", "Health.NodeChecks", "Catalog.Register");
        Catalog.Register sent = servers.register(servers.requests.get(2));
        assertThat(sent.node()).isEqualTo("cli");
        assertThat(sent.id()).isEqualTo(SELF.id());
        assertThat(sent.address()).isEqualTo("127.0.0.3");
        assertThat(sent.datacenter()).isEqualTo("dc1");
        assertThat(sent.token()).isEqualTo("secret");
        assertThat(sent.skipNodeUpdate()).isFalse();
        assertThat(sent.nodeMeta()).isEqualTo(Map.of("consul-network-segment", "", "rack", "7"));
        assertThat(sent.taggedAddresses())
                .containsOnlyKeys("lan", "lan_ipv4", "wan", "wan_ipv4")
                .containsValue("127.0.0.3");
    }

    @Test
    void looksAgainAfterAMinuteAndRegistersOnlyWhatDiffers() {
        serverIsThere();
        coordinate = Optional.empty();
        time.timePasses(Rhythm.SOON);
        called("Catalog.NodeServiceList", "Health.NodeChecks", "Catalog.Register");
        time.timePasses(Rhythm.SYNC.minusSeconds(1));
        called();
        time.timePasses(Duration.ofSeconds(1));
        called("Catalog.NodeServiceList", "Health.NodeChecks");
        servers.known = new Node("", "cli", "127.0.0.9", "dc1", Nil.map(), Nil.map(), 0, 0);
        time.timePasses(Rhythm.SYNC);
        called("Catalog.NodeServiceList", "Health.NodeChecks", "Catalog.Register");
    }

    @Test
    void tellsItsCoordinateEveryFifteenSecondsAtLeast() {
        serverIsThere();
        time.timePasses(Rhythm.SOON);
        called("Catalog.NodeServiceList", "Health.NodeChecks", "Catalog.Register");
        time.timePasses(Rhythm.COORDINATE.minus(Rhythm.SOON));
        called("Coordinate.Update");
        time.timePasses(Rhythm.COORDINATE);
        called("Coordinate.Update");
    }

    @Test
    void aFaultOnAnyMessageEndsNoDuty() {
        toFailBefore.set(1);
        serverIsThere();
        for (AtomicInteger point : List.of(toFailBefore, toFailAfter)) {
            for (int round = 0; round < 4; round++) {
                point.set(1);
                time.timePasses(Rhythm.SYNC);
                assertThat(point).hasValue(0);
                assertThat(calls).as("round %d", round).contains("Catalog.NodeServiceList", "Coordinate.Update");
                calls.clear();
            }
        }
        time.timePasses(Rhythm.SYNC);
        assertThat(calls).contains("Catalog.NodeServiceList", "Coordinate.Update");
    }

    @Test
    void stopsWhenTheLastServerIsGone() {
        serverIsThere();
        hear(MemberEvent.Kind.FAILED, "consul", Member.Status.FAILED);
        time.timePasses(Duration.ofMinutes(10));
        called();
    }

    @Test
    void aFailureIsTriedAgainSoonerAndLoggedOnce() {
        servers.failure = Optional.of(new RpcResult.Failed("No cluster leader"));
        coordinate = Optional.empty();
        serverIsThere();
        time.timePasses(Rhythm.SOON);
        called("Catalog.NodeServiceList", "Health.NodeChecks");
        for (int i = 0; i < 2; i++) {
            time.timePasses(Rhythm.RETRY);
            called("Catalog.NodeServiceList", "Health.NodeChecks");
        }
        assertThat(logged())
                .containsExactly("WARN failed to sync the node with the catalog: error=\"No cluster leader\"");
        servers.failure = Optional.empty();
        time.timePasses(Rhythm.RETRY);
        called("Catalog.NodeServiceList", "Health.NodeChecks", "Catalog.Register");
        assertThat(logged()).contains("INFO could sync the node with the catalog again");
    }

    private List<String> logged() {
        return log.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "128, 1", "129, 2", "256, 2", "257, 3", "1000, 4", "10000, 8"})
    void largerPoolsAreSyncedLessOften(int members, int scale) {
        assertThat(Rhythm.scale(members)).isEqualTo(scale);
    }

    @Test
    void coordinatesOfAllTogetherAreSixtyFourASecondAtMost() {
        assertThat(new Rhythm(() -> 0L).nextCoordinate(6_400)).isEqualTo(Duration.ofSeconds(100));
        assertThat(new Rhythm(() -> 0L).nextCoordinate(100)).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void theTokenIsInNoText() {
        assertThat(SELF.toString()).doesNotContain("secret");
    }
}
