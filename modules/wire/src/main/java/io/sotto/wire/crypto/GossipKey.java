package io.sotto.wire.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * One gossip key: 16, 24 or 32 secret bytes for AES-128, AES-192 or AES-256.
 *
 * <p>The bytes are never shown: the text form is the {@link #id}, there is no serial form, and reading them takes a
 * {@link KeyAccess}. Comparison takes the same time for all keys of one length. Safe to share between threads. Source:
 * gossip specification, section 6.1.
 */
public final class GossipKey {
    private static final String SIZE_ERROR = "key size must be 16, 24 or 32 bytes";
    private static final byte[] ID_DOMAIN = "sotto gossip key id\0".getBytes(StandardCharsets.US_ASCII);
    private static final int ID_BYTES = 4;

    private final byte[] secret;
    private final String id;
    private volatile boolean isWiped;

    private GossipKey(byte[] secret) {
        this.secret = secret;
        this.id = idOf(secret);
    }

    /**
     * Copies {@code bytes}.
     *
     * @throws IllegalArgumentException "key size must be 16, 24 or 32 bytes"
     */
    public static GossipKey of(byte[] bytes) {
        if (bytes.length != 16 && bytes.length != 24 && bytes.length != 32) {
            throw new IllegalArgumentException(SIZE_ERROR);
        }
        return new GossipKey(bytes.clone());
    }

    /**
     * Reads standard base64, padded; line ends are passed over, and bits after the last byte need not be zero.
     *
     * @throws IllegalArgumentException "illegal base64 data at input byte N" or "key size must be 16, 24 or 32 bytes"
     */
    public static GossipKey parse(String base64) {
        byte[] bytes = PaddedBase64.decode(base64);
        try {
            return of(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** A short hash of the key, eight hexadecimal digits: enough to tell keys apart in logs, useless for finding them. */
    public String id() {
        return id;
    }

    /** 16, 24 or 32. */
    public int lengthBytes() {
        return secret.length;
    }

    /** A copy of the secret bytes, which the caller wipes after use. */
    public byte[] bytes(KeyAccess access) {
        requireReason(access);
        return secret.clone();
    }

    /**
     * The same key with bytes of its own, which a {@link #wipe} of this one does not reach.
     *
     * @throws IllegalStateException when this key has been wiped
     */
    public GossipKey copy() {
        GossipKey copy = new GossipKey(secret.clone());
        requireUnwiped();
        return copy;
    }

    /** The key as configuration writes it. */
    public String toBase64(KeyAccess access) {
        requireReason(access);
        return Base64.getEncoder().encodeToString(secret);
    }

    /**
     * Overwrites the secret bytes, once the key is on no ring any more and nothing uses it. The virtual machine and kept
     * ciphers may hold copies that this does not reach. Afterwards the key opens nothing, and sealing with it is an error.
     */
    public void wipe() {
        isWiped = true;
        Arrays.fill(secret, (byte) 0);
    }

    boolean isWiped() {
        return isWiped;
    }

    /** For ciphers, of this package only. */
    SecretKey cipherKey() {
        SecretKey copy = new SecretKeySpec(secret, "AES");
        requireUnwiped();
        return copy;
    }

    /** Asked after a copy was taken: a wipe in between must not let a key of zeros pass. */
    private void requireUnwiped() {
        if (isWiped) {
            throw new IllegalStateException("key " + id + " has been wiped");
        }
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof GossipKey that
                        && id.equals(that.id)
                        && MessageDigest.isEqual(secret, that.secret));
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "GossipKey[" + id + "]";
    }

    private static void requireReason(KeyAccess access) {
        Objects.requireNonNull(access, "reading a key takes a reason");
    }

    private static String idOf(byte[] secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ID_DOMAIN);
            return HexFormat.of().formatHex(digest.digest(secret), 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
