package io.sotto.pki.enrolment;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a member asks with. Nothing in it is secret. Immutable.
 *
 * <p>The hash is keyed by the token's and covers everything else, so that nobody else can have put the signing request there.
 */
public final class EnrolRequest {
    /** Bytes of the member's nonce. */
    public static final int NONCE_BYTES = 32;

    private static final String PURPOSE = "sotto enrolment request 1";

    private final String tokenId;
    private final byte[] nonce;
    private final byte[] signingRequest;
    private final byte[] hash;

    private EnrolRequest(String tokenId, byte[] nonce, byte[] signingRequest, byte[] hash) {
        this.tokenId = tokenId;
        this.nonce = nonce.clone();
        this.signingRequest = signingRequest.clone();
        this.hash = hash.clone();
    }

    /**
     * One that was made here.
     *
     * @param nonce {@link #NONCE_BYTES} unpredictable bytes
     * @param signingRequest a PKCS#10 request in DER
     */
    public static EnrolRequest of(TokenSecret secret, byte[] nonce, byte[] signingRequest) {
        return new EnrolRequest(
                secret.id(), nonce, signingRequest, hash(secret.verifier(), secret.id(), nonce, signingRequest));
    }

    /** One as it came: hostile until {@link #isMadeWith} says otherwise. */
    public static EnrolRequest received(String tokenId, byte[] nonce, byte[] signingRequest, byte[] hash) {
        return new EnrolRequest(tokenId, nonce, signingRequest, hash);
    }

    boolean isMadeWith(Verifier verifier) {
        return nonce.length == NONCE_BYTES && KeyedHash.matches(hash, hash(verifier, tokenId, nonce, signingRequest));
    }

    private static byte[] hash(Verifier verifier, String tokenId, byte[] nonce, byte[] signingRequest) {
        return verifier.hash(PURPOSE, List.of(tokenId.getBytes(StandardCharsets.UTF_8), nonce, signingRequest));
    }

    public String tokenId() {
        return tokenId;
    }

    public byte[] nonce() {
        return nonce.clone();
    }

    public byte[] signingRequest() {
        return signingRequest.clone();
    }

    public byte[] hash() {
        return hash.clone();
    }
}
