package io.sotto.agent.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An immutable JSON value.
 *
 * <p>Objects keep the order in which their fields were given. Reading a field that is missing gives an empty value of the
 * kind asked for, so that an answer from an older or newer agent still prints. Safe to share between threads. Source: ours.
 */
public sealed interface Json {

    /** A JSON object in the order of its text. */
    record Fields(Map<String, Json> fields) implements Json {
        public Fields {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /** A JSON array. */
    record Elements(List<Json> elements) implements Json {
        public Elements {
            elements = List.copyOf(elements);
        }
    }

    /** A JSON string. */
    record Text(String value) implements Json {}

    /** A JSON number as it was written. */
    record Numeral(String literal) implements Json {}

    /** A JSON boolean. */
    record Bool(boolean value) implements Json {}

    /** JSON null. */
    enum Nothing implements Json {
        INSTANCE
    }

    static Json of(String value) {
        return new Text(value);
    }

    static Json of(long value) {
        return new Numeral(Long.toString(value));
    }

    static Json of(boolean value) {
        return new Bool(value);
    }

    /** An array of strings. */
    static Json of(List<String> values) {
        List<Json> elements = new ArrayList<>();
        for (String value : values) {
            elements.add(new Text(value));
        }
        return new Elements(elements);
    }

    /** An object of strings, in the map's order. */
    static Json of(Map<String, String> values) {
        Map<String, Json> fields = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : values.entrySet()) {
            fields.put(entry.getKey(), new Text(entry.getValue()));
        }
        return new Fields(fields);
    }

    /** Reads one value; the text must hold nothing else. */
    static Json parse(String text) throws JsonException {
        return JsonReader.read(text, JsonTree.INSTANCE);
    }

    /** The field of this object, or {@link Nothing} if there is none or this is no object. */
    default Json get(String name) {
        Json found = this instanceof Fields object ? object.fields().get(name) : null;
        return found == null ? Nothing.INSTANCE : found;
    }

    /** The fields of this object; empty if this is no object. */
    default Map<String, Json> asFields() {
        return this instanceof Fields object ? object.fields() : Map.of();
    }

    /** The elements of this array; empty if this is no array. */
    default List<Json> asElements() {
        return this instanceof Elements array ? array.elements() : List.of();
    }

    /** This string, number or boolean as text; empty for anything else. */
    default String asText() {
        if (this instanceof Text text) {
            return text.value();
        }
        if (this instanceof Numeral number) {
            return number.literal();
        }
        return this instanceof Bool bool ? Boolean.toString(bool.value()) : "";
    }

    /** This number as an integer; 0 if it is none. */
    default long asLong() {
        if (this instanceof Numeral number) {
            try {
                return Long.parseLong(number.literal());
            } catch (NumberFormatException fractionOrHuge) {
                return (long) Double.parseDouble(number.literal());
            }
        }
        return 0;
    }

    /** Without any space, as the HTTP API answers. */
    default String compact() {
        return JsonWriter.write(this, "");
    }

    /** Over several lines, indented by two spaces a level, as the verbs print. */
    default String pretty() {
        return JsonWriter.write(this, "  ");
    }
}
