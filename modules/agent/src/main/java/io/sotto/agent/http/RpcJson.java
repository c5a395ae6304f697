package io.sotto.agent.http;

import io.sotto.agent.json.Json;
import io.sotto.wire.record.Nil;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as the trees that calls are made of, and back. Pure. */
final class RpcJson {
    private static final int LONG_BITS = 63;

    private RpcJson() {}

    /** A tree; null is {@link Nil#NIL}. */
    static Object tree(Json json) {
        if (json instanceof Json.Fields object) {
            Map<String, Object> fields = new LinkedHashMap<>();
            object.fields().forEach((name, value) -> fields.put(name, tree(value)));
            return fields;
        }
        if (json instanceof Json.Elements array) {
            List<Object> elements = new ArrayList<>();
            array.elements().forEach(element -> elements.add(tree(element)));
            return elements;
        }
        if (json instanceof Json.Text text) {
            return text.value();
        }
        if (json instanceof Json.Bool bool) {
            return bool.value();
        }
        return json instanceof Json.Numeral number ? number(number.literal()) : Nil.NIL;
    }

    private static Number number(String literal) {
        if (literal.chars().anyMatch(c -> c == '.' || c == 'e' || c == 'E')) {
            return Double.valueOf(literal);
        }
        BigInteger whole = new BigDecimal(literal).toBigInteger();
        return whole.bitLength() <= LONG_BITS ? (Number) whole.longValue() : whole;
    }

    /** The JSON of a tree. What no JSON can say, such as an infinity, is null. */
    static Json json(Object tree) {
        if (Nil.isNil(tree)) {
            return Json.Nothing.INSTANCE;
        }
        if (tree instanceof Map<?, ?> map) {
            Map<String, Json> fields = new LinkedHashMap<>();
            map.forEach((name, value) -> fields.put(String.valueOf(name), json(value)));
            return new Json.Fields(fields);
        }
        if (tree instanceof List<?> list) {
            List<Json> elements = new ArrayList<>();
            list.forEach(element -> elements.add(json(element)));
            return new Json.Elements(elements);
        }
        if (tree instanceof Boolean bool) {
            return Json.of(bool);
        }
        if (tree instanceof Number number) {
            return Double.isFinite(number.doubleValue()) ? new Json.Numeral(number.toString()) : Json.Nothing.INSTANCE;
        }
        return Json.of(String.valueOf(tree));
    }
}
