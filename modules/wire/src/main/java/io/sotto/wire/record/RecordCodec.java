package io.sotto.wire.record;

import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.msgpack.StructShape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Records of one class as maps. The values of a record stand in an array between the record and the wire, those of embedded
 * records among them, in the order of declaration.
 */
final class RecordCodec<R extends Record> extends ValueCodec<R> {
    private final RecordParts<R> parts;
    private final String[] names;
    private final ValueCodec<Object>[] codecs;
    private final int[] ascending;
    private final StructShape shape;
    private final Object[] zeros;
    private final R zero;

    RecordCodec(RecordParts<R> parts) {
        this.parts = parts;
        List<RecordParts.Field> fields = new ArrayList<>();
        parts.collectFields(fields);
        this.names = fields.stream().map(RecordParts.Field::name).toArray(String[]::new);
        this.codecs = codecsOf(fields);
        this.ascending = IntStream.range(0, names.length)
                .boxed()
                .sorted(Comparator.comparing(i -> names[i].getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned))
                .mapToInt(Integer::intValue)
                .toArray();
        if (Arrays.stream(names).distinct().count() < names.length) {
            throw new IllegalArgumentException(parts + " has a field twice: " + Arrays.toString(names));
        }
        this.shape = StructShape.of(names);
        this.zeros = Arrays.stream(codecs).map(ValueCodec::zero).toArray();
        this.zero = parts.build(zeros);
    }

    RecordParts<R> parts() {
        return parts;
    }

    @Override
    R zero() {
        return zero;
    }

    @Override
    void write(MsgpackWriter writer, R value) {
        Object[] values = new Object[names.length];
        parts.take(value, values, 0);
        writer.map(names.length);
        for (int field : ascending) {
            writer.key(names[field]);
            codecs[field].write(writer, values[field]);
        }
    }

    @Override
    R read(RecordInput input) {
        MsgpackReader reader = input.reader;
        int header = reader.beginStruct();
        int entries = MsgpackReader.entries(header);
        if (entries == 0 || !input.takesPlaces(names.length)) {
            return zero;
        }
        Object[] values = zeros.clone();
        for (int i = 0; i < entries && !input.hasFailed(); i++) {
            int field = reader.field(header, i, shape);
            if (field < 0) {
                reader.skip();
            } else {
                values[field] = codecs[field].read(input);
            }
        }
        if (input.hasFailed()) {
            return zero;
        }
        try {
            return parts.build(values);
        } catch (IllegalArgumentException refusedByTheRecord) {
            input.refuse();
            return zero;
        }
    }

    @Override
    Object toTree(R value) {
        Object[] values = new Object[names.length];
        parts.take(value, values, 0);
        Map<String, Object> tree = new LinkedHashMap<>();
        for (int field : ascending) {
            tree.put(names[field], codecs[field].toTree(values[field]));
        }
        return Collections.unmodifiableMap(tree);
    }

    @Override
    Object readTree(RecordInput input) {
        MsgpackReader reader = input.reader;
        int descriptor = reader.peek();
        boolean isMap = (descriptor & ~0x0f) == 0x80 || descriptor == 0xde || descriptor == 0xdf;
        if (!isMap || !input.takesPlaces(names.length)) {
            return toTree(read(input));
        }
        int count = reader.beginMap(Integer.MAX_VALUE);
        Map<String, Object> tree = new LinkedHashMap<>();
        for (int i = 0; i < count && !input.hasFailed(); i++) {
            String name = reader.textOnly(Integer.MAX_VALUE);
            int field = Arrays.asList(names).indexOf(name);
            ValueCodec<Object> codec = field < 0 ? TreeCodec.INSTANCE : codecs[field];
            tree.put(name, codec.readTree(input));
        }
        return Collections.unmodifiableMap(tree);
    }

    @Override
    R fromTree(Object tree, String path) throws TreeException {
        if (!(tree instanceof Map<?, ?> map)) {
            throw TreeException.expected(path, "an object", tree);
        }
        Object[] values = zeros.clone();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = String.valueOf(entry.getKey());
            int field = Arrays.asList(names).indexOf(name);
            if (field < 0) {
                throw new TreeException(path, "no field '" + name + "'; there are " + String.join(", ", sortedNames()));
            }
            values[field] = codecs[field].fromTreeOrNil(entry.getValue(), path.isEmpty() ? name : path + "." + name);
        }
        try {
            return parts.build(values);
        } catch (IllegalArgumentException refusedByTheRecord) {
            throw new TreeException(path, String.valueOf(refusedByTheRecord.getMessage()));
        }
    }

    private List<String> sortedNames() {
        return Arrays.stream(ascending).mapToObj(field -> names[field]).toList();
    }

    @SuppressWarnings("unchecked") // Each codec is only given what it made, or what the record's own component holds.
    private static ValueCodec<Object>[] codecsOf(List<RecordParts.Field> fields) {
        return fields.stream().map(RecordParts.Field::codec).toArray(ValueCodec[]::new);
    }
}
