package io.sotto.cluster.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.cluster.Member;
import io.sotto.cluster.MemberEvent;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.RpcAnswer;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.record.Decoding;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.Internal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that knows of others beyond its datacenter. */
final class FederationTest {
    private static final String KEY = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=";
    private static final String KEYRING = "Internal.KeyringOperation";

    private final StubView lan = new StubView();
    private final StubView wan = new StubView();
    private final List<RpcRequest> passed = new ArrayList<>();
    private final List<CompletableFuture<RpcResult>> underWay = new ArrayList<>();
    private final Map<String, RpcResult> results = new HashMap<>();
    private boolean provesServers = true;
    private final Asked asked =
            new Asked(lan, Optional.of(new ConsulServer.Outside(wan, this::servers, () -> provesServers)));

    private RpcCaller servers(String datacenter) {
        return request -> {
            passed.add(request);
            RpcResult known = results.get(datacenter);
            CompletableFuture<RpcResult> result =
                    known == null ? new CompletableFuture<>() : CompletableFuture.completedFuture(known);
            underWay.add(result);
            return result;
        };
    }

    @BeforeEach
    void members() {
        Member self = StubView.member("srv", "127.0.0.2", Member.Status.ALIVE);
        lan.members.add(self);
        asked.server().note(StubView.event(MemberEvent.Kind.JOINED, self));
        // The stub's round trips grow shorter with the name: dc4 is nearest, then dc3, then dc2.
        wan.members.add(server("srv", "dc1", Member.Status.ALIVE));
        wan.members.add(server("b", "dc2", Member.Status.ALIVE));
        wan.members.add(server("cc", "dc3", Member.Status.FAILED));
        wan.members.add(server("ddd", "dc4", Member.Status.ALIVE));
        wan.members.add(server("e", "dc5", Member.Status.LEFT));
    }

    private static Member server(String name, String datacenter, Member.Status status) {
        return new Member(
                name + "." + datacenter,
                NodeAddress.of(new InetSocketAddress("127.0.0.9", 8302)),
                Map.of("role", "consul", "dc", datacenter),
                status,
                ProtocolVersions.CONSUL,
                1,
                Instant.EPOCH);
    }

    @Test
    void datacentersAreListedByDistanceAndThoseWhoseServersLeftAreNot() {
        assertThat(Plain.of(
                        "Catalog.ListDatacenters",
                        asked.ask("Catalog.ListDatacenters", Asked.body(Map.of()))
                                .answer()
                                .join()))
                .isEqualTo(List.of("dc1", "dc4", "dc3", "dc2"));
        assertThat(asked.server().knownDatacenters()).isEqualTo(4);
    }

