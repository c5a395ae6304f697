package io.sotto.pki;

import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The revocation lists in force. A list counts for the certificates of the authority that signed it. One past its next update
 * still counts: it is better than none, and the age is told elsewhere. Immutable.
 */
final class Revocations {
    private final List<X509CRL> lists;

    Revocations(List<X509CRL> lists) {
        this.lists = List.copyOf(lists);
    }

    List<X509CRL> lists() {
        return lists;
    }

    boolean revoked(X509Certificate certificate, X509Certificate issuer) {
        return lists.stream()
                .anyMatch(list -> list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal())
                        && list.isRevoked(certificate)
                        && signed(list, issuer));
    }

    static boolean signed(X509CRL list, X509Certificate issuer) {
        try {
            list.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException notSigned) {
            return false;
        }
    }
}
