package io.sotto.membership;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Reads the committed vector files; see the gossip specification, section 20. */
public final class Vectors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Vectors() {}

    /** One record of a file. */
    public record Vector(String name, JsonNode input, JsonNode expected) {
        /** The only part of the name that means anything: it selects a rig. */
        public String rig() {
            int slash = name.indexOf('/');
            return slash < 0 ? name : name.substring(0, slash);
        }
    }

    /** What one record demands. */
    public interface Check {
        void run(Vector vector) throws Exception;
    }

    /** One test per record, in the order of the file. */
    public static Stream<DynamicTest> each(String file, Check check) {
        return read(file).stream().map(vector -> DynamicTest.dynamicTest(vector.name(), () -> check.run(vector)));
    }

    /** A key that is missing is not asserted; null equals an empty text. */
    public static void assertText(JsonNode expected, String key, String actual) {
        if (expected.has(key)) {
            assertThat(actual)
                    .as(key)
                    .isEqualTo(
                            expected.get(key).isNull() ? "" : expected.get(key).asText());
        }
    }

    /** A key that is missing is not asserted. */
    public static void assertNumber(JsonNode expected, String key, long actual) {
        if (expected.has(key)) {
            assertThat(actual).as(key).isEqualTo(expected.get(key).asLong());
        }
    }

    /** A key that is missing is not asserted. */
    public static void assertFlag(JsonNode expected, String key, boolean actual) {
        if (expected.has(key)) {
            assertThat(actual).as(key).isEqualTo(expected.get(key).asBoolean());
        }
    }

    /** A key that is missing is not asserted; null equals an empty list. */
    public static void assertTexts(JsonNode expected, String key, List<String> actual) {
        if (expected.has(key)) {
            assertThat(actual).as(key).isEqualTo(texts(expected.get(key)));
        }
    }

    /** The texts of a list; null is none. */
    public static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static List<Vector> read(String file) {
        try (InputStream in = Objects.requireNonNull(Vectors.class.getResourceAsStream("/vectors/" + file), file)) {
            List<Vector> vectors = new ArrayList<>();
            for (JsonNode record : JSON.readTree(in)) {
                vectors.add(new Vector(record.get("name").asText(), record.get("input"), record.get("expected")));
            }
            assertThat(vectors).as("records of " + file).isNotEmpty();
            return vectors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
