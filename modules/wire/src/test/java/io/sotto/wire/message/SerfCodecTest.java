package io.sotto.wire.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.Seed;
import io.sotto.wire.WireText;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SerfCodecTest {
    private static final Limits LIMITS = Limits.defaults();
    private static final List<SerfMessage.Kind> KINDS = List.of(SerfMessage.Kind.values());
    private static final long U32_MAX = 0xffff_ffffL;

    private final Random random = Seed.random();

    @Test
    void everyMessageSurvivesTheWayThroughItsBytes() {
        for (int i = 0; i < 5_000; i++) {
            SerfMessage message = message();
            assertThat(SerfCodec.decode(Octets.wrap(SerfCodec.encode(message)), LIMITS))
                    .as(Seed.hint())
                    .isEqualTo(new DecodedSerf.Message(message));
        }
    }

    @Test
    void lamportTimesAreUnsigned64BitNumbers() {
        SerfMessage.Join join = new SerfMessage.Join(-1, "n");
        assertThat(Octets.wrap(SerfCodec.encode(join)).toHex()).contains("cfffffffffffffffff");
        assertThat(decode("0181a54c54696d65ff")).isEqualTo(Reason.BOUNDS);
    }

    @Test
    void anAbsentMemberInAConflictResponseIsNil() {
        SerfMessage.ConflictResponse unknown = new SerfMessage.ConflictResponse(Optional.empty());
        assertThat(Octets.wrap(SerfCodec.encode(unknown)).toHex()).isEqualTo("06c0");
    }

    @Test
    void theStateOfAFreshNodeHasEmptyListsAndNotNils() {
        SerfMessage.PushPullState fresh = new SerfMessage.PushPullState(1, Map.of(), List.of(), 1, List.of(), 1);
        assertThat(Octets.wrap(SerfCodec.encode(fresh)).toHex())
                .contains(key("LeftMembers") + "90")
                .contains(key("StatusLTimes") + "80");
    }

    @Test
    void theEventsOfAStateAreBoundedOverAllItsSlots() {
        assertThat(SerfCodec.decode(stateOf(2, 30_000), LIMITS)).isInstanceOf(DecodedSerf.Message.class);
        assertThat(SerfCodec.decode(stateOf(3, 30_000), LIMITS))
                .isInstanceOfSatisfying(
                        DecodedSerf.Malformed.class,
                        malformed -> assertThat(malformed.reason()).isEqualTo(Reason.BOUNDS));
    }

    /** Events that are one byte each. */
    private static Octets stateOf(int slots, int eventsEach) {
        MsgpackWriter out = new MsgpackWriter(slots * eventsEach).octet(2).map(1);
        out.key("Events").list(slots);
        for (int slot = 0; slot < slots; slot++) {
            out.map(1).key("Events").list(eventsEach);
            for (int i = 0; i < eventsEach; i++) {
                out.map(0);
            }
        }
        return out.toOctets();
    }

    @Test
    void keysAreInNoTextForm() {
        SerfMessage.KeyRequest request = new SerfMessage.KeyRequest(Octets.hex("c0ffee".repeat(5) + "00"));
        SerfMessage.KeyResponse response = new SerfMessage.KeyResponse(true, "", List.of("c2VjcmV0"), "c2VjcmV0");
        assertThat(new DecodedSerf.Message(request).toString())
                .doesNotContain("c0ffee")
                .contains("16-byte key");
        assertThat(new DecodedSerf.Message(response).toString())
                .doesNotContain("c2VjcmV0")
                .contains("1 keys");
    }

    @Test
    void countsThatWereDeclaredAreNotBelieved() {
        assertThat(decode("0281" + key("Events") + "dd7fffffff")).isEqualTo(Reason.BOUNDS);
        assertThat(decode("0281" + key("Events") + "dd0000ffff")).isEqualTo(Reason.MALFORMED);
        assertThat(decode("0281" + key("StatusLTimes") + "dfffffffff")).isEqualTo(Reason.BOUNDS);
        assertThat(decode("0281" + key("LeftMembers") + "ddffffffff")).isEqualTo(Reason.BOUNDS);
        assertThat(decode("0481" + key("Filters") + "dd000003ff")).isEqualTo(Reason.MALFORMED);
        assertThat(decode("0481" + key("Filters") + "dd00000401" + "c0".repeat(1_025)))
                .isEqualTo(Reason.BOUNDS);
    }

    @Test
    void aByteForASlotMakesNoMoreSlotsThanARingBufferCanHave() {
        MsgpackWriter out = new MsgpackWriter(0).octet(2).map(1).key("Events").list(65_537);
        for (int i = 0; i < 65_537; i++) {
            out.nil();
        }
        assertThat(decode(out.toOctets().toHex())).isEqualTo(Reason.BOUNDS);
    }

    @Test
    void namesChosenToCollideDoNotSlowTheirLookup() {
        Map<String, Long> colliding = new LinkedHashMap<>();
        for (int i = 0; i < 1 << 15; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 15; bit++) {
                name.append(((i >> bit) & 1) == 0 ? "Aa" : "BB");
            }
            colliding.put(name.toString(), 1L);
        }
        Octets bytes =
                Octets.wrap(SerfCodec.encode(new SerfMessage.PushPullState(1, colliding, List.of(), 1, List.of(), 1)));
        long begin = System.nanoTime();
        assertThat(SerfCodec.decode(bytes, LIMITS)).isInstanceOf(DecodedSerf.Message.class);
        assertThat(System.nanoTime() - begin).isLessThan(5_000_000_000L);
    }

    @Test
    void unknownTypesAndNothingAtAllAreNoMessages() {
        assertThat(decode("")).isEqualTo(Reason.TYPE);
        assertThat(decode("0a80")).isEqualTo(Reason.TYPE);
        assertThat(decode("ff80")).isEqualTo(Reason.TYPE);
    }

    @Test
    void anyBytesGiveAnAnswerAndWhatIsAMessageCanBeSentOn() {
        for (int i = 0; i < 50_000; i++) {
            byte[] hostile = SerfCodec.encode(message());
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                hostile[random.nextInt(hostile.length)] = (byte) random.nextInt(256);
            }
            Octets cut = Octets.wrap(hostile, 0, random.nextInt(hostile.length + 1));
            DecodedSerf decoded = SerfCodec.decode(cut, LIMITS);
            if (decoded instanceof DecodedSerf.Message message) {
                assertThat(SerfCodec.decode(Octets.wrap(SerfCodec.encode(message.message())), LIMITS))
                        .as(Seed.hint())
                        .isEqualTo(decoded);
            }
        }
    }

    @Test
    void tagsOfAnyMetaAreReadAsFarAsTheyGo() {
        assertThat(Tags.decode(Octets.hex("ff82a161a162a163"))).isEqualTo(Map.of("a", "b"));
        assertThat(Tags.decode(Octets.hex("ff82a161a162a16307"))).isEqualTo(Map.of("a", "b"));
        assertThat(Tags.decode(Octets.hex("ffdfffffffff"))).isEmpty();
        assertThat(Tags.decode(Octets.hex("ffc0"))).isEmpty();
        for (int i = 0; i < 20_000; i++) {
            byte[] hostile = Tags.encode(Map.of("role", "web", "dc", "east")).toArray();
            hostile[1 + random.nextInt(hostile.length - 1)] = (byte) random.nextInt(256);
            assertThat(Tags.decode(Octets.wrap(hostile)).size()).as(Seed.hint()).isLessThanOrEqualTo(8);
        }
    }

    private SerfMessage message() {
        return switch (KINDS.get(random.nextInt(KINDS.size()))) {
            case LEAVE -> new SerfMessage.Leave(random.nextLong(), text(), random.nextBoolean());
            case JOIN -> new SerfMessage.Join(random.nextLong(), text());
            case PUSH_PULL ->
                new SerfMessage.PushPullState(
                        random.nextLong(),
                        Map.of(text(), random.nextLong()),
                        texts(),
                        random.nextLong(),
                        List.of(Optional.empty(), Optional.of(slot()), Optional.empty()),
                        random.nextLong());
            case USER_EVENT -> new SerfMessage.UserEvent(random.nextLong(), text(), octets(90), random.nextBoolean());
            case QUERY ->
                new SerfMessage.Query(
                        random.nextLong(),
                        u32(),
                        address(),
                        text(),
                        random.nextBoolean() ? List.of() : List.of(octets(9), octets(60)),
                        u32(),
                        random.nextInt(256),
                        random.nextLong(),
                        text(),
                        octets(90));
            case QUERY_RESPONSE -> new SerfMessage.QueryResponse(random.nextLong(), u32(), text(), u32(), octets(90));
            case CONFLICT_RESPONSE ->
                new SerfMessage.ConflictResponse(random.nextBoolean() ? Optional.empty() : Optional.of(member()));
            case KEY_REQUEST -> new SerfMessage.KeyRequest(octets(40));
            case KEY_RESPONSE -> new SerfMessage.KeyResponse(random.nextBoolean(), text(), texts(), text());
            case RELAY -> new SerfMessage.Relay(address(), text(), text(), octets(90));
        };
    }

    private SerfMessage.MemberRecord member() {
        return new SerfMessage.MemberRecord(
                text(), address(), Map.of(text(), text()), random.nextInt(5), 1, 5, 2, 2, 5, random.nextInt(256));
    }

    private SerfMessage.EventSlot slot() {
        return new SerfMessage.EventSlot(random.nextLong(), List.of(new SerfMessage.Event(text(), octets(40))));
    }

    private NodeAddress address() {
        return new NodeAddress(Octets.wrap(Seed.bytes(random, 4 + 12 * random.nextInt(2))), random.nextInt(65_536));
    }

    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            texts.add(text());
        }
        return texts;
    }

    private String text() {
        return WireText.decode(octets(40));
    }

    private Octets octets(int bound) {
        return Octets.wrap(Seed.bytes(random, random.nextInt(bound)));
    }

    private long u32() {
        return random.nextLong() & U32_MAX;
    }

    private static String key(String name) {
        return String.format("%02x", 0xa0 | name.length()) + Octets.utf8(name).toHex();
    }

    private static Reason decode(String hex) {
        return ((DecodedSerf.Malformed) SerfCodec.decode(Octets.hex(hex), LIMITS)).reason();
    }

    @Test
    void theTagsOfAMemberKeepTheirOrderInEveryProcess() {
        Map<String, String> tags = new LinkedHashMap<>();
        for (String key : List.of("role", "dc", "id", "vsn", "build", "port", "acls")) {
            tags.put(key, "of " + key);
        }
        var member = new SerfMessage.MemberRecord("n1", new NodeAddress(Octets.empty(), 0), tags, 1, 1, 5, 2, 2, 5, 4);
        assertThat(member.tags().keySet()).containsExactly("role", "dc", "id", "vsn", "build", "port", "acls");
    }
}