    @Test
    void coordinatesAreListedByDatacenterUnderTheNamesOfTheNodesThere() {
        Object reply = Plain.of(
                "Coordinate.ListDatacenters",
                asked.ask("Coordinate.ListDatacenters", Asked.body(Map.of()))
                        .answer()
                        .join());
        assertThat(Plain.elements(reply))
                .extracting(each -> Plain.fields(each).get("Datacenter"))
                .containsExactly("dc1", "dc4", "dc3", "dc2");
        assertThat(Plain.at(reply, 0, "AreaID")).isEqualTo("wan");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Status.Leader",
                "Status.Peers",
                "Catalog.ListNodes",
                "Catalog.Register",
                "KVS.Get",
                "KVS.Apply",
                "Session.Apply",
                "Health.ServiceNodes",
                "Coordinate.ListNodes",
                "Coordinate.Update",
                "Internal.EventFire",
                "Internal.NodeDump",
                "ConnectCA.Roots"
            })
    void whatIsAboutAnotherDatacenterGoesThereAsItIsAndItsAnswerBack(String method) {
        Octets answer = Octets.hex("a16f");
        results.put("dc2", new RpcResult.Answered(answer));
        Octets body = Asked.body(Map.of("Datacenter", "dc2", "Whatever", "else"));

        assertThat(asked.ask(method, body).answer().join()).isEqualTo(new RpcAnswer.Reply(answer));
        assertThat(passed).singleElement().satisfies(request -> {
            assertThat(request.method()).isEqualTo(method);
            assertThat(request.body()).isEqualTo(body);
        });
    }

    @Test
    void errorsComeBackInTheWordsOfRealServers() {
        Octets leader = Asked.body(Map.of("Datacenter", "dc2"));
        results.put("dc2", new RpcResult.Failed("rpc error making call: No cluster leader"));
        assertThat(asked.ask("KVS.Get", leader).fault()).contains("rpc error making call: No cluster leader");
        results.put("dc2", new RpcResult.Unreachable("No known Consul servers", false));
        assertThat(asked.ask("KVS.Get", leader).fault()).contains("Remote DC has no server currently reachable");
        results.put("dc2", new RpcResult.Unreachable("rpc error getting client: failed to get conn: x", false));
        assertThat(asked.ask("KVS.Get", leader).fault()).contains("rpc error getting client: failed to get conn: x");
        for (String datacenter : List.of("dc5", "dc9")) {
            assertThat(asked.ask("KVS.Get", Asked.body(Map.of("Datacenter", datacenter)))
                            .fault())
                    .contains("No path to datacenter");
        }
        assertThat(passed).hasSize(3);
    }

    @Test
    void aQueryThatWaitsThereHasItsTimeAndIsCalledOffWithItsCaller() {
        Asked.Call call = asked.ask(
                "Catalog.ListNodes",
                Asked.body(Map.of(
                        "Datacenter",
                        "dc2",
                        "MinQueryIndex",
                        5,
                        "MaxQueryTime",
                        Duration.ofSeconds(160).toNanos())));
        assertThat(passed.get(0).timeout()).isEqualTo(Duration.ofSeconds(200));
        assertThat(call.answer()).isNotDone();
        call.cancel();
        assertThat(underWay.get(0)).isCancelled();
    }

    private List<Internal.KeyringAnswer> keyring(Map<String, Object> fields) {
        RpcAnswer answer =
                asked.ask(KEYRING, PeerRole.SERVER, Asked.body(fields)).answer().join();
        Decoding<Internal.KeyringAnswers> decoded =
                ConsulMethods.INTERNAL_KEYRING_OPERATION.answers().decode(((RpcAnswer.Reply) answer).body());
        return ((Decoding.Value<Internal.KeyringAnswers>) decoded).value().responses();
    }

    private static RpcResult keys(String datacenter, String... others) {
        MsgpackWriter writer = new MsgpackWriter(64).map(1).key("Responses").list(1 + others.length);
        List<String> all = new ArrayList<>(List.of(others));
        all.add(datacenter);
        for (String each : all) {
            writer.map(3).key("Datacenter").text(each);
            writer.key("Keys").map(1).key(KEY).unsigned(7);
            writer.key("NumNodes").unsigned(7);
        }
        return new RpcResult.Answered(writer.toOctets());
    }

    @Test
    void anOperationOnKeysActsOnTheWanThenOnTheLanOfEveryDatacenter() {
        results.put("dc2", keys("dc2"));
        results.put("dc3", new RpcResult.Unreachable("No known Consul servers", false));
        results.put("dc4", keys("dc4", "dc1"));
        List<Internal.KeyringAnswer> answers = keyring(
                Map.of("Datacenter", "dc1", "Operation", "install", "Key", KEY, "RelayFactor", 2, "Token", "t"));

        assertThat(answers)
                .extracting(each -> (each.wan() ? "WAN " : "") + each.datacenter() + " " + each.error())
                .containsExactly("WAN dc1 ", "dc1 ", "dc2 ", "dc3 Remote DC has no server currently reachable", "dc4 ");
        assertThat(wan.asked).containsExactly("install 2");
        assertThat(lan.asked).containsExactly("install 2");
        assertThat(passed).hasSize(3).allSatisfy(request -> {
            Internal.Keyring told = ((Decoding.Value<Internal.Keyring>)
                            ConsulMethods.INTERNAL_KEYRING_OPERATION.requests().decode(request.body()))
                    .value();
            assertThat(told.forwarded()).isTrue();
            assertThat(told.key()).isEqualTo(KEY);
            assertThat(told.relayFactor()).isEqualTo(2);
            assertThat(told.options().token()).isEqualTo("t");
        });
    }

    @Test
    void whatAnotherServerPassedOnOrAsksOfThisDatacenterOnlyStaysHere() {
        assertThat(keyring(Map.of("Datacenter", "dc1", "Operation", "list", "Forwarded", true)))
                .hasSize(1);
        assertThat(keyring(Map.of("Datacenter", "dc1", "Operation", "list", "LocalOnly", true)))
                .hasSize(1);
        assertThat(passed).isEmpty();
        assertThat(wan.asked).isEmpty();
    }

    @Test
    void whatARealServerPassesOnHasTheNameOfItsOwnDatacenter() {
        assertThat(keyring(Map.of("Datacenter", "dc2", "Operation", "list", "Forwarded", true)))
                .extracting(Internal.KeyringAnswer::datacenter)
                .containsExactly("dc1");
        assertThat(asked.ask(KEYRING, PeerRole.SERVER, Asked.body(Map.of("Datacenter", "dc2", "Operation", "list")))
                        .fault())
                .contains("No path to datacenter");
    }

    @Test
    void noKeyGoesToAnotherDatacenterWhereServersNeedNotProveThemselves() {
        provesServers = false;
        assertThat(keyring(Map.of("Datacenter", "dc1", "Operation", "list")))
                .extracting(Internal.KeyringAnswer::error)
                .containsExactly(
                        "",
                        "",
                        DatacenterKeyrings.NOT_SEALED,
                        DatacenterKeyrings.NOT_SEALED,
                        DatacenterKeyrings.NOT_SEALED);
        assertThat(passed).isEmpty();
    }

    @Test
    void onlyServersOfKnownDatacentersAreHeard() {
        Octets list = Asked.body(Map.of("Datacenter", "dc1", "Operation", "list", "Forwarded", true));
        assertThat(asked.ask(KEYRING, PeerRole.MEMBER, Set.of("dc2"), list)
                        .answer()
                        .join())
                .isInstanceOf(RpcAnswer.Reply.class);
        for (Set<String> of : List.of(Set.<String>of(), Set.of("dc9"), Set.of("dc5"))) {
            assertThat(asked.ask(KEYRING, PeerRole.MEMBER, of, list).fault())
                    .contains("Permission denied: Internal.KeyringOperation needs the certificate of a server");
        }
        assertThat(asked.ask(KEYRING, PeerRole.UNPROVEN, Set.of("dc2"), list).fault())
                .contains("keyring operations take verify_incoming, and a caller with a server's certificate");
        assertThat(lan.asked).hasSize(1);
    }
}
