package io.sotto.wire.record;

import io.sotto.wire.msgpack.MsgpackWriter;

final class BooleanCodec extends ValueCodec<Boolean> {
    static final BooleanCodec INSTANCE = new BooleanCodec();

    @Override
    Boolean zero() {
        return false;
    }

    @Override
    void write(MsgpackWriter writer, Boolean value) {
        writer.bool(value);
    }

    @Override
    Boolean read(RecordInput input) {
        return input.reader.bool();
    }

    @Override
    Object toTree(Boolean value) {
        return value;
    }

    @Override
    Boolean fromTree(Object tree, String path) throws TreeException {
        if (tree instanceof Boolean bool) {
            return bool;
        }
        throw TreeException.expected(path, "true or false", tree);
    }
}
