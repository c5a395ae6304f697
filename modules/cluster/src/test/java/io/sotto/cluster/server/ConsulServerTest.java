package io.sotto.cluster.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.cluster.Member;
import io.sotto.cluster.MemberEvent;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.record.Nil;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConsulServerTest {
    private static final Member SERVER = StubView.member("srv", "127.0.0.2", Member.Status.ALIVE);
    private static final Member CLIENT = StubView.member("cli", "127.0.0.3", Member.Status.ALIVE);
    private static final Octets DC1 = Asked.body(Map.of("Datacenter", "dc1"));

    private final StubView view = new StubView();
    private final Asked asked = new Asked(view);

    @BeforeEach
    void members() {
        for (Member member : List.of(CLIENT, SERVER)) {
            view.members.add(member);
            asked.server().note(StubView.event(MemberEvent.Kind.JOINED, member));
        }
    }

    private Object reply(String method, Octets body) {
        return Plain.of(method, asked.ask(method, body).answer().getNow(new RpcAnswer.Fault("no answer yet")));
    }

    private Map<String, Object> fields(String method, Octets body) {
        return Plain.fields(reply(method, body));
    }

    @Test
    void tellsOfItselfThatNobodyLeads() {
        assertThat(reply("Status.Ping", Asked.body(Map.of()))).isEqualTo(Map.of());
        assertThat(reply("Status.Leader", DC1)).isEqualTo("");
        assertThat(reply("Status.Peers", DC1)).isEqualTo(List.of());
        assertThat(reply("Status.RaftStats", DC1))
                .isEqualTo(Map.of("LastContact", "never", "LastIndex", 0L, "LastTerm", 0L));
        assertThat(reply("Catalog.ListDatacenters", Asked.body(Map.of()))).isEqualTo(List.of("dc1"));
    }

    @Test
    void listsMembersAsNodesOfTheCatalog() {
        Map<String, Object> reply = fields("Catalog.ListNodes", DC1);
        assertThat(reply)
                .containsEntry("ConsistencyLevel", "")
                .containsEntry("Index", 3L)
                .containsEntry("KnownLeader", false)
                .containsEntry("LastContact", 0L);
        assertThat(Plain.elements(reply.get("Nodes")))
                .hasSize(2)
                .first()
                .isEqualTo(Map.of(
                        "Address",
                        "127.0.0.3",
                        "CreateIndex",
                        2L,
                        "Datacenter",
                        "dc1",
                        "ID",
                        "id-of-cli",
                        "Meta",
                        Map.of("consul-network-segment", ""),
                        "ModifyIndex",
                        2L,
                        "Node",
                        "cli",
                        "TaggedAddresses",
                        Map.of(
                                "lan", "127.0.0.3",
                                "lan_ipv4", "127.0.0.3",
                                "wan", "127.0.0.3",
                                "wan_ipv4", "127.0.0.3")));
    }

    @Test
    void whoLeftIsNoNodeAndWhoFailedIsACriticalOne() {
        view.members.add(StubView.member("gone", "127.0.0.4", Member.Status.LEFT));
        view.members.add(StubView.member("lost", "127.0.0.5", Member.Status.FAILED));
        List<Object> dump = Plain.elements(fields("Internal.NodeDump", DC1).get("Dump"));
        assertThat(dump).extracting(node -> Plain.fields(node).get("Node")).containsExactly("cli", "srv", "lost");
        assertThat(dump)
                .extracting(node -> Plain.fields(
                                Plain.elements(Plain.fields(node).get("Checks")).get(0))
                        .get("Status"))
                .containsExactly("passing", "passing", "critical");
        assertThat(Plain.elements(fields("Internal.NodeInfo", Asked.body(Map.of("Datacenter", "dc1", "Node", "lost")))
                        .get("Dump")))
                .extracting(node -> Plain.fields(node).get("Node"))
                .containsExactly("lost");
    }

    @Test
    void sortsNodesByHowFarTheyAre() {
        Map<String, Object> near = Map.of("Datacenter", "dc1", "Source", Map.of("Node", "srv"));
        assertThat(Plain.elements(fields("Catalog.ListNodes", Asked.body(near)).get("Nodes")))
                .extracting(node -> Plain.fields(node).get("Node"))
                .containsExactly("srv", "cli");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Catalog.ListNodes", "Internal.NodeDump", "Coordinate.ListNodes", "Internal.EventFire", "KVS.Get"
            })
    void anotherDatacenterAndNoneIsNoPath(String method) {
        assertThat(asked.ask(method, Asked.body(Map.of("Datacenter", "dc2"))).fault())
                .contains("No path to datacenter");
        assertThat(asked.ask(method, Asked.body(Map.of("datacenter", "dc1"))).fault())
                .contains("No path to datacenter");
    }

    @Test
    void aBodyOfAnotherTypeIsAFault() {
        Octets number =
                new MsgpackWriter(16).map(1).key("Datacenter").unsigned(5).toOctets();
        assertThat(asked.ask("Catalog.ListNodes", number).answer().join()).isEqualTo(ConsulServer.undecodable());
        assertThat(asked.ask("Coordinate.Update", number).answer().join()).isEqualTo(ConsulServer.undecodable());
        assertThat(asked.ask("Catalog.ListNodes", Octets.hex("93a0a0a0"))
                        .answer()
                        .join())
                .isEqualTo(ConsulServer.undecodable());
    }

    @Test
    void aFilterThatCannotBeAppliedIsNotPassedOver() {
        assertThat(asked.ask("Catalog.ListNodes", Asked.body(Map.of("Datacenter", "dc1", "Filter", "Node == cli")))
                        .fault())
                .contains("filter expressions are not served without a catalog");
        assertThat(Plain.elements(fields(
                                "Catalog.ListNodes",
                                Asked.body(Map.of("Datacenter", "dc1", "NodeMetaFilters", Map.of("rack", "7"))))
                        .get("Nodes")))
                .isEmpty();
    }

    @Test
    void aQueryWithAnIndexWaitsForAChangeOfTheMembers() {
        Asked.Call call = asked.ask("Catalog.ListNodes", Asked.body(Map.of("Datacenter", "dc1", "MinQueryIndex", 3)));
        assertThat(call.answer()).isNotDone();
        asked.server().note(StubView.event(MemberEvent.Kind.UPDATED, CLIENT));
        assertThat(Plain.fields(Plain.of("Catalog.ListNodes", call.answer().join())))
                .containsEntry("Index", 4L);
        assertThat(asked.timers()).isZero();
        assertThat(asked.server().changes().waiting()).isZero();
    }

    @Test
    void itEndsUnchangedAfterItsTimeAndALittleMore() {
        Asked.Call call = asked.ask(
                "Catalog.ListNodes",
                Asked.body(Map.of(
                        "Datacenter",
                        "dc1",
                        "MinQueryIndex",
                        3,
                        "MaxQueryTime",
                        Duration.ofSeconds(2).toNanos())));
        asked.advance(Duration.ofSeconds(2));
        assertThat(call.answer()).isNotDone();
        asked.advance(Duration.ofMillis(125));
        assertThat(Plain.fields(Plain.of("Catalog.ListNodes", call.answer().join())))
                .containsEntry("Index", 3L);
        assertThat(asked.server().changes().waiting()).isZero();
    }

    @Test
    void noQueryWaitsLongerThanTenMinutesAndFiveAreUsual() {
        Asked.Call usual = asked.ask("Catalog.ListNodes", Asked.body(Map.of("Datacenter", "dc1", "MinQueryIndex", 3)));
        Asked.Call longest = asked.ask(
                "Catalog.ListNodes",
                Asked.body(Map.of("Datacenter", "dc1", "MinQueryIndex", 3, "MaxQueryTime", Long.MAX_VALUE)));
        asked.advance(Duration.ofMinutes(5));
        assertThat(usual.answer()).isNotDone();
        asked.advance(Duration.ofSeconds(20));
        assertThat(usual.answer()).isDone();
        asked.advance(Duration.ofSeconds(280));
        assertThat(longest.answer()).isNotDone();
        asked.advance(Duration.ofSeconds(40));
        assertThat(longest.answer()).isDone();
    }

    @Test
    void anIndexOfAnEarlierLifeIsAnsweredAtOnce() {
        assertThat(fields("Catalog.ListNodes", Asked.body(Map.of("Datacenter", "dc1", "MinQueryIndex", 900))))
                .containsEntry("Index", 3L);
    }

    @Test
    void aCallerThatGoesIsForgotten() {
        Asked.Call query = asked.ask("Catalog.ListNodes", Asked.body(Map.of("Datacenter", "dc1", "MinQueryIndex", 3)));
        Asked.Call write = asked.ask("KVS.Apply", DC1);
        query.cancel();
        write.cancel();
        assertThat(asked.timers()).isZero();
        assertThat(asked.server().changes().waiting()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"KVS.Get", "KVS.Apply", "Catalog.Register", "Health.NodeChecks", "Session.Apply", "Txn.Apply"})
    void whatNeedsAQuorumHearsAfterTheHoldTimeThatNobodyLeads(String method) {
        Asked.Call call = asked.ask(method, DC1);
        asked.advance(Duration.ofSeconds(7));
        assertThat(call.answer()).isNotDone();
        asked.advance(Duration.ofMillis(438));
        assertThat(call.fault()).contains("No cluster leader");
    }

    @Test
    void keepsTheCoordinatesThatMembersSend() {
        assertThat(Plain.elements(fields("Coordinate.ListNodes", DC1).get("Coordinates")))
                .hasSize(1);
        assertThat(reply("Coordinate.Update", update("cli", 0.25, 8))).isEqualTo(Map.of());
        assertThat(reply("Coordinate.Update", update("nobody", 0.25, 8))).isEqualTo(Map.of());
        assertThat(Plain.elements(fields("Coordinate.ListNodes", DC1).get("Coordinates")))
                .hasSize(2);
        Map<String, Object> node = fields("Coordinate.Node", Asked.body(Map.of("Datacenter", "dc1", "Node", "cli")));
        assertThat(Plain.elements(node.get("Coordinates")))
                .hasSize(1)
                .first()
                .satisfies(entry -> assertThat(Plain.fields(Plain.fields(entry).get("Coord")))
                        .containsEntry("Height", 0.25)
                        .containsEntry("Vec", List.of(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5)));
        assertThat(node).containsEntry("Index", 2L);
        assertThat(fields("Coordinate.Node", Asked.body(Map.of("Datacenter", "dc1", "Node", "nobody"))))
                .containsEntry("Coordinates", Nil.NIL);
    }

    @Test
    void refusesCoordinatesThatNobodyCanHave() {
        assertThat(asked.ask("Coordinate.Update", update("cli", Double.NaN, 8)).fault())
                .contains("invalid coordinate");
        assertThat(asked.ask("Coordinate.Update", update("cli", 0.25, 7)).fault())
                .contains("incompatible coordinate");
    }

    private static Octets update(String node, double height, int dimensions) {
        Consumer<MsgpackWriter> coordinate = writer -> {
            writer.map(4)
                    .key("Adjustment")
                    .float64(0)
                    .key("Error")
                    .float64(1.5)
                    .key("Height")
                    .float64(height);
            writer.key("Vec").list(dimensions);
            for (int i = 0; i < dimensions; i++) {
                writer.float64(0.5);
            }
        };
        return Asked.body(Map.of("Coord", coordinate, "Datacenter", "dc1", "Node", node, "Segment", ""));
    }

    @Test
    void datacentersHaveTheCoordinateOfAServerAlone() {
        List<Object> areas = Plain.elements(reply("Coordinate.ListDatacenters", Asked.body(Map.of())));
        assertThat(Plain.fields(areas.get(0))).containsEntry("AreaID", "wan").containsEntry("Datacenter", "dc1");
        assertThat(Plain.fields(
                        Plain.fields(Plain.elements(Plain.fields(areas.get(0)).get("Coordinates"))
                                        .get(0))
                                .get("Coord")))
                .containsEntry("Error", 1.5)
                .containsEntry("Height", 1e-5);
    }

    @Test
    void firesEventsIntoThePool() {
        Octets payload = Octets.hex("81a14901");
        assertThat(fields(
                        "Internal.EventFire",
                        Asked.body(Map.of("Datacenter", "dc1", "Name", "deploy", "Payload", payload))))
                .containsEntry("Index", 0L)
                .containsKeys("ConsistencyLevel", "KnownLeader", "LastContact");
        assertThat(view.asked).containsExactly("consul:event:deploy 81a14901");
        assertThat(asked.ask(
                                "Internal.EventFire",
                                Asked.body(Map.of(
                                        "Datacenter", "dc1", "Name", "x", "Payload", Octets.wrap(new byte[200]))))
                        .fault())
                .contains("too long");
    }

    private Optional<String> keyringFault(PeerRole role, Map<String, Object> fields) {
        return asked.ask("Internal.KeyringOperation", role, Asked.body(fields)).fault();
    }

    @Test
    void keysAreForServersThatProvedToBeOnes() {
        Map<String, Object> list = Map.of("Datacenter", "dc1", "Operation", "list", "Forwarded", true);
        assertThat(keyringFault(PeerRole.UNPROVEN, list)).isPresent();
        assertThat(keyringFault(PeerRole.MEMBER, list)).isPresent();
        assertThat(view.asked).isEmpty();
        Object reply = Plain.of(
                "Internal.KeyringOperation",
                asked.ask("Internal.KeyringOperation", PeerRole.SERVER, Asked.body(list))
                        .answer()
                        .join());
        String key = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=";
        assertThat(Plain.elements(Plain.fields(reply).get("Responses")).get(0))
                .isEqualTo(Map.of(
                        "Datacenter",
                        "dc1",
                        "Error",
                        "",
                        "Keys",
                        Map.of(key, 2L),
                        "Messages",
                        Map.of(),
                        "NumNodes",
                        2L,
                        "PrimaryKeys",
                        Map.of(key, 2L),
                        "Segment",
                        "",
                        "WAN",
                        false));
    }

    @Test
    void whatFailsAtAMemberIsToldInTheElement() {
        view.done = false;
        Object reply = Plain.of(
                "Internal.KeyringOperation",
                asked.ask(
                                "Internal.KeyringOperation",
                                PeerRole.SERVER,
                                Asked.body(Map.of(
                                        "Datacenter",
                                        "dc1",
                                        "Operation",
                                        "use",
                                        "Key",
                                        "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=")))
                        .answer()
                        .join());
        assertThat(Plain.fields(
                        Plain.elements(Plain.fields(reply).get("Responses")).get(0)))
                .containsEntry("Error", "1/2 nodes reported failure")
                .containsEntry("Messages", Map.of("srv", "Requested key is not in the keyring"))
                .containsEntry("PrimaryKeys", Map.of("", 2L));
    }

    @Test
    void keyringOperationsThatCannotBeAreErrorsInRealWords() {
        assertThat(keyringFault(PeerRole.SERVER, Map.of("Datacenter", "dc1", "Operation", "explode")))
                .contains("unknown keyring operation \"explode\"");
        assertThat(keyringFault(PeerRole.SERVER, Map.of("Datacenter", "dc1", "Operation", "use", "LocalOnly", true)))
                .contains("argument error: LocalOnly can only be used for List operations");
        assertThat(keyringFault(PeerRole.SERVER, Map.of("Datacenter", "dc1", "Operation", "list", "RelayFactor", 6)))
                .contains("Relay factor must be in range: [0, 5]");
        Object reply = Plain.of(
                "Internal.KeyringOperation",
                asked.ask(
                                "Internal.KeyringOperation",
                                PeerRole.SERVER,
                                Asked.body(Map.of("Datacenter", "dc1", "Operation", "install", "Key", "%%%")))
                        .answer()
                        .join());
        assertThat(Plain.fields(
                        Plain.elements(Plain.fields(reply).get("Responses")).get(0)))
                .containsEntry("Error", "illegal base64 data at input byte 0")
                .containsEntry("NumNodes", 0L);
        assertThat(view.asked).isEmpty();
    }

    @Test
    void everyMethodTakesACertificateWhereTheyAreAskedFor() {
        asked.server()
                .methods()
                .forEach((name, served) -> assertThat(served.required())
                        .as(name)
                        .isEqualTo(name.equals("Internal.KeyringOperation") ? PeerRole.SERVER : PeerRole.MEMBER));
    }
}
