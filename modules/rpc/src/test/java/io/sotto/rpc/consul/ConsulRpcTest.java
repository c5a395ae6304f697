package io.sotto.rpc.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.application.RpcOutcome;
import io.sotto.wire.Octets;
import io.sotto.wire.message.ConsulEvent;
import io.sotto.wire.rpc.consul.Catalog;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.HealthCheck;
import io.sotto.wire.rpc.consul.Internal;
import io.sotto.wire.rpc.consul.Kvs;
import io.sotto.wire.rpc.consul.NodeService;
import io.sotto.wire.rpc.consul.QueryOptions;
import io.sotto.wire.rpc.consul.Sessions;
import io.sotto.wire.rpc.consul.Txn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsulRpcTest {
    private static final QueryOptions DEFAULTS = QueryOptions.defaults();
    private static final String SESSION = "6a24247b-afc0-7cc6-fa35-3ff883ce15a5";

    private final RecordedServer server = new RecordedServer();
    private final ConsulRpc consul = ConsulRpc.create(server, "dc1", Duration.ofSeconds(10));

    @Test
    void requestsAreTheRealClientsByteForByteAndTheirAnswersAreRead() {
        assertThat(answer(consul.leader())).isEqualTo("127.0.21.2:8300");
        assertThat(answer(consul.peers())).containsExactly("127.0.21.2:8300");
        assertThat(answer(consul.raftStats()).lastIndex()).isEqualTo(11);
        assertThat(answer(consul.datacenters(DEFAULTS))).containsExactly("dc1");
        assertThat(answer(consul.services(DEFAULTS)).services()).containsOnlyKeys("web", "consul");
        assertThat(answer(consul.nodeServices("cli", DEFAULTS))
                        .nodeServices()
                        .orElseThrow()
                        .services()
                        .values())
                .extracting(NodeService::port)
                .containsExactly(8_080);
        assertThat(answer(consul.nodeServiceList("cli", DEFAULTS))
                        .nodeServices()
                        .services())
                .extracting("id")
                .containsExactly("web");
        assertThat(answer(consul.nodeServiceList("cli", DEFAULTS.stale(Duration.ofSeconds(2))))
                        .nodeServices()
                        .services())
                .isEmpty();
        assertThat(answer(consul.checksOfNode("cli", DEFAULTS)).healthChecks()).hasSize(2);
        assertThat(answer(consul.kvGet("foo", DEFAULTS)).entries().get(0).value())
                .isEqualTo(Octets.utf8("bar"));
        assertThat(answer(consul.kvGet("missing", DEFAULTS)).entries()).isEmpty();
        assertThat(answer(consul.kvList("", DEFAULTS)).entries()).hasSize(1);
        assertThat(answer(consul.kvKeys("", "/", DEFAULTS)).keys()).containsExactly("foo");
        assertThat(answer(consul.session(SESSION, DEFAULTS)).sessions().get(0).lockDelay())
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(answer(consul.sessions(DEFAULTS)).sessions()).hasSize(1);
        assertThat(answer(consul.sessionsOfNode("cli", DEFAULTS)).sessions()).hasSize(1);
        assertThat(answer(consul.sessionRenew(SESSION)).sessions()).hasSize(1);
        assertThat(answer(consul.coordinates(DEFAULTS)).coordinates()).isEmpty();
        assertThat(answer(consul.coordinatesOfNode("cli", DEFAULTS))
                        .coordinates()
                        .get(0)
                        .coord()
                        .vec())
                .hasSize(8);
        assertThat(answer(consul.coordinatesOfDatacenters()).get(0).areaId()).isEqualTo("wan");
        assertThat(answer(consul.nodeDump(DEFAULTS)).dump()).hasSize(2);
        assertThat(answer(consul.raftConfiguration()).servers().get(0).voter()).isTrue();
        assertThat(answer(consul.healthOfServers()).healthy()).isTrue();
        assertThat(answer(consul.preparedQueries(DEFAULTS)).queries()).isEmpty();
    }

    @Test
    void writesAreTheRealClientsByteForByte() {
        Sessions.Session session = Sessions.Session.of("s1", "cli", Duration.ofSeconds(5), "delete", "30s");
        assertThat(answer(consul.sessionCreate(session))).isEqualTo(SESSION);
        answer(consul.sessionDestroy(SESSION));
        answer(consul.deregister("ext"));
        answer(consul.deregisterService("ext", "r1"));
        List<Txn.Operation> operations = List.of(Txn.Operation.ofKey("set", Kvs.Entry.of("t", Octets.utf8("t"))));
        assertThat(answer(consul.transact(operations)).results()).hasSize(1);
        ConsulEvent event = new ConsulEvent(
                "2726ca2a-01bd-b340-1c49-eddeb073621f", "deploy", Octets.utf8("payload1"), "", "", "", 1);
        assertThat(answer(consul.fireEvent(event)).meta().knownLeader()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "SET, foo, bar, '', 0, true",
        "CAS, foo, x, '', 0, false",
        "DELETE_CAS, foo, '', '', 1, false",
        "DELETE_TREE, foo, '', '', 0, true",
        "LOCK, lock, me, " + SESSION + ", 0, true",
        "UNLOCK, lock, me, " + SESSION + ", 0, true",
    })
    void aWriteSaysWhetherItWasDoneWhateverBooleanTheServerSends(
            Kvs.Operation operation, String key, String value, String session, long modifyIndex, boolean done) {
        Kvs.Entry entry =
                Kvs.Entry.of(key, Octets.utf8(value)).withSession(session).withModifyIndex(modifyIndex);
        assertThat(answer(consul.kvApply(operation, entry))).isEqualTo(done);
    }

    @Test
    void anErrorOfTheServerIsNoAnswer() {
        assertThat(consul.connectRoots(DEFAULTS).join())
                .isEqualTo(new RpcOutcome.NoAnswer<>(
                        new RpcResult.Failed("Connect must be enabled in order to use this endpoint")));
        assertThat(consul.in("dc7").connectRoots(DEFAULTS).join()).isInstanceOf(RpcOutcome.NoAnswer.class);
    }

    @Test
    void anAnswerOfTheWrongShapeIsUnreadable() {
        ConsulRpc wrong = ConsulRpc.create(
                request -> CompletableFuture.completedFuture(new RpcResult.Answered(Octets.hex("05"))),
                "dc1",
                Duration.ofSeconds(1));
        assertThat(wrong.leader().join())
                .isEqualTo(new RpcOutcome.Unreadable<>("Status.Leader: a value of the wrong type"));
    }

    @Test
    void cancellingAnOutcomeCancelsItsCall() {
        List<CompletableFuture<RpcResult>> calls = new ArrayList<>();
        ConsulRpc waiting = ConsulRpc.create(
                request -> {
                    calls.add(new CompletableFuture<>());
                    return calls.get(0);
                },
                "dc1",
                Duration.ofSeconds(1));
        waiting.leader().cancel(false);
        assertThat(calls.get(0)).isCancelled();
        calls.clear();
        CompletableFuture<RpcOutcome<String>> outcome = waiting.leader();
        calls.get(0).cancel(false);
        assertThat(outcome.join()).isEqualTo(new RpcOutcome.NoAnswer<>(new RpcResult.Cancelled()));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 60, PT10S",
        "5, 16, PT27S",
        "5, 0, PT328.75S",
        "5, 100000, PT647.5S",
        "-1, 16, PT27S",
    })
    void aQueryThatWaitsGetsTheTimeThatTheServerMayTake(long index, long waitSeconds, Duration timeout) {
        consul.nodes(DEFAULTS.waiting(index, Duration.ofSeconds(waitSeconds))).join();
        assertThat(server.lastRequest().timeout()).isEqualTo(timeout);
    }

    @Test
    void aTokenGoesWithEveryCallAndIntoNoText() {
        ConsulRpc secret = consul.as("s3cret");
        RpcRequest before = requestOf(() -> secret.kvGet("foo", DEFAULTS));
        assertThat(before.body().toHex()).contains(Octets.utf8("s3cret").toHex());
        RpcRequest own = requestOf(() -> secret.kvGet("foo", DEFAULTS.withToken("0wn")));
        assertThat(own.body().toHex()).doesNotContain(Octets.utf8("s3cret").toHex());
        RpcRequest write = requestOf(() -> secret.deregister("ext"));
        assertThat(write.body().toHex()).contains(Octets.utf8("s3cret").toHex());
        assertThat(secret + " " + secret.told(DEFAULTS)).doesNotContain("s3cret");
    }

    @Test
    void anUnknownOperationOnKeysIsNeverSent() {
        Internal.Keyring unknown = new Internal.Keyring("drop", "", "dc1", false, 0, false, DEFAULTS);
        assertThatThrownBy(() -> consul.call(ConsulMethods.INTERNAL_KEYRING_OPERATION, unknown))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(server.calls()).isZero();
        consul.keyring(Internal.KeyringAction.LIST, "").join();
        assertThat(server.lastRequest().body().toHex()).contains("a94f7065726174696f6ea46c697374");
    }

    @Test
    void aServiceIsRegisteredTogetherWithItsOnlyCheck() {
        Catalog.Register node =
                Catalog.Register.node("dc1", "", "n", "192.0.2.1", Map.of("lan", "192.0.2.1"), Map.of(), "");
        HealthCheck check = HealthCheck.ofNode("n", "c", "C", "passing", "");
        Catalog.Register one = node.with(NodeService.of("web", "web", List.of(), "", 80), List.of(check));
        assertThat(one.check()).contains(check);
        assertThat(one.checks()).isEmpty();
        assertThat(one.skipNodeUpdate()).isTrue();
        Catalog.Register two = node.with(one.service().orElseThrow(), List.of(check, check));
        assertThat(two.check()).isEmpty();
        assertThat(two.checks()).hasSize(2);
        assertThat(consul.register(two).join()).isInstanceOf(RpcOutcome.NoAnswer.class);
    }

    @Test
    void aBlockingQueryWaitsForMoreThanItsLastAnswer() {
        BlockingQuery<Kvs.Entries> query = BlockingQuery.of(
                options -> consul.kvGet("foo", options), Kvs.Entries::meta, DEFAULTS, Duration.ofSeconds(2));
        assertThat(answer(consul.kvGet("foo", DEFAULTS)).meta().index()).isEqualTo(11);
        query.next().join();
        assertThat(query.index())
                .as("no answer to a query with a wait and no index")
                .isZero();
        BlockingQuery<Kvs.Entries> real = BlockingQuery.of(
                options -> consul.kvGet(
                        "blk", options.minQueryIndex() == 0 ? options.waiting(24, Duration.ofSeconds(2)) : options),
                Kvs.Entries::meta,
                DEFAULTS,
                Duration.ofSeconds(10));
        assertThat(answer(real.next()).entries().get(0).value()).isEqualTo(Octets.utf8("1"));
        assertThat(real.index()).isEqualTo(24);
        assertThat(answer(real.next()).entries().get(0).value()).isEqualTo(Octets.utf8("2"));
        assertThat(real.index()).isEqualTo(25);
    }

    @ParameterizedTest
    @CsvSource({"0, 7, 7", "7, 7, 7", "7, 9, 9", "9, 7, 0", "0, 0, 1", "5, 0, 0", "9, -1, -1", "-1, 9, 0"})
    void anIndexThatWentBackwardsIsNotWaitedFor(long since, long received, long next) {
        assertThat(BlockingQuery.nextIndex(since, received)).isEqualTo(next);
    }

    @Test
    void cancellingTheNextAnswerCancelsItsQuery() {
        List<CompletableFuture<RpcOutcome<Kvs.Entries>>> asked = new ArrayList<>();
        BlockingQuery<Kvs.Entries> query = BlockingQuery.of(
                options -> {
                    asked.add(new CompletableFuture<>());
                    return asked.get(0);
                },
                Kvs.Entries::meta,
                DEFAULTS,
                Duration.ZERO);
        query.next().cancel(false);
        assertThat(asked.get(0)).isCancelled();
    }

    private RpcRequest requestOf(Supplier<CompletableFuture<?>> call) {
        call.get().join();
        return server.lastRequest();
    }

    private static <A> A answer(CompletableFuture<RpcOutcome<A>> outcome) {
        return outcome.join().answer().orElseThrow(() -> new AssertionError(outcome.join()));
    }
}
