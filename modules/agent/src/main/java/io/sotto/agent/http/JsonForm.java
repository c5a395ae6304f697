package io.sotto.agent.http;

import io.sotto.agent.json.Json;
import io.sotto.wire.record.Nil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How a struct of the wire looks in JSON: which fields, in which order, and what is left out or empty rather than null. Reads
 * JSON as Consul does, too: names however they are capitalised, and none that is not known. Immutable. Source: golden/http-servers.
 */
final class JsonForm {
    private static final String OMITTED = "?";
    private static final String LIST = "[]";
    private static final String MAP = "{}";

    /** What stands for a field that is not set. */
    private enum Absent {
        NULL,
        LEFT_OUT,
        EMPTY_LIST,
        EMPTY_MAP
    }

    private record Field(String name, Absent absent, Optional<JsonForm> form) {}

    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final Map<String, String> spellings = new LinkedHashMap<>();
    private final Set<String> durations;

    private JsonForm(Set<String> durations) {
        this.durations = durations;
    }

    /**
     * A form of fields by their names on the wire.
     *
     * @param fields each a name; one that ends in {@code ?} is left out where it is zero, in {@code []} or {@code {}} empty
     *     where it is nil
     */
    static JsonForm of(String... fields) {
        JsonForm form = new JsonForm(Set.of());
        for (String field : fields) {
            if (field.endsWith(OMITTED)) {
                form.add(new Field(cut(field, OMITTED), Absent.LEFT_OUT, Optional.empty()));
            } else if (field.endsWith(LIST)) {
                form.add(new Field(cut(field, LIST), Absent.EMPTY_LIST, Optional.empty()));
            } else if (field.endsWith(MAP)) {
                form.add(new Field(cut(field, MAP), Absent.EMPTY_MAP, Optional.empty()));
            } else {
                form.add(new Field(field, Absent.NULL, Optional.empty()));
            }
        }
        return form;
    }

    /** The same, with a field whose value, or each of whose values in a list or a map, has a form of its own. */
    JsonForm with(String name, JsonForm nested) {
        JsonForm form = new JsonForm(durations);
        fields.values()
                .forEach(field -> form.add(
                        field.name().equals(name) ? new Field(name, field.absent(), Optional.of(nested)) : field));
        return form;
    }

    /** The same, with these fields as durations in Go's words rather than in nanoseconds. */
    JsonForm inWords(String... names) {
        JsonForm form = new JsonForm(Set.of(names));
        fields.values().forEach(form::add);
        return form;
    }

    private void add(Field field) {
        fields.put(field.name(), field);
        spellings.put(field.name().toLowerCase(Locale.ROOT), field.name());
    }

    /** The JSON of a struct that a codec made a tree of. */
    Json json(Object tree) {
        if (!(tree instanceof Map<?, ?> struct)) {
            return RpcJson.json(tree);
        }
        Map<String, Json> json = new LinkedHashMap<>();
        for (Field field : fields.values()) {
            Object value = field(struct, field.name());
            if (field.absent() == Absent.LEFT_OUT && isZero(value)) {
                continue;
            }
            json.put(
                    field.name(),
                    value instanceof Number nanos && durations.contains(field.name())
                            ? Json.of(DebugConfig.duration(Duration.ofNanos(nanos.longValue())))
                            : value(field, value));
        }
        return new Json.Fields(json);
    }

    /** A field of a struct that a codec made a tree of; nil where it is not there. */
    static Object field(Object tree, String name) {
        Object found = tree instanceof Map<?, ?> struct ? struct.get(name) : null;
        return found == null ? Nil.NIL : found;
    }

    /** The JSON of a list of such structs, an empty list for nil. */
    Json list(Object tree) {
        return each(tree);
    }

    private static Json value(Field field, Object value) {
        if (Nil.isNil(value)) {
            return switch (field.absent()) {
                case NULL, LEFT_OUT -> Json.Nothing.INSTANCE;
                case EMPTY_LIST -> new Json.Elements(List.of());
                case EMPTY_MAP -> new Json.Fields(Map.of());
            };
        }
        return field.form().map(form -> form.nested(value)).orElseGet(() -> leaf(value));
    }

    private static Json leaf(Object value) {
        if (value instanceof Double number) {
            return GoNumber.of(number);
        }
        if (value instanceof Map<?, ?> map) {
            // Go writes maps in the order of their keys.
            Map<String, Json> sorted = new TreeMap<>();
            map.forEach((name, each) -> sorted.put(String.valueOf(name), leaf(each)));
            return new Json.Fields(sorted);
        }
        return value instanceof List<?> list
                ? new Json.Elements(list.stream().map(JsonForm::leaf).toList())
                : RpcJson.json(value);
    }

    private Json nested(Object value) {
        if (value instanceof List<?>) {
            return each(value);
        }
        return json(value);
    }

    private Json each(Object tree) {
        List<Json> elements = new ArrayList<>();
        if (tree instanceof List<?> list) {
            list.forEach(element -> elements.add(json(element)));
        }
        return new Json.Elements(elements);
    }

    private static boolean isZero(Object value) {
        return Nil.isNil(value)
                || value.equals("")
                || value.equals(false)
                || (value instanceof Number number && number.doubleValue() == 0)
                || (value instanceof List<?> list && list.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    /** A tree of what somebody wrote, with names as the wire has them. */
    Object tree(Json json) throws BadBodyException {
        if (!(json instanceof Json.Fields object)) {
            return RpcJson.tree(json);
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        for (Map.Entry<String, Json> written : object.fields().entrySet()) {
            String name = spellings.get(written.getKey().toLowerCase(Locale.ROOT));
            if (name == null) {
                throw new BadBodyException("json: unknown field \"" + written.getKey() + "\"");
            }
            if (written.getValue() != Json.Nothing.INSTANCE) {
                tree.put(name, value(name, written.getValue()));
            }
        }
        return tree;
    }

    private Object value(String name, Json json) throws BadBodyException {
        Field field = fields.get(name);
        if (field == null || field.form().isEmpty()) {
            return RpcJson.tree(json);
        }
        JsonForm nested = field.form().get();
        if (!(json instanceof Json.Elements array)) {
            return nested.tree(json);
        }
        List<Object> trees = new ArrayList<>();
        for (Json element : array.elements()) {
            trees.add(nested.tree(element));
        }
        return trees;
    }

    private static String cut(String text, String end) {
        return text.substring(0, text.length() - end.length());
    }
}
