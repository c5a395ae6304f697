package io.sotto.gossip.datapath;

import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Messages for one receiver, to leave in one datagram (in several, when there are more than 255).
 *
 * <p>They come encoded, because who fills a datagram from the broadcast queue has to know their sizes: the design's
 * {@code Encode} is done by then.
 *
 * @param to where to
 * @param parts encoded messages, type byte first; at least one
 * @param peerReadsChecksum whether the receiver is a known member with a maximum protocol version of 5 or more
 * @param sealing whether it may leave in the clear
 */
public record Outbound(InetSocketAddress to, List<Octets> parts, boolean peerReadsChecksum, Sealing sealing) {
    public Outbound {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a datagram to " + to + " has no parts");
        }
    }

    /** Sealed as the pool demands. */
    public Outbound(InetSocketAddress to, List<Octets> parts, boolean peerReadsChecksum) {
        this(to, parts, peerReadsChecksum, Sealing.AS_DEMANDED);
    }
}
