package io.sotto.wire.record;

import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.util.Base64;

/** Bytes: nil when there are none; in trees the text of them in base64, as Go's JSON has them. */
final class OctetsCodec extends ValueCodec<Octets> {
    static final OctetsCodec INSTANCE = new OctetsCodec();

    @Override
    Octets zero() {
        return Octets.empty();
    }

    @Override
    void write(MsgpackWriter writer, Octets value) {
        writer.bytesOrNil(value);
    }

    @Override
    Octets read(RecordInput input) {
        Octets bytes = input.reader.bytes(Integer.MAX_VALUE);
        return bytes.isEmpty() || input.takesObject() ? bytes : Octets.empty();
    }

    @Override
    Object toTree(Octets value) {
        return value.isEmpty() ? Nil.NIL : Base64.getEncoder().encodeToString(value.toArray());
    }

    @Override
    Octets fromTree(Object tree, String path) throws TreeException {
        if (tree instanceof String text) {
            try {
                return Octets.wrap(Base64.getDecoder().decode(text));
            } catch (IllegalArgumentException notBase64) {
                throw TreeException.expected(path, "bytes in base64", tree);
            }
        }
        throw TreeException.expected(path, "bytes in base64", tree);
    }
}
