package io.sotto.wire.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.Seed;
import io.sotto.wire.WireText;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SwimCodecTest {
    private static final Limits LIMITS = Limits.defaults();
    private static final List<SwimMessage.Kind> KINDS = List.of(SwimMessage.Kind.values());
    private static final long U32_MAX = 0xffff_ffffL;

    private final Random random = Seed.random();

    @Test
    void everyMessageSurvivesTheWayThroughItsBytes() {
        for (int i = 0; i < 5_000; i++) {
            SwimMessage message = message();
            Octets bytes = Octets.wrap(SwimCodec.encode(message));
            assertThat(SwimCodec.decode(bytes, LIMITS)).as(Seed.hint()).isEqualTo(new Decoded.Message(message));
        }
    }

    @Test
    void aStructMayComeAsAListInTheOrderOfItsDeclaration() {
        assertThat(decode("0495" + "05" + "a161" + "a47f000001" + "cd1f0a" + "a26d6d"))
                .isEqualTo(new Decoded.Message(new SwimMessage.Alive(
                        5, "a", new NodeAddress(Octets.hex("7f000001"), 7946), Octets.hex("6d6d"), Octets.empty())));
        assertThat(decode("0198" + "01" + "a47f000001" + "02" + "a162" + "c3" + "a47f000002" + "03" + "a163"))
                .isEqualTo(new Decoded.Message(new SwimMessage.IndirectPing(
                        1,
                        new NodeAddress(Octets.hex("7f000001"), 2),
                        "b",
                        true,
                        Optional.of(new SwimMessage.Asker(new NodeAddress(Octets.hex("7f000002"), 3), "c")))));
        assertThat(decode("0393" + "07" + "a161" + "a162"))
                .isEqualTo(new Decoded.Message(new SwimMessage.Suspect(7, "a", "b")));
    }

    @Test
    void aTopLevelNilIsAMessageOfZeros() {
        assertThat(decode("05c0")).isEqualTo(new Decoded.Message(new SwimMessage.Dead(0, "", "")));
        assertThat(decode("0bc0")).isEqualTo(new Decoded.Message(new SwimMessage.Nack(0)));
    }

    @Test
    void whatFollowsTheValueIsIgnored() {
        assertThat(decode("0b81a55365714e6f2a" + "ffff")).isEqualTo(new Decoded.Message(new SwimMessage.Nack(42)));
    }

    @Test
    void layersAndUnknownTypesAreNoMessagesHere() {
        for (int type : new int[] {6, 7, 9, 10, 12, 14, 244, 255}) {
            assertThat(reason(String.format("%02x80", type)))
                    .as("type %s", type)
                    .isEqualTo(Reason.TYPE);
        }
        assertThat(reason("")).isEqualTo(Reason.TYPE);
    }

    @Test
    void valuesBeyondTheirBoundsMakeAMessageMalformed() {
        assertThat(alive(name(1_024), 4, 512, 6)).isInstanceOf(Decoded.Message.class);
        assertThat(alive(name(1_025), 4, 512, 6)).isInstanceOf(Decoded.Malformed.class);
        assertThat(alive("n", 17, 512, 6)).isInstanceOf(Decoded.Malformed.class);
        assertThat(alive("n", 16, 513, 6)).isInstanceOf(Decoded.Malformed.class);
        assertThat(alive("n", 16, 0, 33)).isInstanceOf(Decoded.Malformed.class);
        assertThat(reason("0b81a55365714e6fcf0000000100000000")).isEqualTo(Reason.BOUNDS);
        assertThat(reason("0481a4506f7274ce00010000")).isEqualTo(Reason.BOUNDS);
    }

    @Test
    void aShortVersionArrayDoesNotHarmTheMessage() {
        assertThat(alive("n", 4, 0, 3)).isInstanceOf(Decoded.Message.class);
        assertThat(alive("n", 4, 0, 0)).isInstanceOf(Decoded.Message.class);
    }

    @Test
    void namesThatAreNoUtf8KeepTheirBytes() {
        Octets name = Octets.hex("61ff80c3");
        byte[] bytes =
                new MsgpackWriter(0).octet(3).map(1).key("Node").bytes(name).toByteArray();
        SwimMessage.Claim claim = (SwimMessage.Claim) message(Octets.wrap(bytes));
        assertThat(WireText.encode(claim.node())).isEqualTo(name);
        assertThat(Octets.wrap(SwimCodec.encode(claim)).toHex()).contains("a4" + name.toHex());
    }

    @Test
    void whatIsDecodedSharesNoBytesWithTheDatagram() {
        byte[] datagram = SwimCodec.encode(new SwimMessage.Alive(
                1, "n", new NodeAddress(Octets.hex("7f000001"), 1), Octets.hex("ff80"), Octets.hex("010203040506")));
        SwimMessage before = message(Octets.wrap(datagram));
        byte[] user = SwimCodec.encode(new SwimMessage.User(Octets.hex("0102")));
        SwimMessage userBefore = message(Octets.wrap(user));
        Arrays.fill(datagram, (byte) 0);
        Arrays.fill(user, (byte) 0);
        assertThat(((SwimMessage.Alive) before).meta()).isEqualTo(Octets.hex("ff80"));
        assertThat(((SwimMessage.User) userBefore).body()).isEqualTo(Octets.hex("0102"));
    }

    @Test
    void anyBytesGiveAnAnswerAndWhatIsAMessageCanBeSentOn() {
        for (int i = 0; i < 50_000; i++) {
            byte[] hostile = SwimCodec.encode(message());
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                hostile[random.nextInt(hostile.length)] = (byte) random.nextInt(256);
            }
            Octets cut = Octets.wrap(hostile, 0, random.nextInt(hostile.length + 1));
            Decoded decoded = SwimCodec.decode(cut, LIMITS);
            if (decoded instanceof Decoded.Message message) {
                assertThat(message(Octets.wrap(SwimCodec.encode(message.message()))))
                        .as(Seed.hint())
                        .isEqualTo(message.message());
            }
        }
    }

    private SwimMessage message() {
        return switch (KINDS.get(random.nextInt(KINDS.size()))) {
            case PING -> new SwimMessage.Ping(u32(), name(), asker());
            case INDIRECT_PING -> new SwimMessage.IndirectPing(u32(), address(), name(), random.nextBoolean(), asker());
            case ACK -> new SwimMessage.Ack(u32(), octets(200));
            case SUSPECT -> new SwimMessage.Suspect(u32(), name(), name());
            case ALIVE -> new SwimMessage.Alive(u32(), name(), address(), octets(513), octets(7));
            case DEAD -> new SwimMessage.Dead(u32(), name(), name());
            case USER -> new SwimMessage.User(octets(600));
            case NACK -> new SwimMessage.Nack(u32());
            case ERR -> new SwimMessage.Err(name());
        };
    }

    private Optional<SwimMessage.Asker> asker() {
        SwimMessage.Asker asker = new SwimMessage.Asker(address(), name());
        boolean isEmpty = asker.address().ip().isEmpty()
                && asker.address().port() == 0
                && asker.node().isEmpty();
        return isEmpty || random.nextBoolean() ? Optional.empty() : Optional.of(asker);
    }

    private NodeAddress address() {
        return new NodeAddress(
                Octets.wrap(Seed.bytes(random, List.of(0, 4, 16).get(random.nextInt(3)))), random.nextInt(65_536));
    }

    private Octets octets(int bound) {
        return Octets.wrap(Seed.bytes(random, random.nextInt(bound)));
    }

    private String name() {
        return WireText.decode(octets(40));
    }

    private long u32() {
        return (random.nextLong() >>> (32 + random.nextInt(32))) & U32_MAX;
    }

    private static String name(int length) {
        return "n".repeat(length);
    }

    private static Decoded alive(String name, int ip, int meta, int vsn) {
        return SwimCodec.decode(
                Octets.wrap(SwimCodec.encode(new SwimMessage.Alive(
                        1,
                        name,
                        new NodeAddress(Octets.wrap(new byte[ip]), 1),
                        Octets.wrap(new byte[meta]),
                        Octets.wrap(new byte[vsn])))),
                LIMITS);
    }

    private static SwimMessage message(Octets bytes) {
        return ((Decoded.Message) SwimCodec.decode(bytes, LIMITS)).message();
    }

    private static Reason reason(String hex) {
        return ((Decoded.Malformed) decode(hex)).reason();
    }

    private static Decoded decode(String hex) {
        return SwimCodec.decode(Octets.hex(hex), LIMITS);
    }
}
