package io.sotto.gossip.stream;

import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.stream.StreamMessage;
import io.sotto.wire.stream.StreamRole;
import io.sotto.wire.stream.StreamWriter;

/**
 * Writes the messages of all streams of a pool with one sealer, so that their nonces come from one counter.
 *
 * <p>Safe to call from any thread: one message is written at a time. Source: security rules, the one nonce rule.
 */
public final class StreamEncoder {
    private final Sealer sealer;

    private StreamEncoder(Sealer sealer) {
        this.sealer = sealer;
    }

    /**
     * An encoder around a sealer of its own.
     *
     * @param sealer used by nobody else, with nonces that no other sealer gives
     */
    public static StreamEncoder create(Sealer sealer) {
        return new StreamEncoder(sealer);
    }

    synchronized Octets encode(StreamMessage message, StreamRole role, WirePolicy policy) {
        return Octets.wrap(StreamWriter.encode(message, role, policy.forStreams(), sealer));
    }
}
