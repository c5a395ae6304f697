package io.sotto.wire.crypto;

import io.sotto.wire.Octets;

/**
 * Opens what a {@link Sealer} of any member sealed. The version byte and every length are hostile.
 *
 * <p>Keys are tried in the order of likelihood: one AES block per key shows what the plaintext would begin with. Every key
 * of the ring is tried in the end. Keeps its ciphers between calls, so it has one owner and must not be used by two
 * threads. Source: gossip specification, section 6.3.
 */
public final class Opener {
    public Opener() {}

    public Opened open(Keyring ring, Octets payload, Octets aad) {
        return open(ring, payload, aad, 0);
    }

    /**
     * As above, trying first the key that last opened something from the same source.
     *
     * @param source any number that tells senders apart, such as a hash of the address; 0 for none
     */
    public Opened open(Keyring ring, Octets payload, Octets aad, long source) {
        return io.sotto.wire.Pending.body();
    }
}
