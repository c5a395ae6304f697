package io.sotto.wire.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.Vectors;
import io.sotto.wire.Vectors.Vector;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class SerfMessagesVectorTest {
    @TestFactory
    Stream<DynamicTest> messagesAreEqualWithTheRealOnesAndReadBack() {
        return Vectors.each("serf-messages.json", SerfMessagesVectorTest::check);
    }

    private static void check(Vector vector) {
        SerfMessage message = message(vector.input());
        Octets written = Octets.wrap(SerfCodec.encode(message));
        Octets expected = Vectors.bytes(vector.expected().path("hex"));
        assertThat(written.at(0)).isEqualTo(vector.input().path("type_id").asInt());
        // Map order is random on the wire, and nil and empty are the same: trees, not bytes.
        if (message.kind() == SerfMessage.Kind.RELAY) {
            assertThat(written).isEqualTo(expected);
        } else {
            assertThat(MsgpackTree.read(written, 1)).isEqualTo(MsgpackTree.read(expected, 1));
        }
        for (Octets encoded : Vectors.generations(vector.expected(), "hex")) {
            assertThat(SerfCodec.decode(encoded, Limits.defaults())).isEqualTo(new DecodedSerf.Message(message));
        }
        assertThat(SerfCodec.decode(written, Limits.defaults())).isEqualTo(new DecodedSerf.Message(message));
    }

    private static SerfMessage message(JsonNode input) {
        return input.has("inner")
                ? new SerfMessage.Relay(
                        new NodeAddress(
                                Vectors.bytes(input.path("dest_ip")),
                                input.path("dest_port").asInt()),
                        Vectors.text(input.path("dest_zone")),
                        Vectors.text(input.path("dest_name")),
                        Vectors.bytes(input.path("inner")))
                : MessageFields.serf(input.path("type_name").asText(), input.path("fields"));
    }
}
