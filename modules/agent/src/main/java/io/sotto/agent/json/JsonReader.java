package io.sotto.agent.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A strict reader of one JSON text.
 *
 * <p>Comments, trailing commas, single quotes and text after the value are refused, in the words of Go's decoder, because
 * operators search the web for those. Nesting is bounded by {@link #MAX_DEPTH}. Not thread safe; one reader reads one
 * text. Source: RFC 8259; texts after Go's encoding/json.
 *
 * @param <T> what the {@link JsonShape} builds
 */
public final class JsonReader<T> {
    /** How deep arrays and objects may nest; far more than any configuration or answer of an agent needs. */
    public static final int MAX_DEPTH = 64;

    private static final String VALUE = "looking for beginning of value";

    private final String text;
    private final JsonShape<T> shape;
    private int at;
    private int line = 1;

    private JsonReader(String text, JsonShape<T> shape) {
        this.text = text;
        this.shape = shape;
    }

    /** Reads the whole text as one value. */
    public static <T> T read(String text, JsonShape<T> shape) throws JsonException {
        JsonReader<T> reader = new JsonReader<>(text, shape);
        T value = reader.value(0);
        reader.skipSpace();
        if (reader.at < text.length()) {
            throw reader.unexpected("after top-level value");
        }
        return value;
    }

    private T value(int depth) throws JsonException {
        if (depth > MAX_DEPTH) {
            throw new JsonException("exceeded max depth of " + MAX_DEPTH, line);
        }
        skipSpace();
        int start = line;
        char c = peek(VALUE);
        return switch (c) {
            case '{' -> object(depth, start);
            case '[' -> array(depth, start);
            case '"' -> shape.text(string(), start);
            case 't' -> {
                literal("true");
                yield shape.bool(true, start);
            }
            case 'f' -> {
                literal("false");
                yield shape.bool(false, start);
            }
            case 'n' -> {
                literal("null");
                yield shape.nothing(start);
            }
            default -> {
                if (c != '-' && !isDigit(c)) {
                    throw unexpected(VALUE);
                }
                yield shape.number(number(), start);
            }
        };
    }

    private T object(int depth, int start) throws JsonException {
        at++;
        Map<String, T> fields = new LinkedHashMap<>();
        skipSpace();
        if (peek("looking for beginning of object key string") == '}') {
            at++;
            return shape.object(fields, start);
        }
        while (true) {
            skipSpace();
            if (peek("looking for beginning of object key string") != '"') {
                throw unexpected("looking for beginning of object key string");
            }
            String key = string();
            skipSpace();
            if (peek("after object key") != ':') {
                throw unexpected("after object key");
            }
            at++;
            fields.put(key, value(depth + 1));
            skipSpace();
            char next = peek("after object key:value pair");
            if (next != ',' && next != '}') {
                throw unexpected("after object key:value pair");
            }
            at++;
            if (next == '}') {
                return shape.object(fields, start);
            }
        }
    }

    private T array(int depth, int start) throws JsonException {
        at++;
        List<T> elements = new ArrayList<>();
        skipSpace();
        if (peek(VALUE) == ']') {
            at++;
            return shape.array(elements, start);
        }
        while (true) {
            elements.add(value(depth + 1));
            skipSpace();
            char next = peek("after array element");
            if (next != ',' && next != ']') {
                throw unexpected("after array element");
            }
            at++;
            if (next == ']') {
                return shape.array(elements, start);
            }
        }
    }

    private String string() throws JsonException {
        at++;
        StringBuilder out = new StringBuilder();
        while (true) {
            char c = peek("in string literal");
            if (c < ' ') {
                throw unexpected("in string literal");
            }
            at++;
            if (c == '"') {
                return out.toString();
            }
            out.append(c == '\\' ? escape() : c);
        }
    }

    private char escape() throws JsonException {
        char c = peek("in string escape code");
        if ("\"\\/bfnrtu".indexOf(c) < 0) {
            throw unexpected("in string escape code");
        }
        at++;
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> c;
        };
    }

    private char unicode() throws JsonException {
        int code = 0;
        for (int i = 0; i < 4; i++, at++) {
            int digit = Character.digit(peek("in \\u hexadecimal character escape"), 16);
            if (digit < 0) {
                throw unexpected("in \\u hexadecimal character escape");
            }
            code = (code << 4) | digit;
        }
        return (char) code;
    }

    private String number() throws JsonException {
        int start = at;
        if (text.charAt(at) == '-') {
            at++;
        }
        if (peek("in numeric literal") == '0') {
            at++;
        } else {
            digits("in numeric literal");
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            digits("after decimal point in numeric literal");
        }
        if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            digits("in exponent of numeric literal");
        }
        return text.substring(start, at);
    }

    private void digits(String where) throws JsonException {
        if (!isDigit(peek(where))) {
            throw unexpected(where);
        }
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
    }

    private void literal(String word) throws JsonException {
        for (int i = 0; i < word.length(); i++, at++) {
            if (peek(VALUE) != word.charAt(i)) {
                throw unexpected("in literal " + word + " (expecting '" + word.charAt(i) + "')");
            }
        }
    }

    private void skipSpace() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
            } else if (c != ' ' && c != '\t' && c != '\r') {
                return;
            }
            at++;
        }
    }

    private char peek(String where) throws JsonException {
        if (at >= text.length()) {
            throw new JsonException("unexpected end of JSON input " + where, line);
        }
        return text.charAt(at);
    }

    private JsonException unexpected(String where) {
        char c = text.charAt(at);
        String shown = c == '\'' ? "'\\''" : c == '"' ? "'\"'" : c == '\n' ? "'\\n'" : "'" + c + "'";
        return new JsonException("invalid character " + shown + " " + where, line);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
