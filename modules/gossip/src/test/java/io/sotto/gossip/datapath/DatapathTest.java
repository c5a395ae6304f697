package io.sotto.gossip.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.NonceSource;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.packet.Unwrapper;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the stages promise beyond the vectors. */
class DatapathTest {
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7);
    private static final Octets HELLO = Octets.hex("0868656c6c6f");
    private static final GossipKey OURS = key(1);
    private static final GossipKey THEIRS = key(2);

    private static ActorTestKit testKit;

    @BeforeAll
    static void start() {
        testKit = ActorTestKit.create();
    }

    @AfterAll
    static void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void countsAndDropsWhatAnotherKeySealed() throws Exception {
        DatapathRig rig = rig(sealedBy(OURS));

        rig.arrive(PEER, seal(THEIRS, HELLO));

        assertThat(rig.delivered()).isEmpty();
        assertThat(rig.rejections.count(Reason.UNDECRYPTABLE)).isEqualTo(1);
    }

    @Test
    void countsAndDropsPlaintextWhereItIsRefusedWhateverItsType() throws Exception {
        DatapathRig rig = rig(sealedBy(OURS));

        rig.arrive(PEER, HELLO);
        rig.arrive(PEER, Octets.hex("0082a44e6f6465a0a55365714e6f09"));

        assertThat(rig.delivered()).isEmpty();
        assertThat(rig.rejections.count(Reason.PLAINTEXT)).isEqualTo(2);
    }

    @Test
    void saysThatAKeyIsMissingWhenASealedDatagramReachesANodeWithoutKeys() throws Exception {
        DatapathRig rig = rig(WirePolicy.plain());

        rig.arrive(PEER, seal(THEIRS, HELLO));

        assertThat(rig.delivered()).isEmpty();
        assertThat(rig.rejections.count(Reason.NO_KEY)).isEqualTo(1);
    }

    @Test
    void marksWhatAKeyOpenedAsSealedAndPlaintextThatIsLetThroughAsNot() throws Exception {
        WirePolicy migrating =
                new WirePolicy(Keyring.of(OURS), false, true, Octets.empty(), false, true, AllowList.all());
        DatapathRig rig = rig(migrating);

        rig.arrive(PEER, seal(OURS, HELLO));
        rig.arrive(PEER, HELLO);

        assertThat(rig.delivered()).extracting(Inbound::sealed).containsExactly(true, false);
    }

    @Test
    void refusesEmptyAndOversizeDatagramsBeforeAnyWorkIsDoneForThem() {
        RejectionLog rejections = RejectionLog.create(() -> Instant.EPOCH, line -> {});
        Admit admit = new Admit(Limits.defaults(), SourceRate.none(), rejections);
        List<Frame> out = new ArrayList<>();

        admit.on(new Frame(PEER, Octets.empty()), WirePolicy.plain(), out);
        admit.on(new Frame(PEER, Octets.wrap(new byte[65_536])), WirePolicy.plain(), out);
        admit.on(new Frame(PEER, Octets.wrap(new byte[65_535])), WirePolicy.plain(), out);

        assertThat(out).hasSize(1);
        assertThat(rejections.count(Reason.SIZE)).isEqualTo(2);
    }

    @Test
    void refusesWhatOneSourceSendsTooManyOfAndLetsOthersIn() throws Exception {
        RejectionLog rejections = RejectionLog.create(() -> Instant.EPOCH, line -> {});
        DatapathSettings settings = new DatapathSettings(Limits.defaults(), 1, 1, 1, 10, 3);
        AtomicLong nanos = new AtomicLong();
        Admit admit = new Admit(Limits.defaults(), SourceRate.create(settings, nanos::get, 1), rejections);
        List<Frame> out = new ArrayList<>();
        InetSocketAddress other =
                new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), PEER.getPort());

        for (int i = 0; i < 5; i++) {
            admit.on(new Frame(PEER, HELLO), WirePolicy.plain(), out);
        }
        assertThat(out).hasSize(3);
        assertThat(rejections.count(Reason.RATE)).isEqualTo(2);
        admit.on(new Frame(other, HELLO), WirePolicy.plain(), out);
        assertThat(out).last().extracting(Frame::source).isEqualTo(other);
        nanos.addAndGet(100_000_000);
        admit.on(new Frame(PEER, HELLO), WirePolicy.plain(), out);

        assertThat(out).hasSize(5);
    }

    @Test
    void refusesToDecodeWhatTheStageBeforeShouldHaveOpened() {
        RejectionLog rejections = RejectionLog.create(() -> Instant.EPOCH, line -> {});
        List<Inbound> out = new ArrayList<>();

        new Decode(Limits.defaults(), rejections).on(new Frame(PEER, HELLO), sealedBy(OURS), out);

        assertThat(out).isEmpty();
        assertThat(rejections.count(Reason.PLAINTEXT)).isEqualTo(1);
    }

    @Test
    void goesOnAfterAnyBytesWhatsoever() throws Exception {
        DatapathRig rig = rig(WirePolicy.plain());
        RandomGenerator random = new SplittableRandom(20_261_122);
        for (int i = 0; i < 3_000; i++) {
            byte[] noise = new byte[1 + random.nextInt(200)];
            random.nextBytes(noise);
            noise[0] = (byte) random.nextInt(15);
            rig.inject(PEER, Octets.wrap(noise));
        }
        int before = rig.delivered().size();

        rig.arrive(PEER, HELLO);

        assertThat(rig.delivered().size()).isGreaterThan(before);
        assertThat(rig.delivered().get(rig.delivered().size() - 1).message())
                .isEqualTo(new SwimMessage.User(HELLO.slice(1, 5)));
        assertThat(rig.counters.inboundDropped()).isZero();
        assertThat(rig.rejections.total()).isGreaterThan(1_000);
    }

    @Test
    void splitsMoreThan255PartsIntoSeveralDatagrams() throws Exception {
        DatapathRig rig = rig(WirePolicy.plain());

        List<MemoryNetwork.Sent> sent = rig.send(new Outbound(PEER, Collections.nCopies(300, HELLO), true), 2);

        assertThat(sent)
                .extracting(datagram -> Unwrapper.unwrap(
                                datagram.bytes().slice(5, datagram.bytes().length() - 5), Limits.defaults())
                        .messages()
                        .size())
                .containsExactly(255, 45);
    }

    @Test
    void neverSendsPlainWhatItFailsToSeal() throws Exception {
        DatapathRig rig = new DatapathRig(testKit.system(), sealedBy(OURS), new Sealer(new FailingOnce()));

        rig.outbox.offer(new Outbound(PEER, List.of(HELLO), false));
        rig.send(new Outbound(PEER, List.of(HELLO), false), 1);

        assertThat(rig.network.sent()).hasSize(1);
        assertThat(rig.network.sent().get(0).bytes().at(0))
                .as("sealed, version 1")
                .isEqualTo(1);
        assertThat(rig.counters.outboundFailed()).isEqualTo(1);
    }

    /** A nonce source that is broken at first. */
    private static final class FailingOnce implements NonceSource {
        private boolean failed;

        @Override
        public void next(byte[] target, int offset) {
            if (!failed) {
                failed = true;
                throw new IllegalStateException("no entropy");
            }
            Arrays.fill(target, offset, offset + 12, (byte) 9);
        }
    }

    private static DatapathRig rig(WirePolicy policy) throws Exception {
        return new DatapathRig(testKit.system(), policy, new Sealer((target, offset) -> target[offset] = 1));
    }

    private static WirePolicy sealedBy(GossipKey key) {
        return WirePolicy.sealed(Keyring.of(key));
    }

    private static Octets seal(GossipKey key, Octets plain) {
        Sealer sealer = new Sealer((target, offset) -> Arrays.fill(target, offset, offset + 12, (byte) 0xee));
        return Octets.wrap(sealer.seal(key, plain.toArray(), 0, plain.length(), Octets.empty()));
    }

    private static GossipKey key(int fill) {
        byte[] bytes = new byte[16];
        Arrays.fill(bytes, (byte) fill);
        return GossipKey.of(bytes);
    }
}
