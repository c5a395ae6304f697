package io.sotto.wire.message;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;

/**
 * Turns Serf messages into bytes and back: one type byte, then the msgpack value, and after a relay header the inner
 * message.
 *
 * <p>Stateless and safe to call from any thread. Decoding never throws on what a peer sent and shares no bytes with its
 * input. Source: gossip specification, section 16.
 */
public final class SerfCodec {
    private SerfCodec() {}

    /** The type byte and the body. Maps are written in ascending order of their keys. */
    public static byte[] encode(SerfMessage message) {
        return SerfEncoder.encode(message);
    }

    /** Reads one Serf message of any kind; where which kind may come is for the caller to judge. */
    public static DecodedSerf decode(Octets body, Limits limits) {
        return SerfDecoder.decode(body, limits);
    }
}
