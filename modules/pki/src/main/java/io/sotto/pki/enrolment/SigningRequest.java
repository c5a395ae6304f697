package io.sotto.pki.enrolment;

import io.sotto.pki.KeyPairs;
import io.sotto.pki.authority.IssuedCertificate;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A private key and the request to certify its public half. The private key leaves this only for the file that the member keeps
 * it in. {@link #toString} shows no key.
 *
 * <p>The request names the node for people who look at it; what a certificate says is the authority's to say, so no names are
 * asked for. Source: RFC 2986.
 */
public final class SigningRequest {
    /** No honest request is longer. */
    static final int BYTES_MAX = 8_192;

    private static final int EC_BITS_MIN = 256;
    private static final int EC_BITS_MAX = 521;
    private static final int RSA_BITS_MIN = 2_048;
    private static final int RSA_BITS_MAX = 8_192;

    private final KeyPair pair;
    private final byte[] encoded;

    private SigningRequest(KeyPair pair, byte[] encoded) {
        this.pair = pair;
        this.encoded = encoded;
    }

    /** A new key, EC P-256 as those of the real tool, and its request. */
    public static SigningRequest make(String node, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            var subject = new X500NameBuilder(BCStyle.INSTANCE)
                    .addRDN(BCStyle.CN, node)
                    .build();
            var signer = new JcaContentSignerBuilder(KeyPairs.signature(pair.getPrivate()))
                    .setSecureRandom(random)
                    .build(pair.getPrivate());
            PKCS10CertificationRequest request =
                    new JcaPKCS10CertificationRequestBuilder(subject, pair.getPublic()).build(signer);
            return new SigningRequest(pair, request.getEncoded());
        } catch (IOException | GeneralSecurityException | OperatorCreationException broken) {
            throw new IllegalStateException("this Java cannot make signing requests", broken);
        }
    }

    /** The request in DER. */
    public byte[] encoded() {
        return encoded.clone();
    }

    public PublicKey publicKey() {
        return pair.getPublic();
    }

    /** The certificate that answers it, with the key that belongs to it. */
    IssuedCertificate with(X509Certificate certificate) {
        return new IssuedCertificate(certificate, pair.getPublic(), pair.getPrivate());
    }

    /**
     * The key that a request asks for, if it is one that this authority certifies and the request is signed by it. Never throws,
     * whatever the bytes are.
     */
    static Optional<PublicKey> keyOf(byte[] encoded) {
        if (encoded.length > BYTES_MAX) {
            return Optional.empty();
        }
        try {
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(encoded);
            PublicKey key = request.getPublicKey();
            return isGoodEnough(key) && request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))
                    ? Optional.of(key)
                    : Optional.empty();
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | RuntimeException malformed) {
            return Optional.empty();
        }
    }

    private static boolean isGoodEnough(PublicKey key) {
        if (key instanceof ECPublicKey ec) {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            return bits >= EC_BITS_MIN && bits <= EC_BITS_MAX;
        }
        return key instanceof RSAPublicKey rsa
                && rsa.getModulus().bitLength() >= RSA_BITS_MIN
                && rsa.getModulus().bitLength() <= RSA_BITS_MAX;
    }

    @Override
    public String toString() {
        return "SigningRequest[" + encoded.length + " bytes]";
    }
}
