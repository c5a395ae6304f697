package io.sotto.wire.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.Vectors;
import io.sotto.wire.Vectors.Vector;
import io.sotto.wire.WireText;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.KeyringChange;
import io.sotto.wire.crypto.Opened;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.Decoded;
import io.sotto.wire.message.DecodedSerf;
import io.sotto.wire.message.MessageFields;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.packet.Checksum;
import io.sotto.wire.packet.Label;
import io.sotto.wire.packet.Unwrapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Captured traffic of real agents goes through the whole way in, and every message survives the way out. */
class LiveTrafficVectorTest {
    private static final Limits LIMITS = Limits.defaults();

    @TestFactory
    Stream<DynamicTest> plain() {
        return each("live-plain.json");
    }

    @TestFactory
    Stream<DynamicTest> plainUncompressed() {
        return each("live-plain-uncompressed.json");
    }

    @TestFactory
    Stream<DynamicTest> encrypted32() {
        return each("live-encrypted-32.json");
    }

    @TestFactory
    Stream<DynamicTest> keyRotation() {
        return each("live-key-rotation.json");
    }

    @TestFactory
    Stream<DynamicTest> failure() {
        return each("live-failure.json");
    }

    @TestFactory
    Stream<DynamicTest> consulLan() {
        return each("live-consul-lan.json");
    }

    /** The first record names the keys and the label of all that follow. */
    private static Stream<DynamicTest> each(String file) {
        JsonNode scenario = Vectors.read(file).get(0).input();
        List<GossipKey> keys = new ArrayList<>();
        Vectors.byteStrings(scenario.path("keys_hex")).forEach(key -> keys.add(GossipKey.of(key.toArray())));
        KeyringChange ring = Keyring.create(keys.stream().findFirst(), keys);
        Octets label = WireText.encode(Vectors.text(scenario.path("label")));
        Optional<Keyring> keyring = Optional.of(((KeyringChange.Done) ring).ring());
        StreamPolicy policy = new StreamPolicy(keyring, true, true, label, false, true);
        return Vectors.each(file, vector -> check(vector, policy));
    }

    private static void check(Vector vector, StreamPolicy policy) {
        switch (vector.input().path("transport").asText()) {
            case "udp" -> checkDatagram(vector, policy);
            case "tcp" -> checkStream(vector, policy);
            default ->
                assertThat(vector.input().has("hex"))
                        .as("a record with bytes names its transport")
                        .isFalse();
        }
    }

    private static void checkDatagram(Vector vector, StreamPolicy policy) {
        List<Octets> messages = unwrap(Vectors.bytes(vector.input().path("hex")), policy);
        JsonNode expected = vector.expected().path("messages");
        assertThat(messages).hasSize(expected.size());
        for (int i = 0; i < messages.size(); i++) {
            checkMessage(messages.get(i), expected.get(i));
        }
    }

    private static List<Octets> unwrap(Octets datagram, StreamPolicy policy) {
        Label.Admitted admitted = Label.admit(datagram, policy.label(), false);
        Octets rest = ((Label.Admitted.Rest) admitted).rest();
        if (policy.isKeyed()) {
            Opened opened = new Opener().open(policy.ring().orElseThrow(), rest, policy.label());
            rest = ((Opened.Plain) opened).plain();
        }
        rest = ((Checksum.Verified.Intact) Checksum.verify(rest)).rest();
        Unwrapper.Unwrapped unwrapped = Unwrapper.unwrap(rest, LIMITS);
        assertThat(unwrapped.faults()).isEmpty();
        return unwrapped.messages();
    }

    private static void checkMessage(Octets bytes, JsonNode expected) {
        assertThat(bytes).isEqualTo(Vectors.bytes(expected.path("hex")));
        Decoded decoded = SwimCodec.decode(bytes, LIMITS);
        assertThat(decoded).isInstanceOf(Decoded.Message.class);
        SwimMessage message = ((Decoded.Message) decoded).message();
        assertThat(SwimCodec.decode(Octets.wrap(SwimCodec.encode(message)), LIMITS))
                .isEqualTo(decoded);
        if (message instanceof SwimMessage.User user) {
            if (expected.has("serf")) {
                checkSerf(user.body(), expected.path("serf").asText(), expected.path("fields"));
            }
        } else {
            assertThat(message)
                    .isEqualTo(MessageFields.swim(expected.path("type").asText(), expected.path("fields")));
        }
    }

