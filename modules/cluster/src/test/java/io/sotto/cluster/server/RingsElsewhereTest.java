package io.sotto.cluster.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.cluster.Member;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.rotation.OtherRings;
import io.sotto.membership.rotation.RingAnswer;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.net.InetSocketAddress;
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

/** What a rotation asks beyond the pool of its driver, and what it makes of what servers of other datacenters say. */
final class RingsElsewhereTest {
    private static final String KEY = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=";
    private static final String OTHER = "YmJiYmJiYmJiYmJiYmJiYg==";
    private static final String KEY_ID = GossipKey.parse(KEY).id();
    private static final String OTHER_ID = GossipKey.parse(OTHER).id();

    private final StubView wan = new StubView();
    private final List<RpcRequest> passed = new ArrayList<>();
    private final Map<String, RpcResult> results = new HashMap<>();
    private boolean provesServers = true;
    private final OtherRings rings = rings();

    private OtherRings rings() {
        StubView lan = new StubView();
        Datacenters datacenters = new Datacenters("dc1", Optional.of(wan));
        return new RingsElsewhere(
                "dc1",
                wan,
                new DatacenterKeyrings("dc1", lan, Optional.of(wan), datacenters, this::servers, () -> provesServers));
    }

    private RpcCaller servers(String datacenter) {
        return request -> {
            passed.add(request);
            return CompletableFuture.completedFuture(
                    results.getOrDefault(datacenter, new RpcResult.Unreachable("No known Consul servers", false)));
        };
    }

    @BeforeEach
    void members() {
        server("srv", "dc1", Member.Status.ALIVE);
        server("b", "dc2", Member.Status.ALIVE);
        server("b2", "dc2", Member.Status.FAILED);
    }

    private void server(String name, String datacenter, Member.Status status) {
        wan.members.add(new Member(
                name + "." + datacenter,
                NodeAddress.of(new InetSocketAddress("127.0.0.9", 8302)),
                Map.of("role", "consul", "dc", datacenter),
                status,
                ProtocolVersions.CONSUL,
                1,
                Instant.EPOCH));
    }

    /** What a server says: how many rings of {@code members} each key is on, and is the primary of. */
    private static RpcResult says(
            int members, String error, Map<String, Integer> keys, Map<String, Integer> primaries) {
        MsgpackWriter writer =
                new MsgpackWriter(64).map(1).key("Responses").list(1).map(6);
        writer.key("Datacenter")
                .text("dc2")
                .key("NumNodes")
                .unsigned(members)
                .key("Error")
                .text(error);
        writer.key("Messages").map(error.isEmpty() ? 0 : 1);
        if (!error.isEmpty()) {
            writer.key("b2").text("no answer");
        }
        writer.key("Keys").map(keys.size());
        keys.forEach((key, count) -> writer.key(key).unsigned(count));
        writer.key("PrimaryKeys").map(primaries.size());
        primaries.forEach((key, count) -> writer.key(key).unsigned(count));
        return new RpcResult.Answered(writer.toOctets());
    }

    private OtherRings.Told ask(KeyOperation operation, Optional<GossipKey> key) {
        return rings.ask(operation, key, 2).toCompletableFuture().join();
    }

    private RingAnswer listed() {
        return Optional.ofNullable(
                        ask(KeyOperation.LIST, Optional.empty()).answers().get("dc2 (LAN)"))
                .orElseThrow();
    }

    @Test
    void theServersOfTheWanCountByNameAndOtherDatacentersAsAWholeWhileAnyServerOfTheirsIsThere() {
        assertThat(rings.members().alive()).containsExactly("b.dc2 (WAN)", "dc2 (LAN)", "srv.dc1 (WAN)");
        assertThat(rings.members().failed()).containsExactly("b2.dc2 (WAN)");

        server("c", "dc3", Member.Status.FAILED);
        server("d", "dc4", Member.Status.LEFT);
        assertThat(rings.members().failed()).contains("dc3 (LAN)", "c.dc3 (WAN)");
        assertThat(rings.members().left()).containsExactly("d.dc4 (WAN)", "dc4 (LAN)");
    }

    @Test
    void aKeyOnEveryRingOfADatacenterIsHeldThereAndOneOnSomeIsNot() {
        results.put("dc2", says(3, "", Map.of(KEY, 3, OTHER, 2), Map.of(KEY, 3)));
        assertThat(listed())
                .isEqualTo(new RingAnswer(true, "", List.of(KEY_ID), Optional.of(KEY_ID), Set.of(OTHER_ID), Set.of()));

        results.put("dc2", says(3, "", Map.of(KEY, 3, OTHER, 3), Map.of(KEY, 2, OTHER, 1)));
        assertThat(listed().keys()).containsExactlyInAnyOrder(KEY_ID, OTHER_ID);
        assertThat(listed().primary()).isEmpty();
        assertThat(listed().primaries()).containsExactlyInAnyOrder(KEY_ID, OTHER_ID);
    }

    @Test
    void theKeysThemselvesAreHandedOnForRemovingThem() {
        results.put("dc2", says(1, "", Map.of(OTHER, 1), Map.of(OTHER, 1)));

        assertThat(ask(KeyOperation.LIST, Optional.empty()).keys()).contains(GossipKey.parse(OTHER), StubView.KEY);
    }

    @Test
    void aListThatIsNotWholeCountsAsNoAnswerWithTheReason() {
        results.put("dc2", says(2, "1/2 nodes reported success", Map.of(KEY, 1), Map.of("", 1)));
        OtherRings.Told told = ask(KeyOperation.LIST, Optional.empty());

        assertThat(told.answers()).doesNotContainKey("dc2 (LAN)");
        assertThat(told.unasked()).isEqualTo(Map.of("dc2 (LAN)", "1/2 nodes reported success, b2: no answer"));
    }

    @Test
    void whoCannotBeReachedIsNotAskedAndTheReasonIsTold() {
        assertThat(ask(KeyOperation.LIST, Optional.empty()).unasked())
                .isEqualTo(Map.of("dc2 (LAN)", "Remote DC has no server currently reachable"));

        provesServers = false;
        passed.clear();
        assertThat(ask(KeyOperation.LIST, Optional.empty()).unasked())
                .isEqualTo(Map.of("dc2 (LAN)", DatacenterKeyrings.NOT_SEALED));
        assertThat(passed).isEmpty();
    }

    @Test
    void anOperationGoesToTheWanAndToEveryDatacenterAndEachSaysWhatCameOfIt() {
        results.put("dc2", says(2, "", Map.of(), Map.of("", 2)));
        wan.done = false;
        OtherRings.Told told = ask(KeyOperation.INSTALL, Optional.of(GossipKey.parse(KEY)));

        assertThat(wan.asked).containsExactly("install 2");
        assertThat(passed).hasSize(1);
        assertThat(told.answers().get("dc2 (LAN)")).isEqualTo(new RingAnswer(true, "", List.of(), Optional.empty()));
        assertThat(told.answers().get("srv (WAN)"))
                .satisfies(answer -> assertThat(answer.message()).isEqualTo("Requested key is not in the keyring"));

        results.put("dc2", says(2, "1/2 nodes reported failure", Map.of(), Map.of("", 2)));
        assertThat(ask(KeyOperation.USE, Optional.of(GossipKey.parse(KEY)))
                        .answers()
                        .get("dc2 (LAN)"))
                .isEqualTo(new RingAnswer(
                        false, "1/2 nodes reported failure, b2: no answer", List.of(), Optional.empty()));
    }
}
