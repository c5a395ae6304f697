package io.sotto.wire.message;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;

/**
 * Turns memberlist messages into the bytes of a bare datagram message and back: one type byte, then the msgpack value.
 *
 * <p>Stateless and safe to call from any thread. Decoding never throws on what a peer sent and shares no bytes with its
 * input. Source: gossip specification, sections 2 and 3.
 */
public final class SwimCodec {
    private SwimCodec() {}

    /** The type byte and the body, as in a datagram; a user message is {@code 08} and its bytes. */
    public static byte[] encode(SwimMessage message) {
        return io.sotto.wire.Pending.body();
    }

    /**
     * Reads one bare message. Layers (compound, compression, checksum, label) have been taken off before; their types
     * count as unknown here. Bytes after the value are ignored.
     */
    public static Decoded decode(Octets message, Limits limits) {
        return io.sotto.wire.Pending.body();
    }
}
