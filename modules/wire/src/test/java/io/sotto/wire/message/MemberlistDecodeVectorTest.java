package io.sotto.wire.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.Vectors;
import io.sotto.wire.Vectors.Vector;
import io.sotto.wire.msgpack.MsgpackReader;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class MemberlistDecodeVectorTest {
    private static final Limits LIMITS = Limits.defaults();

    @TestFactory
    Stream<DynamicTest> whatEitherGenerationReadsIsReadAndNothingElse() {
        return Vectors.each("memberlist-decode.json", MemberlistDecodeVectorTest::check);
    }

    private static void check(Vector vector) {
        JsonNode expected = vector.expected();
        Octets bytes = Vectors.bytes(vector.input().path("hex"));
        String target = vector.input().path("target").asText();
        Optional<Object> read = read(target, bytes);
        if (expected.path("accepted").asBoolean()) {
            assertThat(read).contains(expected(target, expected.path("fields")));
        } else if (expected.path("accepted_go_msgpack_2").asBoolean()) {
            assertThat(read).contains(expected(target, expected.path("fields_go_msgpack_2")));
        } else {
            assertThat(read).isEmpty();
        }
    }

    private static Optional<Object> read(String target, Octets bytes) {
        MsgpackReader in = new MsgpackReader(bytes, 0, LIMITS.msgpackMaxDepth());
        switch (target) {
            case "pushPullHeader" -> {
                PushPullCodec.Header header = PushPullCodec.readHeader(in);
                return in.hasFailed() ? Optional.empty() : Optional.of(header);
            }
            case "pushNodeState" -> {
                return PushPullCodec.readNode(in, LIMITS).map(node -> node);
            }
            case "userMsgHeader" -> {
                long length = UserMessageHeader.read(in);
                return in.hasFailed() ? Optional.empty() : Optional.of(length);
            }
            default -> {
                Decoded decoded = SwimCodec.decodeBody(typeOf(target), in, LIMITS);
                return decoded instanceof Decoded.Message message ? Optional.of(message.message()) : Optional.empty();
            }
        }
    }

    private static Object expected(String target, JsonNode fields) {
        return switch (target) {
            case "pushPullHeader" -> MessageFields.header(fields);
            case "pushNodeState" -> MessageFields.node(fields);
            case "userMsgHeader" -> fields.path("UserMsgLen").asLong();
            default -> MessageFields.swim(target, fields);
        };
    }

    private static int typeOf(String target) {
        return MessageFields.swim(target, com.fasterxml.jackson.databind.node.MissingNode.getInstance())
                .kind()
                .code();
    }
}
