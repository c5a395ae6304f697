package io.sotto.wire.crypto;

/**
 * One gossip key: 16, 24 or 32 secret bytes for AES-128, AES-192 or AES-256.
 *
 * <p>The bytes are never shown: the text form is the {@link #id}, and reading them takes a {@link KeyAccess}. Comparison
 * takes the same time for all keys of one length. Keys are immutable and safe to share. Source: gossip specification,
 * section 6.1.
 */
public final class GossipKey {
    private GossipKey() {}

    /**
     * Copies {@code bytes}.
     *
     * @throws IllegalArgumentException "key size must be 16, 24 or 32 bytes"
     */
    public static GossipKey of(byte[] bytes) {
        return io.sotto.wire.Pending.body();
    }

    /**
     * Reads standard base64, padded.
     *
     * @throws IllegalArgumentException "illegal base64 data at input byte N" or "key size must be 16, 24 or 32 bytes"
     */
    public static GossipKey parse(String base64) {
        return io.sotto.wire.Pending.body();
    }

    /** A short hash of the key, eight hexadecimal digits: enough to tell keys apart in logs, useless for finding them. */
    public String id() {
        return io.sotto.wire.Pending.body();
    }

    /** 16, 24 or 32. */
    public int lengthBytes() {
        return io.sotto.wire.Pending.body();
    }

    /** A copy of the secret bytes, which the caller wipes after use. */
    public byte[] bytes(KeyAccess access) {
        return io.sotto.wire.Pending.body();
    }

    /** The key as configuration writes it. */
    public String toBase64(KeyAccess access) {
        return io.sotto.wire.Pending.body();
    }

    @Override
    public String toString() {
        return "GossipKey[" + id() + "]";
    }
}
