package io.sotto.wire.record;

import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.util.Optional;

/** Times: Go's binary form on the wire, RFC 3339 in trees. */
final class TimeCodec extends ValueCodec<GoTime> {
    static final TimeCodec INSTANCE = new TimeCodec();

    @Override
    GoTime zero() {
        return GoTime.ZERO;
    }

    @Override
    void write(MsgpackWriter writer, GoTime value) {
        writer.bytes(value.toBytes());
    }

    @Override
    GoTime read(RecordInput input) {
        Octets bytes = input.reader.bytes(Integer.MAX_VALUE);
        Optional<GoTime> time = bytes.isEmpty() ? Optional.of(GoTime.ZERO) : GoTime.ofBytes(bytes);
        if (time.isEmpty()) {
            input.refuse();
        }
        return time.orElse(GoTime.ZERO);
    }

    @Override
    Object toTree(GoTime value) {
        return value.toString();
    }

    @Override
    GoTime fromTree(Object tree, String path) throws TreeException {
        Optional<GoTime> time = tree instanceof String text ? GoTime.parse(text) : Optional.empty();
        if (time.isEmpty()) {
            throw TreeException.expected(path, "a time such as 2006-01-02T15:04:05Z", tree);
        }
        return time.get();
    }
}
