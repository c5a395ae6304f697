package io.sotto.gossip.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.datapath.RejectionLog.Subject;
import io.sotto.gossip.network.Endpoint;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.membership.admission.AllowedNetworks;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.packet.Checksum;
import io.sotto.wire.packet.Compound;
import io.sotto.wire.packet.Compression;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.AsPublisher;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every datagram that was read ends in exactly one of accepted, rejected for one reason, and dropped. */
class AccountingTest {
    private static final long SEED = 20_261_122;
    private static final int DATAGRAMS = 4_000;
    private static final GossipKey OURS = key(1);
    private static final GossipKey THEIRS = key(2);
    private static final Octets GOOD = Octets.hex("0868656c6c6f");
    private static final Octets UNKNOWN_TYPE = Octets.hex("0e00");
    private static final Octets CUT_PING = Octets.hex("0082a44e6f64");
    private static final Octets NOT_IN_DATAGRAMS = Octets.hex("0d81a54572726f72a0");

    private static ActorTestKit testKit;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Map<Reason, Long> expectedRejected = new EnumMap<>(Reason.class);
    private final Map<Reason, Long> expectedParts = new EnumMap<>(Reason.class);
    private int expectedAccepted;
    private int expectedMessages;

    @BeforeAll
    static void start() {
        testKit = ActorTestKit.create();
    }

    @AfterAll
    static void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void receivedIsAcceptedAndRejectedByReasonAndDroppedForAnyMixture() throws Exception {
        WirePolicy policy = new WirePolicy(
                Keyring.of(OURS),
                true,
                true,
                Octets.empty(),
                false,
                true,
                new AllowList(AllowedNetworks.parse(List.of("10.0.0.0/8")), AllowList.Scope.EVERYTHING));
        DatapathRig rig = new DatapathRig(testKit.system(), policy, new Sealer((target, offset) -> target[offset] = 1));
        for (int i = 0; i < DATAGRAMS; i++) {
            injectOne(rig);
        }
        rig.arrive(address("10.0.0.1"), seal(OURS, GOOD));
        expectedAccepted++;
        expectedMessages++;

        DatapathCounters counters = rig.counters;
        assertThat(counters.received()).isEqualTo(DATAGRAMS + 1);
        assertThat(counters.accepted()).as("accepted, seed %s", SEED).isEqualTo(expectedAccepted);
        assertThat(counters.inboundDropped()).isZero();
        for (Reason reason : Reason.values()) {
            assertThat(counters.rejected(reason))
                    .as("rejected as %s, seed %s", reason, SEED)
                    .isEqualTo(expectedRejected.getOrDefault(reason, 0L));
            assertThat(rig.rejections.count(Subject.DATAGRAM, reason))
                    .as("datagrams in the log as %s, seed %s", reason, SEED)
                    .isEqualTo(counters.rejected(reason));
            assertThat(rig.rejections.count(Subject.PART, reason))
                    .as("parts refused as %s, seed %s", reason, SEED)
                    .isEqualTo(expectedParts.getOrDefault(reason, 0L));
        }
        assertThat(expectedRejected.keySet()).as("the mixture has many faults").hasSizeGreaterThan(9);
        assertThat(counters.received())
                .isEqualTo(counters.accepted() + counters.rejected() + counters.inboundDropped());
        assertThat(rig.delivered()).hasSize(expectedMessages);
    }

    @Test
    void whatStillWaitsWhenTheStreamEndsIsDropped() throws Exception {
        MemoryNetwork network = new MemoryNetwork();
        Endpoint endpoint = network.bind(address("10.0.0.9"));
        DatapathCounters counters = new DatapathCounters();
        RejectionLog rejections = RejectionLog.create(() -> Instant.EPOCH, line -> {});
        // Nobody asks for anything: whatever arrives stays where it is.
        UniqueKillSwitch stopping = Datapath.create(
                        WirePolicy::plain,
                        DatapathSettings.defaults(),
                        Inspection.counting(rejections),
                        counters,
                        SourceRate::none)
                .inbound(endpoint)
                .viaMat(KillSwitches.single(), Keep.right())
                .to(Sink.asPublisher(AsPublisher.WITHOUT_FANOUT))
                .run(Materializer.createMaterializer(testKit.system()));
        network.awaitReceiver(endpoint.local());
        for (int i = 0; i < 100; i++) {
            network.inject(address("10.0.0.1"), endpoint.local(), GOOD);
        }

        stopping.shutdown();

        TestProbe<Object> probe = testKit.createTestProbe();
        probe.awaitAssert(() -> {
            assertThat(counters.inboundDropped()).isEqualTo(100);
            return true;
        });
        network.inject(address("10.0.0.1"), endpoint.local(), GOOD);
        assertThat(counters.received()).isEqualTo(101);
        assertThat(counters.inboundDropped()).isEqualTo(101);
        assertThat(counters.waiting()).isZero();
    }

