package io.sotto.agent.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "-1.5e+10",
                "{\"a\":[1,true,null,\"x\"],\"b\":{\"c\":\"\"}}",
                "\"\\\"\\\\\\n\\r\\t\\u0001é\""
            })
    void whatIsReadIsWrittenAgain(String text) throws Exception {
        Json json = Json.parse(text);
        assertThat(json.compact()).isEqualTo(text);
        assertThat(Json.parse(json.pretty())).isEqualTo(json);
    }

    @Test
    void prettyIndentsByTwoSpaces() throws Exception {
        assertThat(Json.parse("{\"a\":[1,{}],\"b\":[]}").pretty())
                .isEqualTo("{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
    }

    @Test
    void escapesAndSurrogatesAreRead() throws Exception {
        assertThat(Json.parse("\"\\u00e9\\ud83d\\ude00\\/\\b\\f\"").asText()).isEqualTo("é😀/\b\f");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ bogus: 1}|invalid character 'b' looking for beginning of object key string",
                "x|invalid character 'x' looking for beginning of value",
                "{\"a\":1,}|invalid character '}' looking for beginning of object key string",
                "{\"a\" 1}|invalid character '1' after object key",
                "{\"a\":1 2}|invalid character '2' after object key:value pair",
                "[1 2]|invalid character '2' after array element",
                "[1,]|invalid character ']' looking for beginning of value",
                "{} x|invalid character 'x' after top-level value",
                "01|invalid character '1' after top-level value",
                "tru|unexpected end of JSON input looking for beginning of value",
                "nul1|invalid character '1' in literal null (expecting 'l')",
                "\"\\x\"|invalid character 'x' in string escape code",
                "1.|unexpected end of JSON input after decimal point in numeric literal",
                "// no|invalid character '/' looking for beginning of value"
            })
    void aFaultIsToldInGosWords(String text, String fault) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(JsonException.class)
                .hasMessage(fault);
    }

    @Test
    void aFaultKnowsItsLine() {
        assertThatThrownBy(() -> Json.parse("{\n\n  \"a\": nope\n}"))
                .isInstanceOfSatisfying(
                        JsonException.class, e -> assertThat(e.line()).isEqualTo(3));
    }

    @Test
    void nestingIsBounded() throws Exception {
        int depth = JsonReader.MAX_DEPTH;
        assertThat(Json.parse("[".repeat(depth) + "]".repeat(depth)).asElements())
                .hasSize(1);
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000)))
                .isInstanceOf(JsonException.class)
                .hasMessageStartingWith("exceeded max depth");
    }

    @Test
    void whatIsMissingReadsAsEmpty() throws Exception {
        Json json = Json.parse("{\"n\": 7, \"f\": 1.9}");
        assertThat(json.get("n").asLong()).isEqualTo(7);
        assertThat(json.get("f").asLong()).isEqualTo(1);
        assertThat(json.get("x").get("y").asText()).isEmpty();
        assertThat(json.get("x").asLong()).isZero();
        assertThat(json.asElements()).isEmpty();
        assertThat(Json.of(List.of("a")).asFields()).isEmpty();
        assertThat(Json.of(Map.of("k", "v")).compact()).isEqualTo("{\"k\":\"v\"}");
    }
}
