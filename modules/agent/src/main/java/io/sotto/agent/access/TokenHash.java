package io.sotto.agent.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes secrets of tokens by HMAC-SHA-256 under a salt that each file has of its own. Immutable, for any thread.
 *
 * <p>It is fast on purpose: it runs once for every request that shows a token, so that strangers could make a slow one do
 * their harm. What it guards is not guessed: the secrets that sotto makes are of 122 random bits. Source: ours.
 */
final class TokenHash {
    static final int SALT_BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] salt;

    private TokenHash(byte[] salt) {
        this.salt = salt;
    }

    /** @param salt {@link #SALT_BYTES} random bytes */
    static TokenHash salted(byte[] salt) {
        if (salt.length != SALT_BYTES) {
            throw new IllegalArgumentException("a salt takes " + SALT_BYTES + " bytes, not " + salt.length);
        }
        return new TokenHash(salt.clone());
    }

    String saltText() {
        return Base64.getEncoder().encodeToString(salt);
    }

    /** In hexadecimal. */
    String of(String secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(salt, ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        }
    }

    /** In a time that does not depend on where they differ. */
    static boolean same(String hash, String other) {
        return MessageDigest.isEqual(
                hash.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }
}
