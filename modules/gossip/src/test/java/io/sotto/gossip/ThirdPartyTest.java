package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.Rejection;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.packet.Compound;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Nobody can have a pool send to an address that is neither the datagram's source nor a known member's. The pool has the
 * members a and b; whoever sends is neither, and the victim is not even in the same network.
 */
class ThirdPartyTest {
    private static final InetSocketAddress SOURCE = VirtualPools.address(99);
    private static final InetSocketAddress VICTIM = VirtualPools.address(200);
    private static final NodeAddress VICTIM_ADDRESS = NodeAddress.of(VICTIM);
    private static final Duration A_WHILE = Duration.ofSeconds(5);

    private VirtualPools pools;
    private VirtualPools.Node a;
    private VirtualPools.Node b;

    @BeforeEach
    void join() throws InterruptedException {
        pools = new VirtualPools();
        pools.virtual.tolerateWarning("memberlist: Refused a");
        a = pools.start("a");
        b = pools.start("b");
        pools.join(b, a.target());
        assertThat(a.names()).containsExactly("a", "b");
    }

    @AfterEach
    void close() {
        pools.close();
    }

    @TestFactory
    Stream<DynamicTest> noMessageMakesItSendToAStranger() {
        return dangerous().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    pools.virtual.tolerateWarning("memberlist: Got ping for unexpected node");
                    pools.virtual.tolerateWarning("memberlist: Conflicting address for b");
                    pools.virtual.tolerateWarning("memberlist: Refuting");
                    pools.virtual.tolerateWarning("serf: Node name conflicts");
                    inject(Compound.pack(Collections.nCopies(255, Replies.encode(entry.getValue())))
                            .get(0));
                    pools.virtual.pass(A_WHILE);

                    assertThat(pools.network.sent())
                            .extracting(MemoryNetwork.Sent::to)
                            .isSubsetOf(SOURCE, a.address(), b.address())
                            .contains(b.address());
                }));
    }

    @Test
    void everyKindOfMessageIsAmongThose() {
        assertThat(dangerous().values().stream().map(SwimMessage::kind).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(SwimMessage.Kind.values());
    }

    @Test
    void all255PingsOfOneDatagramAreAnsweredToItsSourceWhateverAskerTheyName() throws InterruptedException {
        List<Octets> pings = IntStream.range(0, 255)
                .mapToObj(i -> Replies.encode(
                        new SwimMessage.Ping(i, "a", Optional.of(new SwimMessage.Asker(VICTIM_ADDRESS, "x")))))
                .toList();

        inject(Compound.pack(pings).get(0));

        assertThat(sentTo(SOURCE)).isEqualTo(255);
        assertThat(a.state().rejections().count(Rejection.Reason.RATE)).isZero();
    }

    @Test
    void answersBeyondTheRateAreNotSentAndCounted() throws InterruptedException {
        int burst = FloodSettings.defaults().answerBurst();
        byte[] pings = Compound.pack(
                        Collections.nCopies(255, Replies.encode(new SwimMessage.Ping(1, "a", Optional.empty()))))
                .get(0);

        for (int i = 0; i < 10; i++) {
            inject(pings);
        }

        assertThat(sentTo(SOURCE)).isEqualTo(burst);
        assertThat(a.state().rejections().count(Rejection.Reason.RATE)).isEqualTo(2_550 - burst);
        pools.virtual.pass(Duration.ofSeconds(1));
        inject(pings);
        assertThat(sentTo(SOURCE)).isEqualTo(burst + 255);
    }

    @Test
    void aKnownMemberIsAnsweredAtItsOwnAddressAndPingedForOthers() throws InterruptedException {
        var asker = new SwimMessage.Asker(NodeAddress.of(b.address()), "b");
        long before = sentTo(b.address());

        inject(Replies.encode(new SwimMessage.Ping(1, "a", Optional.of(asker))).toArray());
        assertThat(sentTo(b.address())).isEqualTo(before + 1);
        assertThat(sentTo(SOURCE)).isZero();

        inject(Replies.encode(new SwimMessage.IndirectPing(
                        2, NodeAddress.of(b.address()).withPort(0), "b", true, Optional.empty()))
                .toArray());
        assertThat(sentTo(b.address())).isEqualTo(before + 2);
        pools.virtual.pass(Duration.ofMillis(1));
        assertThat(sentTo(SOURCE)).as("the ack of b passed on").isEqualTo(1);
    }

    @Test
    void anIndirectPingOfNoKnownMembersAddressIsCounted() throws InterruptedException {
        inject(Replies.encode(new SwimMessage.IndirectPing(2, VICTIM_ADDRESS, "b", true, Optional.empty()))
                .toArray());

        assertThat(a.state().rejections().count(Rejection.Reason.THIRD_PARTY)).isEqualTo(1);
        assertThat(sentTo(SOURCE)).isZero();
    }

    /** Else it would take the silence of all helpers for its own deafness, and never give up whom nobody else knows. */
    @Test
    void aMemberThatAsksForSuchAPingIsToldThatWeHeardIt() throws InterruptedException {
        var asker = new SwimMessage.Asker(NodeAddress.of(b.address()), "b");
        long before = sentTo(b.address());

        inject(Replies.encode(new SwimMessage.IndirectPing(2, VICTIM_ADDRESS, "x", true, Optional.of(asker)))
                .toArray());

        assertThat(sentTo(b.address())).isEqualTo(before + 1);
        assertThat(sentTo(VICTIM)).isZero();
        assertThat(a.state().rejections().count(Rejection.Reason.THIRD_PARTY)).isEqualTo(1);
    }

    /** What guarded still allows a key holder: an invented member is probed and told news at our own pace, as any other. */
    @Test
    void anInventedMemberIsSentNothingByTheDatagramThatInventsIt() throws InterruptedException {
        SwimMessage invented =
                new SwimMessage.Alive(1, "x", VICTIM_ADDRESS, Octets.empty(), ProtocolVersions.SERF.toOctets());

        inject(Compound.pack(Collections.nCopies(255, Replies.encode(invented))).get(0));
        assertThat(sentTo(VICTIM)).isZero();
        pools.virtual.pass(Duration.ofSeconds(10));

        // Ten probe periods of two nodes, and news a few times; not a multiple of what came in.
        assertThat(sentTo(VICTIM)).isBetween(1L, 60L);
    }

    private void inject(byte[] datagram) throws InterruptedException {
        pools.network.inject(SOURCE, a.address(), Octets.wrap(datagram));
        pools.virtual.settle();
    }

    private long sentTo(InetSocketAddress to) {
        return pools.network.sent().stream()
                .filter(sent -> sent.to().equals(to))
                .count();
    }

    private Map<String, SwimMessage> dangerous() {
        Octets vsn = ProtocolVersions.SERF.toOctets();
        NodeAddress known = NodeAddress.of(b.address());
        Optional<SwimMessage.Asker> victim = Optional.of(new SwimMessage.Asker(VICTIM_ADDRESS, "x"));
        Optional<SwimMessage.Asker> victimAsMember = Optional.of(new SwimMessage.Asker(VICTIM_ADDRESS, "b"));
        Octets intent = Octets.wrap(SerfCodec.encode(new SerfMessage.Leave(9, "x", false)));
        List<Map.Entry<String, SwimMessage>> all = new ArrayList<>();
        all.add(Map.entry("ping, forged asker", new SwimMessage.Ping(1, "a", victim)));
        all.add(Map.entry("ping, asker with a member's name", new SwimMessage.Ping(1, "a", victimAsMember)));
        all.add(Map.entry("indirect ping, forged target", indirect(VICTIM_ADDRESS, "x", Optional.empty())));
        all.add(Map.entry("indirect ping, target with a member's name", indirect(VICTIM_ADDRESS, "b", victim)));
        all.add(Map.entry("indirect ping, target without a name", indirect(VICTIM_ADDRESS, "", victim)));
        all.add(Map.entry("indirect ping, forged asker", indirect(known, "b", victim)));
        all.add(Map.entry("indirect ping, asker with a member's name", indirect(known, "b", victimAsMember)));
        all.add(Map.entry("ack", new SwimMessage.Ack(1, Octets.empty())));
        all.add(Map.entry("nack", new SwimMessage.Nack(1)));
        all.add(Map.entry("suspect", new SwimMessage.Suspect(1, "b", "x")));
        all.add(Map.entry("suspect ourselves", new SwimMessage.Suspect(1, "a", "x")));
        all.add(Map.entry("dead", new SwimMessage.Dead(1, "b", "x")));
        all.add(Map.entry("a member's alive, moved", new SwimMessage.Alive(7, "b", VICTIM_ADDRESS, intent, vsn)));
        all.add(Map.entry("our own alive, moved", new SwimMessage.Alive(7, "a", VICTIM_ADDRESS, intent, vsn)));
        all.add(Map.entry("user message", new SwimMessage.User(intent)));
        all.add(Map.entry("query, forged asker", user(query(VICTIM_ADDRESS, "x"))));
        all.add(Map.entry("query, asker with a member's name", user(query(VICTIM_ADDRESS, "b"))));
        all.add(Map.entry("query, asker without a name", user(query(VICTIM_ADDRESS, ""))));
        all.add(Map.entry("query of a member, relayed by all", user(query(known, "b"))));
        all.add(Map.entry("answer to be passed on", user(relay(VICTIM_ADDRESS, "x"))));
        all.add(Map.entry("answer to be passed on to a member's name", user(relay(VICTIM_ADDRESS, "b"))));
        all.add(Map.entry("answer to be passed on to no name", user(relay(VICTIM_ADDRESS, ""))));
        all.add(Map.entry("user event", user(new SerfMessage.UserEvent(1, "x", Octets.empty(), false))));
        all.add(Map.entry("error", new SwimMessage.Err("no")));
        return all.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static SwimMessage user(SerfMessage message) {
        return new SwimMessage.User(Broadcasts.body(message));
    }

    private static SerfMessage query(NodeAddress asker, String name) {
        return new SerfMessage.Query(
                1, 2, asker, name, List.of(), 1, 255, A_WHILE.toNanos(), "_serf_ping", Octets.empty());
    }

    private static SerfMessage relay(NodeAddress to, String name) {
        return new SerfMessage.Relay(
                to, "", name, Broadcasts.body(new SerfMessage.QueryResponse(1, 2, "x", 0, Octets.empty())));
    }

    private static SwimMessage indirect(NodeAddress target, String name, Optional<SwimMessage.Asker> asker) {
        return new SwimMessage.IndirectPing(1, target, name, true, asker);
    }
}
