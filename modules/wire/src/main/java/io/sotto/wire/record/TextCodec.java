package io.sotto.wire.record;

import io.sotto.wire.msgpack.MsgpackWriter;

final class TextCodec extends ValueCodec<String> {
    static final TextCodec INSTANCE = new TextCodec();

    @Override
    String zero() {
        return "";
    }

    @Override
    void write(MsgpackWriter writer, String value) {
        writer.text(value);
    }

    @Override
    String read(RecordInput input) {
        String text = input.reader.textOnly(Integer.MAX_VALUE);
        return text.isEmpty() || input.takesObject() ? text : "";
    }

    @Override
    Object toTree(String value) {
        return value;
    }

    @Override
    String fromTree(Object tree, String path) throws TreeException {
        if (tree instanceof String text) {
            return text;
        }
        throw TreeException.expected(path, "a string", tree);
    }
}
