package io.sotto.wire.crypto;

import io.sotto.wire.Octets;

/**
 * Seals messages with AES-GCM.
 *
 * <pre>
 *  0        1            13                     13+n        29+n   (bytes)
 *  +--------+------------+----------------------+-----------+
 *  | version| nonce 12 B | ciphertext n B       | tag 16 B  |
 *  +--------+------------+----------------------+-----------+
 * </pre>
 *
 * <p>Keeps its cipher between calls, so it has one owner and must not be used by two threads. Associated data: the label
 * on datagrams; the frame header and the label on streams. Source: gossip specification, section 6.3.
 */
public final class Sealer {
    /** Seals in version 1. */
    public Sealer(NonceSource nonces) {
        this(nonces, EnvelopeVersion.V1);
    }

    public Sealer(NonceSource nonces, EnvelopeVersion version) {}

    /** The length that {@code length} bytes have once sealed. */
    public int sealedLength(int length) {
        return io.sotto.wire.Pending.body();
    }

    /** The sealed envelope of {@code length} bytes of {@code plain} from {@code offset} on. */
    public byte[] seal(GossipKey key, byte[] plain, int offset, int length, Octets aad) {
        byte[] sealed = new byte[sealedLength(length)];
        sealInto(key, plain, offset, length, aad, sealed, 0);
        return sealed;
    }

    /** As {@link #seal}, into {@code target} from {@code position} on; returns the position after the envelope. */
    public int sealInto(GossipKey key, byte[] plain, int offset, int length, Octets aad, byte[] target, int position) {
        return io.sotto.wire.Pending.body();
    }

    /** Messages sealed with {@code key} by this sealer, for the gauge that asks for a rotation in time. */
    public long sealedWith(GossipKey key) {
        return io.sotto.wire.Pending.body();
    }
}
