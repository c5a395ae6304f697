package io.sotto.wire.rpc;

import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.msgpack.StructShape;
import java.util.Optional;

/**
 * What stands in front of the body of a request.
 *
 * <pre>{@code
 * {"Seq": seq, "ServiceMethod": method}
 * }</pre>
 *
 * <p>Source: RPC specification, section 3.
 *
 * @param seq the caller's number of the call, unsigned, which the answer repeats
 * @param method service and method, such as {@code Status.Leader}
 */
public record RequestHeader(long seq, String method) {
    private static final StructShape SHAPE = StructShape.of("ServiceMethod", "Seq");

    /** The header and, with it, room for {@code bodyBytes} more. */
    public MsgpackWriter write(int bodyBytes) {
        return new MsgpackWriter(32 + method.length() + bodyBytes)
                .map(2)
                .key("Seq")
                .unsigned(seq)
                .key("ServiceMethod")
                .text(method);
    }

    /** The header and a body, ready to be sent at once. */
    public Octets encode(Octets body) {
        return Octets.wrap(write(body.length()).append(body).toByteArray());
    }

    /** Reads one whole object; in any order, with fields that we do not know; empty for one that is no header. */
    public static Optional<RequestHeader> decode(Octets object) {
        MsgpackReader reader = new MsgpackReader(object, 0, ObjectSplitter.MAX_DEPTH);
        long seq = 0;
        String method = "";
        int header = reader.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (reader.field(header, i, SHAPE)) {
                case 0 -> method = reader.textOnly(object.length());
                case 1 -> seq = reader.unsigned64();
                default -> reader.skip();
            }
        }
        return reader.hasFailed() ? Optional.empty() : Optional.of(new RequestHeader(seq, method));
    }
}
