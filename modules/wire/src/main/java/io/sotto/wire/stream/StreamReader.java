package io.sotto.wire.stream;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.Opener;

/**
 * Reads the one message of one direction of one stream, as its bytes arrive.
 *
 * <p>Memory grows with the bytes that arrived, never with lengths that were declared. After {@code Complete} or {@code
 * Refused} the same answer is given to everything. One owner, no other thread; the {@link Opener} may serve many readers
 * of that owner. Source: gossip specification, section 5.
 */
public final class StreamReader {
    public StreamReader(StreamRole role, StreamPolicy policy, Limits limits, Opener opener) {}

    /** Takes the next bytes, of which it keeps a copy if it needs one. */
    public StreamProgress feed(Octets chunk) {
        return io.sotto.wire.Pending.body();
    }

    /** The peer closed its side: what is not complete now never will be. */
    public StreamProgress end() {
        return io.sotto.wire.Pending.body();
    }
}
