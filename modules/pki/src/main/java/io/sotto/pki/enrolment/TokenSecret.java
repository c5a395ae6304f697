package io.sotto.pki.enrolment;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The secret of a token: 256 bits. Who holds it can show so by a keyed hash; it is never sent. Its text form is its id, which
 * says nothing of it. Immutable, for any thread.
 */
public final class TokenSecret {
    /** Bytes of a secret. */
    public static final int BYTES = 32;

    private static final int ID_BYTES = 8;
    private static final byte[] ID = "sotto enrolment id 1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VERIFIER = "sotto enrolment verifier 1".getBytes(StandardCharsets.US_ASCII);

    private final byte[] secret;

    private TokenSecret(byte[] secret) {
        this.secret = secret;
    }

    /** A new one. */
    public static TokenSecret draw(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new TokenSecret(bytes);
    }

    /** From what {@link #reveal} gave; empty for anything else. */
    static Optional<TokenSecret> parse(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            return bytes.length == BYTES ? Optional.of(new TokenSecret(bytes)) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** The secret itself, for the one text that an operator carries to the member. */
    String reveal() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /** By which both sides name it in the clear: part of a hash. */
    public String id() {
        byte[] id = new byte[ID_BYTES];
        System.arraycopy(hash(ID), 0, id, 0, ID_BYTES);
        return HexFormat.of().formatHex(id);
    }

    /** A hash of it, by which the authority knows it again, and which keys the hashes of both messages. */
    Verifier verifier() {
        return new Verifier(hash(VERIFIER));
    }

    private byte[] hash(byte[] purpose) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(purpose);
            return digest.digest(secret);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenSecret that && MessageDigest.isEqual(secret, that.secret);
    }

    @Override
    public int hashCode() {
        return id().hashCode();
    }

    @Override
    public String toString() {
        return "TokenSecret[" + id() + "]";
    }
}