    private void injectOne(DatapathRig rig) {
        InetSocketAddress peer = address("10.0.0." + (1 + random.nextInt(200)));
        switch (random.nextInt(16)) {
            case 0 -> rejected(rig, peer, Octets.empty(), Reason.SIZE);
            case 1 -> rejected(rig, peer, Octets.wrap(new byte[65_536]), Reason.SIZE);
            case 2 -> rejected(rig, address("11.0.0.1"), seal(OURS, GOOD), Reason.NOT_ALLOWED);
            case 3 -> rejected(rig, peer, Octets.hex("f40161"), Reason.LABEL);
            case 4 -> rejected(rig, peer, seal(THEIRS, GOOD), Reason.UNDECRYPTABLE);
            case 5 -> rejected(rig, peer, GOOD, Reason.PLAINTEXT);
            case 6 -> rejected(rig, peer, seal(OURS, wrongChecksum()), Reason.CHECKSUM);
            case 7 -> rejected(rig, peer, seal(OURS, Octets.hex("09ff")), Reason.COMPRESSION);
            case 8 -> rejected(rig, peer, seal(OURS, Octets.hex("0700")), Reason.COMPOUND);
            case 9 -> rejected(rig, peer, seal(OURS, nested(5)), Reason.NESTING);
            case 10 -> {
                Octets bad = badPart();
                rejected(rig, peer, seal(OURS, bad), reasonOf(bad));
            }
            case 11 -> {
                expectedAccepted++;
                expectedMessages++;
                rig.inject(peer, seal(OURS, random.nextBoolean() ? GOOD : nested(3)));
            }
            default -> compound(rig, peer);
        }
    }

    /** Good and bad parts in any order, at times cut short at the end. */
    private void compound(DatapathRig rig, InetSocketAddress peer) {
        List<Octets> parts = new ArrayList<>();
        List<Reason> faults = new ArrayList<>();
        int good = 0;
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            if (random.nextInt(3) > 0) {
                Octets bad = badPart();
                parts.add(bad);
                faults.add(reasonOf(bad));
            } else {
                parts.add(GOOD);
                good++;
            }
        }
        byte[] bytes = Compound.pack(parts).get(0);
        if (random.nextInt(4) == 0) {
            // The last part is then missing; that is found before any part is looked at.
            Octets last = parts.get(count - 1);
            bytes = Arrays.copyOf(bytes, bytes.length - 1);
            if (last.equals(GOOD)) {
                good--;
            } else {
                faults.remove(faults.size() - 1);
            }
            faults.add(0, Reason.COMPOUND);
        }
        if (good > 0) {
            expectedAccepted++;
            expectedMessages += good;
        } else {
            expect(expectedRejected, faults.remove(0));
        }
        faults.forEach(fault -> expect(expectedParts, fault));
        rig.inject(peer, seal(OURS, Octets.wrap(bytes)));
    }

    private Octets badPart() {
        return switch (random.nextInt(4)) {
            case 0 -> UNKNOWN_TYPE;
            case 1 -> CUT_PING;
            case 2 -> NOT_IN_DATAGRAMS;
            default -> aliveFromElsewhere();
        };
    }

    private static Reason reasonOf(Octets bad) {
        return bad.equals(CUT_PING)
                ? Reason.MALFORMED
                : bad.equals(aliveFromElsewhere()) ? Reason.NOT_ALLOWED : Reason.TYPE;
    }

    private static Octets aliveFromElsewhere() {
        return Octets.wrap(SwimCodec.encode(new SwimMessage.Alive(
                1, "n", NodeAddress.of(address("11.0.0.1")), Octets.empty(), Octets.hex("010502020404"))));
    }

    private static Octets nested(int depth) {
        Octets message = GOOD;
        for (int i = 0; i < depth; i++) {
            byte[] inner = message.toArray();
            message = Octets.wrap(
                    i % 2 == 0 ? Compound.pack(List.of(message)).get(0) : Compression.compress(inner, 0, inner.length));
        }
        return message;
    }

    private static Octets wrongChecksum() {
        byte[] checked = Checksum.add(GOOD.toArray());
        checked[checked.length - 1] ^= 1;
        return Octets.wrap(checked);
    }

    private void rejected(DatapathRig rig, InetSocketAddress peer, Octets datagram, Reason reason) {
        expect(expectedRejected, reason);
        rig.inject(peer, datagram);
    }

    private static void expect(Map<Reason, Long> counts, Reason reason) {
        counts.merge(reason, 1L, Long::sum);
    }

    private static Octets seal(GossipKey key, Octets plain) {
        Sealer sealer = new Sealer((target, offset) -> Arrays.fill(target, offset, offset + 12, (byte) 0xee));
        return Octets.wrap(sealer.seal(key, plain.toArray(), 0, plain.length(), Octets.empty()));
    }

    private static InetSocketAddress address(String ip) {
        try {
            return new InetSocketAddress(InetAddress.getByName(ip), 7_946);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalArgumentException(ip, e);
        }
    }

    private static GossipKey key(int fill) {
        byte[] bytes = new byte[16];
        Arrays.fill(bytes, (byte) fill);
        return GossipKey.of(bytes);
    }
}
