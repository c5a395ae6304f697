package io.sotto.wire.record;

import io.sotto.wire.msgpack.MsgpackWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

final class ListCodec<E> extends ValueCodec<List<E>> {
    private final ValueCodec<E> element;

    ListCodec(ValueCodec<E> element) {
        this.element = element;
    }

    @Override
    List<E> zero() {
        return Nil.list();
    }

    @Override
    void write(MsgpackWriter writer, List<E> value) {
        if (Nil.isNil(value)) {
            writer.nil();
            return;
        }
        writer.list(value.size());
        for (E each : value) {
            element.write(writer, each);
        }
    }

    @Override
    List<E> read(RecordInput input) {
        if (input.reader.takeNil()) {
            return Nil.list();
        }
        int count = input.reader.beginList(Integer.MAX_VALUE);
        input.takesPlaces(count);
        List<E> values = new ArrayList<>(Math.min(count, 1_024));
        for (int i = 0; i < count && !input.hasFailed(); i++) {
            values.add(element.read(input));
        }
        return Collections.unmodifiableList(values);
    }

    @Override
    Object toTree(List<E> value) {
        return Nil.isNil(value) ? Nil.NIL : value.stream().map(element::toTree).toList();
    }

    @Override
    Object readTree(RecordInput input) {
        if (input.reader.takeNil()) {
            return Nil.NIL;
        }
        int count = input.reader.beginList(Integer.MAX_VALUE);
        input.takesPlaces(count);
        List<Object> values = new ArrayList<>(Math.min(count, 1_024));
        for (int i = 0; i < count && !input.hasFailed(); i++) {
            values.add(element.readTree(input));
        }
        return Collections.unmodifiableList(values);
    }

    @Override
    List<E> fromTree(Object tree, String path) throws TreeException {
        if (!(tree instanceof List<?> list)) {
            throw TreeException.expected(path, "a list", tree);
        }
        List<E> values = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            values.add(element.fromTreeOrNil(list.get(i), path + "[" + i + "]"));
        }
        return Collections.unmodifiableList(values);
    }
}
