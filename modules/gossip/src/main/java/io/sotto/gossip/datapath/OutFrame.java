package io.sotto.gossip.datapath;

import java.net.InetSocketAddress;

/**
 * A datagram between two stages of the way out. It owns {@code bytes}, which nobody writes to; each stage makes a new
 * frame, and nothing keeps what was before the seal.
 */
final class OutFrame {
    private final InetSocketAddress to;
    private final byte[] bytes;
    private final boolean peerReadsChecksum;
    private final Sealing sealing;

    OutFrame(InetSocketAddress to, byte[] bytes, boolean peerReadsChecksum, Sealing sealing) {
        this.to = to;
        this.bytes = bytes;
        this.peerReadsChecksum = peerReadsChecksum;
        this.sealing = sealing;
    }

    InetSocketAddress to() {
        return to;
    }

    byte[] bytes() {
        return bytes;
    }

    boolean peerReadsChecksum() {
        return peerReadsChecksum;
    }

    Sealing sealing() {
        return sealing;
    }

    OutFrame with(byte[] newBytes) {
        return newBytes == bytes ? this : new OutFrame(to, newBytes, peerReadsChecksum, sealing);
    }
}
