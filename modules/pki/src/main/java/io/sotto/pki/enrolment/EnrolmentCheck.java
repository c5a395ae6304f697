package io.sotto.pki.enrolment;

import io.sotto.pki.CertificateFacts;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.Set;

/**
 * The member's side: whether an answer is the authority's to this request, and the certificate one that this node may use. Nothing
 * of an answer is used before all of it was looked at. Pure.
 */
public final class EnrolmentCheck {
    private EnrolmentCheck() {}

    /** What an answer comes to. */
    public sealed interface Result {
        /**
         * The member's certificate with its own key, and the authority that signed it.
         *
         * @param issued belongs into files of this node
         */
        record Good(IssuedCertificate issued, X509Certificate authority) implements Result {
            /** The authority's certificate in PEM. */
            public byte[] authorityPem() {
                return IssuedCertificate.pem(authority);
            }
        }

        /** It must not be used; {@code why} is for people. */
        record Bad(String why) implements Result {}
    }

    /**
     * Looks at an answer.
     *
     * @param token what the operator has brought
     * @param sent what was asked with
     * @param made the key that it was asked for
     * @param datacenter of this node
     * @param domain of its names
     */
    public static Result of(
            JoinToken token,
            EnrolRequest sent,
            SigningRequest made,
            EnrolAnswer answer,
            String datacenter,
            String domain,
            Instant now) {
        if (!answer.isMadeWith(token.secret().verifier(), sent)) {
            return new Result.Bad("the answer was not made by who knows the token, or was changed on its way");
        }
        try {
            X509Certificate authority = read(answer.authority());
            X509Certificate certificate = read(answer.certificate());
            if (!CertificateFacts.of(authority).fingerprint().equals(token.fingerprint())) {
                return new Result.Bad("the authority is another one than the token names by its fingerprint");
            }
            if (authority.getBasicConstraints() < 0) {
                return new Result.Bad("the certificate that the token names is not an authority's");
            }
            certificate.verify(authority.getPublicKey());
            certificate.checkValidity(Date.from(now));
            if (!certificate.getPublicKey().equals(made.publicKey())) {
                return new Result.Bad("the certificate is for another key than this node's");
            }
            return names(token, certificate, datacenter, domain)
                    ? new Result.Good(made.with(certificate), authority)
                    : new Result.Bad("the certificate does not have exactly the names of " + token.node() + " as a "
                            + token.role().word() + " of datacenter " + datacenter + ", domain " + domain);
        } catch (GeneralSecurityException | RuntimeException unusable) {
            return new Result.Bad(
                    "the certificate cannot be used: " + unusable.getClass().getSimpleName());
        }
    }

    /** No name more: one of another node, or of a server, would let this node act as that. */
    private static boolean names(JoinToken token, X509Certificate certificate, String datacenter, String domain) {
        CertificateRequest expected =
                NodeNames.request(token.node(), token.role(), datacenter, domain, CertificateRequest.DEFAULT_VALIDITY);
        Set<String> names = new HashSet<>(CertificateFacts.of(certificate).dnsNames());
        return names.equals(new HashSet<>(expected.dnsNames())) && certificate.getBasicConstraints() < 0;
    }

    private static X509Certificate read(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }
}
