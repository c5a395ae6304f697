package io.sotto.wire.record;

import io.sotto.wire.msgpack.MsgpackWriter;

final class DoubleCodec extends ValueCodec<Double> {
    static final DoubleCodec INSTANCE = new DoubleCodec();

    @Override
    Double zero() {
        return 0.0;
    }

    @Override
    void write(MsgpackWriter writer, Double value) {
        writer.float64(value);
    }

    @Override
    Double read(RecordInput input) {
        return input.reader.float64();
    }

    @Override
    Object toTree(Double value) {
        return value;
    }

    @Override
    Double fromTree(Object tree, String path) throws TreeException {
        if (tree instanceof Number number) {
            return number.doubleValue();
        }
        throw TreeException.expected(path, "a number", tree);
    }
}
