package io.sotto.pki.authority;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.Base64;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** Writes PEM as the real tool does. */
final class PemText {
    private static final int P_256_BITS = 256;

    private PemText() {}

    static byte[] certificate(X509Certificate certificate) {
        try {
            return block("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static byte[] revocations(X509CRL list) {
        try {
            return block("X509 CRL", list.getEncoded());
        } catch (CRLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Keys that were made here are EC P-256. */
    static byte[] key(PrivateKey privateKey, PublicKey publicKey) {
        DERBitString point = new DERBitString(SubjectPublicKeyInfo.getInstance(publicKey.getEncoded())
                .getPublicKeyData()
                .getOctets());
        try {
            return block(
                    "EC PRIVATE KEY",
                    new org.bouncycastle.asn1.sec.ECPrivateKey(
                                    P_256_BITS,
                                    ((ECPrivateKey) privateKey).getS(),
                                    point,
                                    SECObjectIdentifiers.secp256r1)
                            .getEncoded());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] block(String label, byte[] content) {
        String text = "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label
                + "-----\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
