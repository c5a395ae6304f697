package io.sotto.pki.enrolment;

import java.util.List;

/**
 * What an authority answers a request with. Nothing in it is secret. Immutable.
 *
 * <p>The hash is keyed by the token's and covers the certificates and the request that they answer: nobody between can exchange
 * one, or give the answer to another request.
 */
public final class EnrolAnswer {
    private static final String PURPOSE = "sotto enrolment answer 1";

    private final byte[] certificate;
    private final byte[] authority;
    private final byte[] hash;

    private EnrolAnswer(byte[] certificate, byte[] authority, byte[] hash) {
        this.certificate = certificate.clone();
        this.authority = authority.clone();
        this.hash = hash.clone();
    }

    static EnrolAnswer of(Verifier verifier, EnrolRequest request, byte[] certificate, byte[] authority) {
        return new EnrolAnswer(certificate, authority, hash(verifier, request, certificate, authority));
    }

    /** One as it came: hostile until {@link EnrolmentCheck} says otherwise. */
    public static EnrolAnswer received(byte[] certificate, byte[] authority, byte[] hash) {
        return new EnrolAnswer(certificate, authority, hash);
    }

    boolean isMadeWith(Verifier verifier, EnrolRequest request) {
        return KeyedHash.matches(hash, hash(verifier, request, certificate, authority));
    }

    private static byte[] hash(Verifier verifier, EnrolRequest request, byte[] certificate, byte[] authority) {
        List<byte[]> parts = List.of(request.nonce(), request.hash(), certificate, authority);
        return verifier.hash(PURPOSE, parts);
    }

    /** The member's certificate in DER. */
    public byte[] certificate() {
        return certificate.clone();
    }

    /** That of the authority which signed it, in DER. */
    public byte[] authority() {
        return authority.clone();
    }

    public byte[] hash() {
        return hash.clone();
    }
}
