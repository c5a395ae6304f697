package io.sotto.wire.record;

import io.sotto.wire.msgpack.MsgpackWriter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Maps from text, in whatever order they have: Go's have none. */
final class MapCodec<V> extends ValueCodec<Map<String, V>> {
    private final ValueCodec<V> value;

    MapCodec(ValueCodec<V> value) {
        this.value = value;
    }

    @Override
    Map<String, V> zero() {
        return Nil.map();
    }

    @Override
    void write(MsgpackWriter writer, Map<String, V> map) {
        if (Nil.isNil(map)) {
            writer.nil();
            return;
        }
        writer.map(map.size());
        for (Map.Entry<String, V> entry : map.entrySet()) {
            writer.text(entry.getKey());
            value.write(writer, entry.getValue());
        }
    }

    @Override
    Map<String, V> read(RecordInput input) {
        if (input.reader.takeNil()) {
            return Nil.map();
        }
        int count = input.reader.beginMap(Integer.MAX_VALUE);
        Map<String, V> map = new LinkedHashMap<>();
        for (int i = 0; i < count && !input.hasFailed(); i++) {
            input.takesObject();
            String key = input.reader.textOnly(Integer.MAX_VALUE);
            map.put(key, value.read(input));
        }
        return Collections.unmodifiableMap(map);
    }

    @Override
    Object toTree(Map<String, V> map) {
        if (Nil.isNil(map)) {
            return Nil.NIL;
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        map.forEach((key, each) -> tree.put(key, value.toTree(each)));
        return Collections.unmodifiableMap(tree);
    }

    @Override
    Object readTree(RecordInput input) {
        if (input.reader.takeNil()) {
            return Nil.NIL;
        }
        int count = input.reader.beginMap(Integer.MAX_VALUE);
        Map<String, Object> tree = new LinkedHashMap<>();
        for (int i = 0; i < count && !input.hasFailed(); i++) {
            input.takesObject();
            String key = input.reader.textOnly(Integer.MAX_VALUE);
            tree.put(key, value.readTree(input));
        }
        return Collections.unmodifiableMap(tree);
    }

    @Override
    Map<String, V> fromTree(Object tree, String path) throws TreeException {
        if (!(tree instanceof Map<?, ?> map)) {
            throw TreeException.expected(path, "an object", tree);
        }
        Map<String, V> values = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String key = String.valueOf(entry.getKey());
            values.put(key, value.fromTreeOrNil(entry.getValue(), path.isEmpty() ? key : path + "." + key));
        }
        return Collections.unmodifiableMap(values);
    }
}
