package io.sotto.agent.json;

import java.util.List;
import java.util.Map;

/** Builds a {@link Json} tree; lines are not kept. */
enum JsonTree implements JsonShape<Json> {
    INSTANCE;

    @Override
    public Json object(Map<String, Json> fields, int line) {
        return new Json.Fields(fields);
    }

    @Override
    public Json array(List<Json> elements, int line) {
        return new Json.Elements(elements);
    }

    @Override
    public Json text(String value, int line) {
        return new Json.Text(value);
    }

    @Override
    public Json number(String literal, int line) {
        return new Json.Numeral(literal);
    }

    @Override
    public Json bool(boolean value, int line) {
        return new Json.Bool(value);
    }

    @Override
    public Json nothing(int line) {
        return Json.Nothing.INSTANCE;
    }
}
