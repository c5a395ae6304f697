package io.sotto.wire.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.Vectors;
import io.sotto.wire.Vectors.Vector;
import io.sotto.wire.WireText;
import io.sotto.wire.crypto.EnvelopeVersion;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.Decoded;
import io.sotto.wire.message.MessageFields;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class StreamSendVectorTest {
    @TestFactory
    Stream<DynamicTest> streamsAreByteEqualWithTheRealOnesAndReadBack() {
        return Vectors.each("stream-send.json", StreamSendVectorTest::check);
    }

    private static void check(Vector vector) {
        JsonNode input = vector.input();
        StreamMessage message = message(input);
        Octets stream = Vectors.bytes(vector.expected().path("stream"));
        // The real program wrote some answers on a fresh, labelled connection: what it wrote tells the role.
        StreamRole role = stream.at(0) == 244 ? StreamRole.REQUEST : roleOf(message);
        StreamPolicy policy = policy(input);
        Octets nonce = Vectors.bytes(input.path("nonce"));
        EnvelopeVersion version = input.path("protocol_version").asInt() < 2 ? EnvelopeVersion.V0 : EnvelopeVersion.V1;
        assertThat(Octets.wrap(StreamWriter.encode(message, role, policy, new Sealer(nonce::copyTo, version))))
                .isEqualTo(stream);
        if (role == roleOf(message)) {
            boolean isSealed = policy.isKeyed() && policy.verifyOutgoing();
            StreamPolicy reading =
                    new StreamPolicy(policy.ring(), isSealed, true, policy.label(), false, policy.compression());
            for (Octets bytes : Vectors.generations(vector.expected(), "stream")) {
                StreamReader reader = new StreamReader(role, reading, Limits.defaults(), new Opener());
                assertThat(reader.feed(bytes)).isEqualTo(new StreamProgress.Complete(message, isSealed, 0));
            }
        }
    }

    private static StreamRole roleOf(StreamMessage message) {
        return message instanceof StreamMessage.Swim swim
                        && (swim.message() instanceof SwimMessage.Ack || swim.message() instanceof SwimMessage.Err)
                ? StreamRole.ANSWER
                : StreamRole.REQUEST;
    }

    private static StreamPolicy policy(JsonNode input) {
        Optional<Keyring> ring = input.path("key").isTextual()
                ? Optional.of(
                        Keyring.of(GossipKey.of(Vectors.bytes(input.path("key")).toArray())))
                : Optional.empty();
        return new StreamPolicy(
                ring,
                true,
                input.path("verify_outgoing").asBoolean(),
                WireText.encode(Vectors.text(input.path("label"))),
                false,
                input.path("compression").asBoolean());
    }

    private static StreamMessage message(JsonNode input) {
        String kind = input.path("kind").asText();
        if (input.has("nodes")) {
            List<PushPull.Node> nodes = new ArrayList<>();
            input.path("nodes").forEach(node -> nodes.add(MessageFields.node(node)));
            return new StreamMessage.Exchange(new PushPull(
                    kind.endsWith("join") || isJoin(input), nodes, Vectors.bytes(input.path("user_state"))));
        }
        if (input.has("payload")) {
            return new StreamMessage.Swim(new SwimMessage.User(Vectors.bytes(input.path("payload"))));
        }
        Decoded decoded = SwimCodec.decode(Vectors.bytes(input.path("message")), Limits.defaults());
        return new StreamMessage.Swim(((Decoded.Message) decoded).message());
    }

    /** The kinds without user state do not say whether they join; their message does. */
    private static boolean isJoin(JsonNode input) {
        return Vectors.bytes(input.path("message"))
                .toHex()
                .contains(Octets.utf8("Join").toHex() + "c3");
    }
}
