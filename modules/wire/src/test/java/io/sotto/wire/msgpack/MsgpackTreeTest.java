package io.sotto.wire.msgpack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.wire.Octets;
import io.sotto.wire.Vectors;
import io.sotto.wire.WireText;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MsgpackTreeTest {
    /** Objects as texts that Java's collections print. */
    private static final class Printed implements MsgpackTree.Shape<String> {
        @Override
        public String nil() {
            return "nil";
        }

        @Override
        public String bool(boolean value) {
            return Boolean.toString(value);
        }

        @Override
        public String whole(long value) {
            return Long.toString(value);
        }

        @Override
        public String fraction(double value) {
            return Double.toString(value);
        }

        @Override
        public String raw(Octets value) {
            return "'" + WireText.decode(value) + "'";
        }

        @Override
        public String binary(Octets value) {
            return "bin " + value.toHex();
        }

        @Override
        public String list(List<String> elements) {
            return elements.toString();
        }

        @Override
        public String map(Map<String, String> entries) {
            return entries.toString();
        }
    }

    private static String printed(String hex) {
        return MsgpackTree.read(Octets.hex(hex), new Printed()).orElse("nothing");
    }

    /** How often each of the values that a recorded body has comes in it, whatever their order. */
    @TestFactory
    Stream<DynamicTest> readsEveryBodyOfARealCallToItsEnd() {
        return Stream.of(Vectors.document("rpc-calls.json").path("vectors"))
                .flatMap(calls ->
                        Stream.iterate(0, i -> i < calls.size(), i -> i + 1).map(calls::get))
                .map(call -> DynamicTest.dynamicTest(call.path("method").asText(), () -> {
                    for (String side : List.of("request", "response")) {
                        JsonNode body = call.path(side + "_body");
                        String read = printed(call.path(side + "_body_hex").asText());
                        assertThat(read).isNotEqualTo("nothing");
                        if (body.isObject()) {
                            body.fieldNames()
                                    .forEachRemaining(name -> assertThat(read).contains(name + "="));
                        } else if (body.isTextual()) {
                            assertThat(read).isEqualTo("'" + body.asText() + "'");
                        }
                    }
                }));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7f|127",
                "ff|-1",
                "d080|-128",
                "d2fffffffe|-2",
                "cfffffffffffffffff|1.8446744073709552E19",
                "cb3ff8000000000000|1.5",
                "ca3fc00000|1.5",
                "d90161|'a'",
                "c40161|bin 61",
                "dc000101|[1]",
                "de0001a161c3|{a=true}",
                "c0|nil"
            })
    void readsEveryFamily(String hex, String text) {
        assertThat(printed(hex)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "c1", "a2", "81", "8101", "dfffffffff", "ddffffffff", "dbffffffffff", "0000", "d6"})
    void whatIsNotOneWholeObjectIsNothing(String hex) {
        assertThat(printed(hex)).isEqualTo("nothing");
    }

    @Test
    void nestingHasAnEnd() {
        assertThat(printed("91".repeat(31) + "00")).startsWith("[[[");
        assertThat(printed("91".repeat(100_000) + "00")).isEqualTo("nothing");
    }
}
