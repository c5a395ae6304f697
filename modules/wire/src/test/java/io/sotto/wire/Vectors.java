package io.sotto.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Reads a vector file and makes one test of each of its records, whatever they are. */
public final class Vectors {
    private Vectors() {}

    /** One record: what went into the real program, and what came out. */
    public record Vector(String name, JsonNode input, JsonNode expected) {}

    /** One test for each record of {@code file}. */
    public static Stream<DynamicTest> each(String file, Consumer<Vector> claim) {
        return read(file).stream().map(vector -> DynamicTest.dynamicTest(vector.name(), () -> claim.accept(vector)));
    }

    public static List<Vector> read(String file) {
        List<Vector> vectors = new ArrayList<>();
        for (JsonNode record : document(file)) {
            vectors.add(new Vector(record.path("name").asText(), record.path("input"), record.path("expected")));
        }
        if (vectors.isEmpty()) {
            throw new IllegalStateException("vector file " + file + " has no records");
        }
        return vectors;
    }

    /** A vector file as it is, for those that are not lists of records. */
    public static JsonNode document(String file) {
        try (InputStream in = Objects.requireNonNull(
                Vectors.class.getResourceAsStream("/vectors/" + file), () -> "no vector file " + file)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A byte string, written as hexadecimal or as an object with it; null is the same as empty. */
    public static Octets bytes(JsonNode value) {
        if (value.isObject()) {
            return bytes(value.path("hex"));
        }
        if (value.isArray()) {
            byte[] bytes = new byte[value.size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) value.get(i).asInt();
            }
            return Octets.wrap(bytes);
        }
        return Octets.hex(value.isTextual() ? value.asText() : "");
    }

    /** Text, written as such or as an object with its bytes; null is the same as empty. */
    public static String text(JsonNode value) {
        return value.isObject() ? WireText.decode(bytes(value)) : value.isNull() ? "" : value.asText();
    }

    public static List<Octets> byteStrings(JsonNode list) {
        List<Octets> all = new ArrayList<>();
        list.forEach(element -> all.add(bytes(element)));
        return all;
    }

    /** The texts of a key and of its variant for the second generation of writers, where it is there. */
    public static List<Octets> generations(JsonNode expected, String key) {
        return Stream.of(key, key + "_go_msgpack_2")
                .filter(expected::has)
                .map(k -> bytes(expected.get(k)))
                .toList();
    }
}
