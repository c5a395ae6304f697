package io.sotto.wire.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.wire.Octets;
import io.sotto.wire.Vectors;
import io.sotto.wire.Vectors.Vector;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class TagsVectorTest {
    private static final int FIRST_PROTOCOL_WITH_TAGS = 3;

    @TestFactory
    Stream<DynamicTest> tagsAreWrittenAsTheRealOnesUpToTheOrderOfTheMap() {
        return Vectors.each("serf-tags-encode.json", TagsVectorTest::checkWritten);
    }

    @TestFactory
    Stream<DynamicTest> tagsAreReadAsFarAsTheyCanBe() {
        return Vectors.each("serf-tags-decode.json", vector -> {
            JsonNode expected = vector.expected();
            assertThat(Tags.decode(Vectors.bytes(vector.input().path("meta"))))
                    .isEqualTo(tags(
                            expected.has("tags_go_msgpack_2")
                                    ? expected.path("tags_go_msgpack_2")
                                    : expected.path("tags")));
        });
    }

    private static void checkWritten(Vector vector) {
        Map<String, String> tags = tags(vector.input().path("tags"));
        boolean hasTags = vector.input().path("serf_protocol").asInt() >= FIRST_PROTOCOL_WITH_TAGS;
        Octets meta = hasTags ? Tags.encode(tags) : Tags.encodeRole(tags);
        Octets real = Vectors.bytes(vector.expected().path("meta"));
        assertThat(meta.length()).isEqualTo(vector.expected().path("length").asInt());
        assertThat(Tags.decode(meta)).isEqualTo(tags(vector.expected().path("decoded")));
        assertThat(Tags.decode(real)).isEqualTo(tags(vector.expected().path("decoded")));
        if (tags.size() <= 1 || !hasTags) {
            assertThat(meta).isEqualTo(real);
        }
    }

    private static Map<String, String> tags(JsonNode json) {
        Map<String, String> tags = new LinkedHashMap<>();
        json.properties().forEach(tag -> tags.put(tag.getKey(), Vectors.text(tag.getValue())));
        return tags;
    }
}
