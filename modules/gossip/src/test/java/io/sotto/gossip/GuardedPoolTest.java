package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.membership.Claims;
import io.sotto.membership.GuardSettings;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.merge.PushPullMerge;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.Rejection;
import io.sotto.wire.crypto.CountedNonceSource;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.packet.Compound;
import io.sotto.wire.stream.StreamMessage;
import io.sotto.wire.stream.StreamRole;
import io.sotto.wire.stream.StreamWriter;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What whoever holds the key, or recorded others who do, can make of a pool where claims are guarded. */
class GuardedPoolTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODw==";
    private static final long HEAP_MAX_BYTES = 16L << 20;
    private static final InetSocketAddress STRANGER = VirtualPools.address(99);

    private final Random entropy = new Random(1);
    private final VirtualPools pools = new VirtualPools(Claims.GUARDED);

    @AfterEach
    void tearDown() {
        pools.close();
    }

    @Test
    void inventedMembersAreNotListedAndCostLittle() throws InterruptedException {
        pools.virtual.tolerateWarning("Refused a message");
        List<VirtualPools.Node> nodes = pool(3, KeySettings.none());
        VirtualPools.Node a = nodes.get(0);
        // The network of the test keeps what is sent; two others would keep as much again.
        pools.network.link((from, to) -> to.getAddress().getAddress()[0] == 10);
        long before = heapBytes();
        SplittableRandom random = new SplittableRandom(1);

        for (int first = 0; first < 10_000; first += 100) {
            // A member is the forger: its address is one whose word counts.
            pools.network.inject(nodes.get(1).address(), a.address(), invented(first, random));
            pools.virtual.pass(Duration.ofMillis(100));
        }
        pools.virtual.pass(Duration.ofSeconds(20));

        long kept = pools.network.sent().stream()
                .mapToLong(sent -> sent.bytes().length() + 100L)
                .sum();
        long growth = heapBytes() - before - kept;
        System.out.println("GuardedPoolTest: 10,000 invented members cost " + growth / 1024 + " KiB");
        assertThat(a.names()).containsExactly("n1", "n2", "n3");
        assertThat(growth).isLessThan(HEAP_MAX_BYTES);
        assertThat(a.state().counters().suspicions.sum()).isZero();
        assertThat(a.state().counters().probes.count(PoolCounters.ProbeEnd.DIRECT))
                .isGreaterThan(25);
        assertThat(a.state().counters().proofs.count(PoolCounters.ProofEnd.NEWCOMER_SILENT))
                .isGreaterThan(1_000);

        VirtualPools.Node late = pools.start("late");
        pools.join(late, a.target());
        pools.virtual.passUntil(
                "the true newcomer at all",
                () -> nodes.stream().allMatch(node -> node.names().contains("late")),
                Duration.ofSeconds(5));
    }

    @Test
    void anHourReplayedIntoAFreshNodeTeachesItNothing() throws InterruptedException {
        pools.virtual.tolerateWarning("Refused a message");
        pools.virtual.tolerateWarning("Got ping for unexpected node");
        pools.virtual.tolerateWarning("Refused a stream");
        pools.streams.record();
        List<VirtualPools.Node> nodes = pool(3, VirtualPools.keyed(KEY));
        for (int minute = 0; minute < 60; minute += 10) {
            pools.virtual.tell(
                    nodes.get(0).pool(),
                    new GossipPool.Broadcast(
                            "deploy",
                            Octets.utf8("at " + minute),
                            false,
                            pools.virtual.system().ignoreRef()));
            pools.virtual.pass(Duration.ofMinutes(10));
        }
        List<MemoryNetwork.Sent> hour = List.copyOf(pools.network.sent());
        List<RecordedStreams.Stream> streams = pools.streams.recorded();
        assertThat(hour).hasSizeGreaterThan(10_000);
        // The joins of two, and what each of the three exchanged with others since.
        assertThat(streams).hasSizeGreaterThan(300);
        Octets view = stream(viewOf(nodes.get(0)), WirePolicy.sealed(Keyring.of(GossipKey.parse(KEY))));
        // The recorded pool lives on, and would answer whoever asked it.
        VirtualPools.Node fresh = pools.start("fresh", VirtualPools.keyed(KEY), PoolSettings.Joining.nobody());
        pools.started(fresh);
        VirtualSystem.Recorder<MemberEvent> events = pools.virtual.recorder();
        pools.virtual.tell(fresh.pool(), new GossipPool.Subscribe(events.ref()));
        PoolState.Clocks clocks = fresh.state().clocks();

        for (RecordedStreams.Stream stream : streams) {
            pools.streams.replay(stream, STRANGER, fresh.address());
            pools.virtual.settle();
        }
        pools.virtual.pass(Duration.ofSeconds(1));
        hour.forEach(sent -> pools.network.inject(STRANGER, fresh.address(), sent.bytes()));
        pools.virtual.settle();
        pools.network.dial(STRANGER, fresh.address()).thenAccept(connection -> connection.write(view));
        pools.virtual.pass(Duration.ofSeconds(5));

        assertThat(fresh.state().counters().pushPulls.count(PoolCounters.PushPullEnd.SERVED_MERGED))
                .as("replayed streams that were read")
                .isEqualTo(streams.size() + 1L);
        assertThat(fresh.names()).containsExactly("fresh");
        assertThat(events.all()).extracting(MemberEvent::kind).containsExactly(MemberEvent.Kind.JOINED);
        assertThat(fresh.state().counters().userEvents.count(PoolCounters.UserEventEnd.DELIVERED))
                .isZero();
        assertThat(fresh.state().clocks()).isEqualTo(clocks);
        assertThat(pools.network.sent().stream()
                        .filter(sent -> sent.from().equals(fresh.address()))
                        .map(MemoryNetwork.Sent::to))
                .as("nobody but the stranger heard of it")
                .containsOnly(STRANGER);
    }

    @Test
    void aMemberWhoseStreamsComeFromElsewhereIsTakenInOnceItSpeaks() throws InterruptedException {
        pools.virtual.tolerateWarning("Refused a message");
        pools.virtual.tolerateWarning("UDP probes failed");
        VirtualPools.Node a = pool(1, VirtualPools.keyed(KEY)).get(0);
        VirtualPools.Node late = pools.start("late", VirtualPools.keyed(KEY), PoolSettings.Joining.nobody());
        pools.started(late);
        pools.streams.comeFrom(late.address(), STRANGER.getAddress());
        // It would answer a ping, and is not asked: whoever sends its recorded stream again comes as far.
        pools.network.link((from, to) -> !from.equals(late.address()) || !to.equals(a.address()));
        pools.join(late, a.target());
        pools.virtual.pass(Duration.ofSeconds(2));

        assertThat(a.names()).containsExactly("n1");
        assertThat(arrivals(a, PoolCounters.Arrival.KEPT)).isEqualTo(1);
        assertThat(pools.network.sent())
                .noneMatch(sent -> sent.from().equals(a.address()) && sent.to().equals(late.address()));

        pools.heal();
        pools.virtual.passUntil("it at a", () -> a.names().contains("late"), Duration.ofSeconds(3));
        assertThat(arrivals(a, PoolCounters.Arrival.SPOKE)).isEqualTo(1);
    }

    @Test
    void thoseWhoJoinFromElsewhereAndNeverSpeakAreBounded() throws InterruptedException {
        pools.virtual.tolerateWarning("Refused a message");
        VirtualPools.Node a = pools.start(
                "a",
                settings -> settings.withKeys(VirtualPools.keyed(KEY))
                        .withGuard(new GuardSettings(65_536, 4_096, 4, 500, 1_024, 1_024, 2)));
        pools.started(a);
        List<VirtualPools.Node> living = pool(3, VirtualPools.keyed(KEY));

        for (VirtualPools.Node member : living) {
            Octets recorded = stream(
                    new PushPull(true, List.of(node(member, 1, NodeState.ALIVE)), Octets.empty()),
                    WirePolicy.sealed(Keyring.of(GossipKey.parse(KEY))));
            pools.network.dial(STRANGER, a.address()).thenAccept(connection -> connection.write(recorded));
            pools.virtual.settle();
        }
        pools.virtual.pass(Duration.ofSeconds(5));

        assertThat(arrivals(a, PoolCounters.Arrival.KEPT)).isEqualTo(3);
        assertThat(arrivals(a, PoolCounters.Arrival.DISPLACED)).isEqualTo(1);
        assertThat(a.names()).containsExactly("a");
    }

    @Test
    void plaintextBesideAKeyCountsFromMembersAlone() throws InterruptedException {
        pools.virtual.tolerateWarning("Refused a message");
        pools.virtual.tolerateWarning("plaintext is accepted");
        KeySettings open = new KeySettings(Optional.of(GossipKey.parse(KEY)), Optional.empty(), false, false);
        List<VirtualPools.Node> nodes = pool(2, open);
        Octets tags = Replies.encode(new SwimMessage.Alive(
                2, "n2", nodes.get(1).state().members().self().address(), Octets.utf8("forged"), versions()));
        long before = nodes.get(0).state().counters().proofs.count(PoolCounters.ProofEnd.SENDER_SILENT);

        pools.network.inject(STRANGER, nodes.get(0).address(), tags);
        pools.virtual.pass(Duration.ofSeconds(3));
        assertThat(incarnation(nodes.get(0))).isEqualTo(1);
        // Its answer would show that it is there, and not that it holds the key: it is not asked.
        assertThat(nodes.get(0).state().counters().proofs.count(PoolCounters.ProofEnd.SENDER_SILENT))
                .isEqualTo(before);
        assertThat(nodes.get(0).state().rejections().count(Rejection.Reason.UNPROVEN))
                .isPositive();

        pools.network.inject(nodes.get(1).address(), nodes.get(0).address(), tags);
        pools.virtual.settle();
        assertThat(incarnation(nodes.get(0))).isEqualTo(2);
    }

    @Test
    void aSenderCountsOnceItHasAnswered() throws InterruptedException {
        pools.virtual.tolerateWarning("Refused a message");
        VirtualPools.Node a = pool(2, KeySettings.none()).get(0);
        VirtualPools.Node other = pools.start("other");
        pools.started(other);
        long before = a.state().counters().proofs.count(PoolCounters.ProofEnd.SENDER_ANSWERED);
        Octets intent = Replies.encode(new SwimMessage.User(
                Octets.wrap(SerfCodec.encode(new SerfMessage.UserEvent(9, "deploy", Octets.empty(), false)))));

        pools.network.inject(other.address(), a.address(), intent);
        pools.virtual.pass(Duration.ofMillis(100));
        assertThat(a.state().clocks().events()).isEqualTo(1);

        pools.network.inject(other.address(), a.address(), intent);
        pools.virtual.settle();
        assertThat(a.state().clocks().events()).isEqualTo(10);
        assertThat(a.state().counters().proofs.count(PoolCounters.ProofEnd.SENDER_ANSWERED))
                .isEqualTo(before + 1);
    }

    /** Its acks need not take the refutation along, and gossip may pass the accuser by. */
    @Test
    void whoAccusesAMemberToItsFaceHearsTheRefutationFromIt() throws InterruptedException {
        pools.virtual.tolerateWarning("Refuting");
        pools.virtual.tolerateWarning("Refused a message");
        List<VirtualPools.Node> nodes = pool(3, KeySettings.none());
        pools.virtual.pass(Duration.ofSeconds(5));
        int before = pools.network.sent().size();

        inject(nodes.get(1), nodes.get(0), new SwimMessage.Suspect(1, "n1", "n2"));

        assertThat(sentSince(before, nodes.get(0), nodes.get(1)))
                .contains(Replies.encode(new SwimMessage.Alive(
                        2,
                        "n1",
                        nodes.get(0).state().members().self().address(),
                        nodes.get(0).state().members().self().meta(),
                        nodes.get(0).state().members().self().vsn())));
    }

    /** Nobody else suspects the dead, so that nobody else would confirm it. */
    @Test
    void whoSuspectsTheDeadLateIsConfirmed() throws InterruptedException {
        pools.virtual.tolerateWarning("Refused a message");
        List<VirtualPools.Node> nodes = pool(3, KeySettings.none());
        pools.cutOff(nodes.get(2));
        pools.virtual.passUntil(
                "the death of n3",
                () -> nodes.get(0).stateOf("n3").filter(NodeState.DEAD::equals).isPresent(),
                Duration.ofMinutes(1));
        pools.virtual.pass(Duration.ofSeconds(2));
        int before = pools.network.sent().size();

        inject(nodes.get(1), nodes.get(0), new SwimMessage.Suspect(1, "n3", "n2"));

        assertThat(sentSince(before, nodes.get(0), nodes.get(1)))
                .containsExactly(Replies.encode(new SwimMessage.Suspect(1, "n3", "n1")));
    }

    private void inject(VirtualPools.Node from, VirtualPools.Node to, SwimMessage message) throws InterruptedException {
        pools.network.inject(from.address(), to.address(), Replies.encode(message));
        pools.virtual.settle();
    }

    /** The messages in datagrams from one to the other after the first so many of all. */
    private List<Octets> sentSince(int before, VirtualPools.Node from, VirtualPools.Node to) {
        List<MemoryNetwork.Sent> all = pools.network.sent();
        return all.subList(before, all.size()).stream()
                .filter(sent -> sent.from().equals(from.address()) && sent.to().equals(to.address()))
                .flatMap(sent -> WireForms.of(sent.bytes()).stream().skip(1))
                .map(Octets::wrap)
                .toList();
    }

    private List<VirtualPools.Node> pool(int size, KeySettings keys) throws InterruptedException {
        List<VirtualPools.Node> nodes = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            nodes.add(pools.start("n" + i, keys, PoolSettings.Joining.nobody()));
        }
        nodes.forEach(pools::started);
        nodes.stream().skip(1).forEach(node -> pools.join(node, nodes.get(0).target()));
        pools.virtual.passUntil(
                "all to see all",
                () -> nodes.stream().allMatch(node -> node.names().size() == size),
                Duration.ofSeconds(10));
        return nodes;
    }

    private static long arrivals(VirtualPools.Node node, PoolCounters.Arrival arrival) {
        return node.state().counters().arrivals.count(arrival);
    }

    private static long incarnation(VirtualPools.Node node) {
        return node.state().members().find("n2").orElseThrow().incarnation();
    }

    private static PushPull viewOf(VirtualPools.Node node) {
        return new PushPull(
                true,
                PushPullMerge.nodes(node.state().members().records()),
                Octets.wrap(SerfCodec.encode(
                        new SerfMessage.PushPullState(50, Map.of("n2", 40L), List.of("n3"), 60, List.of(), 70))));
    }

    private static PushPull.Node node(VirtualPools.Node node, long incarnation, NodeState state) {
        return new PushPull.Node(
                node.name(), NodeAddress.of(node.address()), Octets.empty(), incarnation, state, versions());
    }

    private Octets stream(PushPull view, WirePolicy policy) {
        Sealer sealer = new Sealer(new CountedNonceSource(entropy::nextBytes, () -> 0, () -> 0));
        return Octets.wrap(
                StreamWriter.encode(new StreamMessage.Exchange(view), StreamRole.REQUEST, policy.forStreams(), sealer));
    }

    private static Octets versions() {
        return ProtocolVersions.SERF.toOctets();
    }

    private static Octets invented(int first, SplittableRandom random) {
        List<Octets> claims = new ArrayList<>();
        byte[] meta = new byte[512];
        for (int i = first; i < first + 100; i++) {
            random.nextBytes(meta);
            NodeAddress address =
                    new NodeAddress(Octets.wrap(new byte[] {11, (byte) (i >> 16), (byte) (i >> 8), (byte) i}), 7_946);
            claims.add(Replies.encode(
                    new SwimMessage.Alive(1, "invented-" + i, address, Octets.copyOf(meta), versions())));
        }
        return Octets.wrap(Compound.pack(claims).get(0));
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
