package io.sotto.pki.authority;

import io.sotto.pki.pem.PemSource;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;

/** A certificate and its private key, fresh from an authority. {@link #toString} shows no key. */
public record IssuedCertificate(X509Certificate certificate, PublicKey publicKey, PrivateKey privateKey) {

    /** Any certificate in PEM. */
    public static byte[] pem(X509Certificate certificate) {
        return PemText.certificate(certificate);
    }

    public byte[] certificatePem() {
        return PemText.certificate(certificate);
    }

    /** SEC1 ({@code EC PRIVATE KEY}): belongs into a file that only its owner may read. */
    public byte[] keyPem() {
        return PemText.key(privateKey, publicKey);
    }

    /** The certificate as settings take it. */
    public PemSource certificateSource() {
        return PemSource.of(certificate.getSubjectX500Principal().getName() + " (certificate)", certificatePem());
    }

    /** The key as settings take it. */
    public PemSource keySource() {
        return PemSource.of(certificate.getSubjectX500Principal().getName() + " (key)", keyPem());
    }

    @Override
    public String toString() {
        return "IssuedCertificate[" + certificate.getSubjectX500Principal().getName() + "]";
    }
}
