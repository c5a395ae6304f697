package io.sotto.gossip.datapath;

import io.sotto.wire.Octets;
import java.net.InetSocketAddress;

/**
 * A datagram between two stages of the way in.
 *
 * @param source the sender as the socket says; it can be forged
 * @param bytes what is left once the layers so far have been taken off
 * @param sealed whether a key of the ring opened it, so that {@code bytes} are authentic
 */
record Frame(InetSocketAddress source, Octets bytes, boolean sealed) {
    Frame(InetSocketAddress source, Octets bytes) {
        this(source, bytes, false);
    }

    Frame with(Octets newBytes) {
        return new Frame(source, newBytes, sealed);
    }

    Frame opened(Octets plain) {
        return new Frame(source, plain, true);
    }
}