    private static void checkSerf(Octets body, String type, JsonNode fields) {
        DecodedSerf decoded = SerfCodec.decode(body, LIMITS);
        assertThat(decoded).isInstanceOf(DecodedSerf.Message.class);
        SerfMessage message = ((DecodedSerf.Message) decoded).message();
        assertThat(SerfCodec.decode(Octets.wrap(SerfCodec.encode(message)), LIMITS))
                .isEqualTo(decoded);
        if (message instanceof SerfMessage.PushPullState state
                && fields.path("Events").isObject()) {
            // Captures show the ring buffer abbreviated: how many slots, and those that are not nil.
            JsonNode events = fields.path("Events");
            assertThat(state.events()).hasSize(events.path("slots").asInt());
            assertThat(state.events().stream().filter(Optional::isPresent))
                    .hasSize(events.path("non_nil").size());
            SerfMessage.PushPullState expected = (SerfMessage.PushPullState) MessageFields.serf(type, fields);
            assertThat(List.of(state.ltime(), state.eventLTime(), state.queryLTime()))
                    .isEqualTo(List.of(expected.ltime(), expected.eventLTime(), expected.queryLTime()));
            assertThat(state.statusLTimes()).isEqualTo(expected.statusLTimes());
            assertThat(state.leftMembers()).isEqualTo(expected.leftMembers());
        } else if (!(message instanceof SerfMessage.Relay)) {
            assertThat(message).isEqualTo(MessageFields.serf(type, fields));
        }
    }

    private static void checkStream(Vector vector, StreamPolicy policy) {
        JsonNode expected = vector.expected();
        StreamRole role = vector.input().path("direction").asText().equals("client_to_server")
                ? StreamRole.REQUEST
                : StreamRole.ANSWER;
        StreamProgress progress = read(Vectors.bytes(vector.input().path("hex")), role, policy);
        assertThat(progress).isInstanceOf(StreamProgress.Complete.class);
        StreamProgress.Complete complete = (StreamProgress.Complete) progress;
        assertThat(complete.sealed()).isEqualTo(expected.path("encrypted").asBoolean());
        assertThat(complete.droppedRecords()).isZero();
        if (complete.message() instanceof StreamMessage.Exchange exchange) {
            checkExchange(exchange.state(), expected);
        } else if (expected.has("fields") && !expected.path("type").asText().equals("user")) {
            assertThat(complete.message())
                    .isEqualTo(new StreamMessage.Swim(
                            MessageFields.swim(expected.path("type").asText(), expected.path("fields"))));
        }
        byte[] written = StreamWriter.encode(complete.message(), role, policy, new Sealer((target, offset) -> {}));
        assertThat(read(Octets.wrap(written), role, policy)).isEqualTo(complete);
    }

    private static StreamProgress read(Octets bytes, StreamRole role, StreamPolicy policy) {
        return new StreamReader(role, policy, LIMITS, new Opener()).feed(bytes);
    }

    private static void checkExchange(PushPull state, JsonNode expected) {
        assertThat(expected.path("type").asText()).isEqualTo("pushPull");
        assertThat(state.join()).isEqualTo(expected.path("header").path("Join").asBoolean());
        List<PushPull.Node> nodes = new ArrayList<>();
        expected.path("nodes").forEach(node -> nodes.add(MessageFields.node(node)));
        assertThat(state.nodes()).isEqualTo(nodes);
        assertThat(state.userState()).isEqualTo(Vectors.bytes(expected.path("user_state")));
        if (expected.has("user_state_decoded")) {
            JsonNode decoded = expected.path("user_state_decoded");
            checkSerf(state.userState(), decoded.path("serf").asText(), decoded.path("fields"));
        }
    }
}
