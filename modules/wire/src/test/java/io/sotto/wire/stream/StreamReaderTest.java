package io.sotto.wire.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.Seed;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.packet.Compression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StreamReaderTest {
    private static final Limits LIMITS = Limits.defaults();
    private static final Octets LABEL = Octets.utf8("prod");
    private static final GossipKey KEY = key(1);
    private static final GossipKey OTHER_KEY = key(2);
    private static final StreamMessage PING =
            new StreamMessage.Swim(new SwimMessage.Ping(31, "self", Optional.empty()));
    private static final StreamMessage ACK = new StreamMessage.Swim(new SwimMessage.Ack(31, Octets.empty()));

    private final Random random = Seed.random();
    private final Sealer sealer =
            new Sealer((target, offset) -> System.arraycopy(Seed.bytes(random, 12), 0, target, offset, 12));

    private enum Wrapping {
        PLAIN,
        COMPRESSED,
        LABELLED,
        SEALED,
        ALL;

        StreamPolicy policy() {
            Optional<Keyring> ring = switch (this) {
                case PLAIN, COMPRESSED, LABELLED -> Optional.empty();
                case SEALED -> Optional.of(Keyring.of(KEY));
                case ALL -> Optional.of(Keyring.of(KEY, OTHER_KEY));
            };
            Octets label = this == LABELLED || this == ALL ? LABEL : Octets.empty();
            return new StreamPolicy(ring, true, true, label, false, this == COMPRESSED || this == ALL);
        }
    }

    @ParameterizedTest
    @EnumSource
    void fedOneByteAtATimeIsTheSameAsFedAtOnce(Wrapping wrapping) {
        for (StreamMessage message : messages()) {
            for (StreamRole role : StreamRole.values()) {
                Octets bytes = write(message, role, wrapping.policy());
                StreamReader dribbled = reader(role, wrapping.policy());
                StreamProgress last = StreamProgress.NeedMore.INSTANCE;
                for (int i = 0; i < bytes.length(); i++) {
                    last = dribbled.feed(bytes.slice(i, 1));
                }
                assertThat(last)
                        .as(Seed.hint())
                        .isEqualTo(reader(role, wrapping.policy()).feed(bytes));
                assertThat(dribbled.end()).as(Seed.hint()).isEqualTo(last);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatOneSideWritesTheOtherSideReads(Wrapping wrapping) {
        for (StreamMessage message : messages()) {
            boolean isAnswer = message.equals(ACK);
            StreamRole role = isAnswer ? StreamRole.ANSWER : StreamRole.REQUEST;
            assertThat(reader(role, wrapping.policy()).feed(write(message, role, wrapping.policy())))
                    .as(Seed.hint())
                    .isEqualTo(new StreamProgress.Complete(
                            message, wrapping.policy().isKeyed(), 0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatEndsTooEarlyIsTruncatedWhereverItEnds(Wrapping wrapping) {
        Octets bytes = write(PING, StreamRole.REQUEST, wrapping.policy());
        for (int length = 0; length < bytes.length(); length++) {
            StreamReader reader = reader(StreamRole.REQUEST, wrapping.policy());
            assertThat(reader.feed(bytes.slice(0, length))).isEqualTo(StreamProgress.NeedMore.INSTANCE);
            assertThat(((StreamProgress.Refused) reader.end()).reason()).isEqualTo(Reason.TRUNCATED);
        }
    }

    @Test
    void bytesAfterTheMessageAreIgnored() {
        StreamReader reader = reader(StreamRole.REQUEST, Wrapping.PLAIN.policy());
        StreamProgress complete = reader.feed(Octets.hex("0081a55365714e6f1f" + "ffff"));
        assertThat(complete).isInstanceOf(StreamProgress.Complete.class);
        assertThat(reader.feed(Octets.hex("ff"))).isSameAs(complete);
    }

    @ParameterizedTest
    @EnumSource
    void answersCarryNoLabelHeaderThoughTheirSealCoversTheLabel(StreamRole role) {
        Octets answer = write(ACK, StreamRole.ANSWER, Wrapping.ALL.policy());
        assertThat(answer.at(0)).isEqualTo(10);
        StreamPolicy unlabelled = policy(Wrapping.ALL.policy().ring(), true, Octets.empty());
        assertRefused(reader(StreamRole.ANSWER, unlabelled).feed(answer), Reason.UNDECRYPTABLE, false);
        Octets request = write(PING, StreamRole.REQUEST, Wrapping.LABELLED.policy());
        assertRefused(reader(StreamRole.ANSWER, Wrapping.LABELLED.policy()).feed(request), Reason.TYPE, false);
        assertThat(write(PING, role, Wrapping.PLAIN.policy()).at(0)).isZero();
    }

    @Test
    void eachSideReadsOnlyWhatTheOtherMaySend() {
        assertRefused(feedPlain(StreamRole.REQUEST, ACK), Reason.TYPE, false);
        assertRefused(feedPlain(StreamRole.ANSWER, PING), Reason.TYPE, false);
        for (int type : new int[] {1, 3, 4, 5, 7, 11, 12, 13, 14, 255}) {
            StreamReader reader = reader(StreamRole.REQUEST, Wrapping.PLAIN.policy());
            assertRefused(reader.feed(Octets.wrap(new byte[] {(byte) type, (byte) 0x80})), Reason.TYPE, false);
        }
    }

    @Test
    void plaintextIsRefusedByWhoEncryptsAndVerifies() {
        Octets plain = write(PING, StreamRole.REQUEST, Wrapping.PLAIN.policy());
        Octets compressed = write(PING, StreamRole.REQUEST, Wrapping.COMPRESSED.policy());
        for (Octets bytes : List.of(plain, compressed)) {
            StreamProgress refused =
                    reader(StreamRole.REQUEST, Wrapping.SEALED.policy()).feed(bytes.slice(0, 1));
            assertRefused(refused, Reason.PLAINTEXT, true);
            StreamPolicy lax = policy(Optional.of(Keyring.of(KEY)), false, Octets.empty());
            assertThat(reader(StreamRole.REQUEST, lax).feed(bytes))
                    .isEqualTo(new StreamProgress.Complete(PING, false, 0));
        }
    }

    @Test
    void aFrameThatNoKeyOpensIsRefusedEvenWherePlaintextIsAllowed() {
        Octets sealed = write(PING, StreamRole.REQUEST, Wrapping.SEALED.policy());
        StreamPolicy lax = policy(Optional.of(Keyring.of(OTHER_KEY)), false, Octets.empty());
        assertRefused(reader(StreamRole.REQUEST, lax).feed(sealed), Reason.UNDECRYPTABLE, true);
        assertRefused(reader(StreamRole.REQUEST, Wrapping.PLAIN.policy()).feed(sealed), Reason.NO_KEY, true);
        StreamPolicy emptyRing = policy(Optional.of(Keyring.empty()), true, Octets.empty());
        assertRefused(reader(StreamRole.REQUEST, emptyRing).feed(sealed), Reason.NO_KEY, true);
    }

    @Test
    void everyFlippedBitOfASealedStreamIsNoticed() {
        Octets bytes = write(PING, StreamRole.REQUEST, Wrapping.ALL.policy());
        StreamProgress.Complete unflipped = new StreamProgress.Complete(PING, true, 0);
        for (int bit = 0; bit < 8 * bytes.length(); bit++) {
            byte[] flipped = bytes.toArray();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            StreamReader reader = reader(StreamRole.REQUEST, Wrapping.ALL.policy());
            reader.feed(Octets.wrap(flipped));
            assertThat(reader.end())
                    .as("bit %s", bit)
                    .isNotEqualTo(unflipped)
                    .isInstanceOf(StreamProgress.Refused.class);
        }
    }

    @Test
    void framesOfTwentyMebibytesAreAwaitedAndLongerOnesRefused() {
        StreamReader atLimit = reader(StreamRole.REQUEST, Wrapping.SEALED.policy());
        assertThat(atLimit.feed(Octets.hex("0a01400000"))).isEqualTo(StreamProgress.NeedMore.INSTANCE);
        StreamReader beyond = reader(StreamRole.REQUEST, Wrapping.SEALED.policy());
        assertThat(beyond.feed(Octets.hex("0a01400001")))
                .isEqualTo(new StreamProgress.Refused(
                        Reason.BOUNDS,
                        "Remote node state is larger than limit (20971521)",
                        Optional.of("Remote node state is larger than limit (20971521)")));
    }

    @Test
    void declaredCountsAndLengthsBeyondTheLimitsAreRefusedAtOnce() {
        assertRefusedPlain(exchangeHeader(1L << 21, 0), Reason.BOUNDS);
        assertRefusedPlain(exchangeHeader(-1, 0), Reason.BOUNDS);
        assertRefusedPlain(exchangeHeader(0, (20 << 20) + 1), Reason.BOUNDS);
        assertRefusedPlain(exchangeHeader(0, -1), Reason.BOUNDS);
        assertRefusedPlain(userHeader((20 << 20) + 1), Reason.BOUNDS);
        assertRefusedPlain(userHeader(-1), Reason.BOUNDS);
        assertRefusedPlain(
                new MsgpackWriter(0)
                        .octet(0)
                        .map(1)
                        .octet(0xdb)
                        .octet(0x7f)
                        .octet(0xff)
                        .octet(0)
                        .octet(0),
                Reason.BOUNDS);
        assertThat(reader(StreamRole.REQUEST, Wrapping.PLAIN.policy())
                        .feed(exchangeHeader(1 << 20, 20 << 20).toOctets()))
                .isEqualTo(StreamProgress.NeedMore.INSTANCE);
    }

    @Test
    void aUserMessageMayBeEmpty() {
        StreamMessage empty = new StreamMessage.Swim(new SwimMessage.User(Octets.empty()));
        assertThat(feedPlain(StreamRole.REQUEST, empty)).isEqualTo(new StreamProgress.Complete(empty, false, 0));
    }

    @Test
    void aRecordWithValuesBeyondTheirLimitsIsLeftOutAndTheExchangeGoesOn() {
        PushPull.Node good = node("good", 4, 10, NodeState.DEAD);
        List<PushPull.Node> nodes = List.of(
                good,
                node("", 4, 0, NodeState.ALIVE),
                node("meta", 4, 513, NodeState.ALIVE),
                node("ip", 17, 0, NodeState.ALIVE),
                good);
        StreamMessage sent = new StreamMessage.Exchange(new PushPull(true, nodes, Octets.hex("0280")));
        StreamMessage read = new StreamMessage.Exchange(new PushPull(true, List.of(good, good), Octets.hex("0280")));
        assertThat(feedPlain(StreamRole.REQUEST, sent)).isEqualTo(new StreamProgress.Complete(read, false, 3));
    }

    @Test
    void theRecordsOfAnExchangeMayTakeSoMuchMemoryAndNoMore() {
        StreamReader reader = reader(StreamRole.REQUEST, Wrapping.PLAIN.policy());
        assertThat(reader.feed(exchangeHeader(1 << 20, 0).toOctets())).isEqualTo(StreamProgress.NeedMore.INSTANCE);
        Octets tiny = tinyRecords(1_000);
        int fed = 0;
        long heldMax = 0;
        StreamProgress progress = StreamProgress.NeedMore.INSTANCE;
        while (progress == StreamProgress.NeedMore.INSTANCE) {
            heldMax = reader.heldBytes();
            progress = reader.feed(tiny);
            fed += 1_000;
        }

        assertRefused(progress, Reason.BOUNDS, false);
        assertThat(fed).isBetween(100_000, 150_000);
        assertThat(heldMax).isBetween(LIMITS.pushPullMaxBytes() / 2L, (long) LIMITS.pushPullMaxBytes());
    }

    private static Octets tinyRecords(int count) {
        MsgpackWriter records = new MsgpackWriter(0);
        for (int i = 0; i < count; i++) {
            records.map(1).key("Name").text("x");
        }
        return records.toOctets();
    }

    @Test
    void aCompressedStreamMayUnpackToAHundredTimesItsSize() {
        StreamMessage zeros = new StreamMessage.Swim(new SwimMessage.User(Octets.wrap(new byte[1 << 20])));
        assertRefused(
                reader(StreamRole.REQUEST, Wrapping.COMPRESSED.policy())
                        .feed(write(zeros, StreamRole.REQUEST, Wrapping.COMPRESSED.policy())),
                Reason.EXPANSION,
                true);
    }

    @Test
    void oneCompressedLayerIsOpenedAndNotTwo() {
        byte[] ping =
                write(PING, StreamRole.REQUEST, Wrapping.COMPRESSED.policy()).toArray();
        StreamReader reader = reader(StreamRole.REQUEST, Wrapping.PLAIN.policy());
        assertRefused(reader.feed(Octets.wrap(Compression.compress(ping, 0, ping.length))), Reason.TYPE, false);
        byte[] nothing = new byte[0];
        assertRefused(
                reader(StreamRole.REQUEST, Wrapping.PLAIN.policy())
                        .feed(Octets.wrap(Compression.compress(nothing, 0, 0))),
                Reason.MALFORMED,
                true);
    }

    @Test
    void aLabelThatIsNotOursClosesTheStreamWithoutAWord() {
        StreamPolicy labelled = Wrapping.LABELLED.policy();
        for (String hex : new String[] {"00", "f40470726f65", "f400", "f40570726f6432"}) {
            assertRefused(reader(StreamRole.REQUEST, labelled).feed(Octets.hex(hex)), Reason.LABEL, false);
        }
        assertRefused(
                reader(StreamRole.REQUEST, Wrapping.PLAIN.policy()).feed(Octets.hex("f40161")), Reason.LABEL, false);
        StreamPolicy behindProxy = new StreamPolicy(Wrapping.ALL.policy().ring(), true, true, LABEL, true, true);
        assertRefused(reader(StreamRole.REQUEST, behindProxy).feed(Octets.hex("f4")), Reason.LABEL, false);
        Octets stripped = write(PING, StreamRole.ANSWER, Wrapping.ALL.policy());
        assertThat(reader(StreamRole.REQUEST, behindProxy).feed(stripped))
                .isEqualTo(new StreamProgress.Complete(PING, true, 0));
    }

    @Test
    void anyBytesInAnyPiecesCompleteAlikeOrAreRefusedInTheEnd() {
        for (int i = 0; i < 20_000; i++) {
            Wrapping wrapping = random.nextBoolean() ? Wrapping.PLAIN : Wrapping.COMPRESSED;
            byte[] hostile = write(randomMessage(), StreamRole.REQUEST, wrapping.policy())
                    .toArray();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                hostile[random.nextInt(hostile.length)] = (byte) random.nextInt(256);
            }
            StreamReader reader = reader(StreamRole.REQUEST, wrapping.policy());
            StreamReader whole = reader(StreamRole.REQUEST, wrapping.policy());
            whole.feed(Octets.wrap(hostile));
            for (int at = 0; at < hostile.length; ) {
                int count = Math.min(hostile.length - at, 1 + random.nextInt(50));
                reader.feed(Octets.wrap(hostile, at, count));
                at += count;
            }
            // What cannot become a message may show so earlier or later, by the pieces that it comes in.
            if (whole.end() instanceof StreamProgress.Complete complete) {
                assertThat(reader.end()).as(Seed.hint()).isEqualTo(complete);
            } else {
                assertThat(reader.end()).as(Seed.hint()).isInstanceOf(StreamProgress.Refused.class);
            }
        }
    }

    @Test
    void workGrowsWithWhatArrivedEvenForHostileRecordsInSmallPieces() {
        // One record of 100,000 unknown keys: looked at again for each byte, it would take minutes.
        MsgpackWriter out = exchangeHeader(1, 0).map(100_000);
        for (int i = 0; i < 100_000; i++) {
            out.text("key").list(3).nil().nil().nil();
        }
        Octets bytes = out.toOctets();
        StreamReader reader = reader(StreamRole.REQUEST, Wrapping.PLAIN.policy());
        long begin = System.nanoTime();
        StreamProgress last = StreamProgress.NeedMore.INSTANCE;
        for (int i = 0; i < bytes.length(); i++) {
            last = reader.feed(bytes.slice(i, 1));
        }
        assertThat(last).isInstanceOf(StreamProgress.Complete.class);
        assertThat(System.nanoTime() - begin).isLessThan(10_000_000_000L);
    }

    private List<StreamMessage> messages() {
        List<PushPull.Node> nodes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            nodes.add(node("node-" + i, 4 + 12 * (i % 2), i * 20, NodeState.ALIVE));
        }
        return List.of(
                PING,
                ACK,
                new StreamMessage.Swim(new SwimMessage.User(Octets.wrap(Seed.bytes(random, 300)))),
                new StreamMessage.Exchange(new PushPull(true, nodes, Octets.wrap(Seed.bytes(random, 600)))),
                new StreamMessage.Exchange(new PushPull(false, List.of(), Octets.empty())));
    }

    private StreamMessage randomMessage() {
        List<StreamMessage> all = messages();
        return all.get(random.nextInt(all.size()));
    }

    private static PushPull.Node node(String name, int ip, int meta, NodeState state) {
        return new PushPull.Node(
                name,
                new NodeAddress(Octets.wrap(new byte[ip]), 7946),
                Octets.wrap(new byte[meta]),
                9,
                state,
                Octets.hex("010502020504"));
    }

    private static MsgpackWriter exchangeHeader(long nodes, long userState) {
        return new MsgpackWriter(0)
                .octet(6)
                .map(2)
                .key("Nodes")
                .signed(nodes)
                .key("UserStateLen")
                .signed(userState);
    }

    private static MsgpackWriter userHeader(long length) {
        return new MsgpackWriter(0).octet(8).map(1).key("UserMsgLen").signed(length);
    }

    private StreamProgress feedPlain(StreamRole role, StreamMessage message) {
        return reader(role, Wrapping.PLAIN.policy()).feed(write(message, role, Wrapping.PLAIN.policy()));
    }

    private static void assertRefusedPlain(MsgpackWriter bytes, Reason reason) {
        assertRefused(reader(StreamRole.REQUEST, Wrapping.PLAIN.policy()).feed(bytes.toOctets()), reason, false);
    }

    private static void assertRefused(StreamProgress progress, Reason reason, boolean isAloud) {
        assertThat(progress).isInstanceOf(StreamProgress.Refused.class);
        StreamProgress.Refused refused = (StreamProgress.Refused) progress;
        assertThat(refused.reason()).as(refused.detail()).isEqualTo(reason);
        assertThat(refused.errorForPeer().isPresent()).as(refused.detail()).isEqualTo(isAloud);
    }

    private Octets write(StreamMessage message, StreamRole role, StreamPolicy policy) {
        return Octets.wrap(StreamWriter.encode(message, role, policy, sealer));
    }

    private static StreamReader reader(StreamRole role, StreamPolicy policy) {
        return new StreamReader(role, policy, LIMITS, new Opener());
    }

    private static StreamPolicy policy(Optional<Keyring> ring, boolean verifyIncoming, Octets label) {
        return new StreamPolicy(ring, verifyIncoming, true, label, false, false);
    }

    private static GossipKey key(int first) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) first;
        return GossipKey.of(bytes);
    }
}
