package io.sotto.wire.message;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.msgpack.MsgpackReader;

/**
 * Turns memberlist messages into the bytes of a bare datagram message and back: one type byte, then the msgpack value.
 *
 * <p>Stateless and safe to call from any thread. Decoding never throws on what a peer sent and shares no bytes with its
 * input. Source: gossip specification, sections 2 and 3.
 */
public final class SwimCodec {
    private static final Decoded EMPTY = new Decoded.Malformed(Reason.TYPE, "missing type byte");

    private SwimCodec() {}

    /** The type byte and the body, as in a datagram; a user message is {@code 08} and its bytes. */
    public static byte[] encode(SwimMessage message) {
        return SwimEncoder.encode(message);
    }

    /**
     * Reads one bare message. Layers (compound, compression, checksum, label) have been taken off before; their types
     * count as unknown here. Bytes after the value are ignored.
     */
    public static Decoded decode(Octets message, Limits limits) {
        if (message.isEmpty()) {
            return EMPTY;
        }
        int type = message.at(0);
        if (type == SwimMessage.Kind.USER.code()) {
            return new Decoded.Message(new SwimMessage.User(
                    Octets.copyOf(message.array(), message.arrayOffset() + 1, message.length() - 1)));
        }
        return SwimDecoder.decode(type, new MsgpackReader(message, 1, limits.msgpackMaxDepth()), limits);
    }

    /**
     * Reads the body of one message whose type byte has been taken; what follows the value stays unread. Not for user
     * messages, whose body has no end of its own.
     */
    public static Decoded decodeBody(int type, MsgpackReader in, Limits limits) {
        return SwimDecoder.decode(type, in, limits);
    }
}
