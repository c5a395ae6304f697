package io.sotto.pki;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** Whether a private and a public key belong together: one signs, the other verifies. */
public final class KeyPairs {
    private static final byte[] PROOF = "one pair".getBytes(StandardCharsets.US_ASCII);

    private KeyPairs() {}

    /** The platform's name of the signature that a key makes. */
    public static String signature(PrivateKey key) throws InvalidKeyException {
        return switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            case "EdDSA", "Ed25519" -> "Ed25519";
            default -> throw new InvalidKeyException("a key of a kind that TLS here does not know");
        };
    }

    public static boolean match(PrivateKey privateKey, PublicKey publicKey) throws GeneralSecurityException {
        Signature signer = Signature.getInstance(signature(privateKey));
        signer.initSign(privateKey);
        signer.update(PROOF);
        byte[] signed = signer.sign();
        try {
            Signature verifier = Signature.getInstance(signature(privateKey));
            verifier.initVerify(publicKey);
            verifier.update(PROOF);
            return verifier.verify(signed);
        } catch (GeneralSecurityException anotherKind) {
            return false;
        }
    }
}
