package io.sotto.wire.message;

import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.msgpack.StructShape;

/**
 * What precedes the bytes of a user message on a stream: their number.
 *
 * <p>Stateless. Source: gossip specification, section 5.2.
 */
public final class UserMessageHeader {
    private static final StructShape HEADER = StructShape.of("UserMsgLen");

    private UserMessageHeader() {}

    /** Writes the number of bytes that follow. */
    public static MsgpackWriter write(MsgpackWriter out, int length) {
        return out.map(1).key("UserMsgLen").signed(length);
    }

    /** The number as it was sent, which may be negative; ask {@code in} whether it was one. */
    public static long read(MsgpackReader in) {
        long length = 0;
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            if (in.field(header, i, HEADER) == 0) {
                length = in.signed();
            } else {
                in.skip();
            }
        }
        return length;
    }
}
