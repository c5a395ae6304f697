package io.sotto.wire.record;

import io.sotto.wire.msgpack.MsgpackWriter;
import java.util.Optional;

/** What Go has behind a pointer: a value, or nil. */
final class PointerCodec<T> extends ValueCodec<Optional<T>> {
    private final ValueCodec<T> target;

    PointerCodec(ValueCodec<T> target) {
        this.target = target;
    }

    @Override
    Optional<T> zero() {
        return Optional.empty();
    }

    @Override
    void write(MsgpackWriter writer, Optional<T> value) {
        if (value.isPresent()) {
            target.write(writer, value.get());
        } else {
            writer.nil();
        }
    }

    @Override
    Optional<T> read(RecordInput input) {
        return input.reader.takeNil() ? Optional.empty() : Optional.of(target.read(input));
    }

    @Override
    Object toTree(Optional<T> value) {
        return value.isPresent() ? target.toTree(value.get()) : Nil.NIL;
    }

    @Override
    Object readTree(RecordInput input) {
        return input.reader.takeNil() ? Nil.NIL : target.readTree(input);
    }

    @Override
    Optional<T> fromTree(Object tree, String path) throws TreeException {
        return Optional.of(target.fromTree(tree, path));
    }
}
