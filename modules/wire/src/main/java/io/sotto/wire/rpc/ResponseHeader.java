package io.sotto.wire.rpc;

import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.msgpack.StructShape;
import java.util.Optional;

/**
 * What stands in front of the body of a response.
 *
 * <pre>{@code
 * {"Error": error, "Seq": seq, "ServiceMethod": method}
 * {"Error": "", "More": true, "Seq": seq, "ServiceMethod": method}    between members of our own
 * }</pre>
 *
 * <p>Source: RPC specification, section 3; {@code More} is ours, and real peers pass over it.
 *
 * @param seq the caller's number of the call, unsigned
 * @param method service and method, as the request had it
 * @param error the text of an error, after which an empty body follows; empty for an answer
 * @param more whether another response to the same request follows this one
 */
public record ResponseHeader(long seq, String method, String error, boolean more) {
    private static final StructShape SHAPE = StructShape.of("ServiceMethod", "Seq", "Error", "More");
    private static final Octets NO_BODY = Octets.hex("80");

    public static ResponseHeader answer(RequestHeader request) {
        return new ResponseHeader(request.seq(), request.method(), "", false);
    }

    /** An answer that another one follows. */
    public static ResponseHeader part(RequestHeader request) {
        return new ResponseHeader(request.seq(), request.method(), "", true);
    }

    public static ResponseHeader failure(RequestHeader request, String error) {
        return new ResponseHeader(request.seq(), request.method(), error, false);
    }

    /** The header and, with it, room for {@code bodyBytes} more. */
    public MsgpackWriter write(int bodyBytes) {
        MsgpackWriter writer = new MsgpackWriter(48 + method.length() + error.length() + bodyBytes);
        writer.map(more ? 4 : 3).key("Error").text(error);
        if (more) {
            writer.key("More").bool(true);
        }
        return writer.key("Seq").unsigned(seq).key("ServiceMethod").text(method);
    }

    /** The header and a body, ready to be sent at once. */
    public Octets encode(Octets body) {
        return Octets.wrap(write(body.length()).append(body).toByteArray());
    }

    /** The header and the empty body that follows an error. */
    public Octets encode() {
        return encode(NO_BODY);
    }

    /** Reads one whole object; in any order, with fields that we do not know; empty for one that is no header. */
    public static Optional<ResponseHeader> decode(Octets object) {
        MsgpackReader reader = new MsgpackReader(object, 0, ObjectSplitter.MAX_DEPTH);
        long seq = 0;
        String method = "";
        String error = "";
        boolean more = false;
        int header = reader.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (reader.field(header, i, SHAPE)) {
                case 0 -> method = reader.textOnly(object.length());
                case 1 -> seq = reader.unsigned64();
                case 2 -> error = reader.textOnly(object.length());
                case 3 -> more = reader.bool();
                default -> reader.skip();
            }
        }
        return reader.hasFailed() ? Optional.empty() : Optional.of(new ResponseHeader(seq, method, error, more));
    }
}
