package io.sotto.wire.record;

import io.sotto.wire.msgpack.MsgpackWriter;

/** Whole numbers of 32 bits, such as ports and counts. */
final class IntCodec extends ValueCodec<Integer> {
    static final IntCodec INSTANCE = new IntCodec();

    @Override
    Integer zero() {
        return 0;
    }

    @Override
    void write(MsgpackWriter writer, Integer value) {
        writer.signed(value);
    }

    @Override
    Integer read(RecordInput input) {
        long value = input.reader.signed();
        if (value != (int) value) {
            input.refuse();
            return 0;
        }
        return (int) value;
    }

    @Override
    Object toTree(Integer value) {
        return value.longValue();
    }

    @Override
    Integer fromTree(Object tree, String path) throws TreeException {
        long value = IntegerCodec.SIGNED.fromTree(tree, path);
        if (value != (int) value) {
            throw TreeException.expected(path, "a whole number of 32 bits", tree);
        }
        return (int) value;
    }
}
