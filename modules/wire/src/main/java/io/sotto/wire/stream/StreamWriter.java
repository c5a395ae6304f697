package io.sotto.wire.stream;

import io.sotto.wire.crypto.Sealer;

/**
 * Writes the one message of one direction of a stream: message, then compression, then seal, then the label header.
 *
 * <p>Stateless; the {@link Sealer} has its one owner. Source: gossip specification, section 5.1.
 */
public final class StreamWriter {
    private StreamWriter() {}

    /** All bytes of the direction. Only a request carries the label header. */
    public static byte[] encode(StreamMessage message, StreamRole role, StreamPolicy policy, Sealer sealer) {
        return io.sotto.wire.Pending.body();
    }
}
