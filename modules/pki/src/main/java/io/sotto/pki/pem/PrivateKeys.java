package io.sotto.pki.pem;

import java.io.IOException;
import java.security.PrivateKey;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.bc.BcPEMDecryptorProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.util.encoders.DecoderException;
import org.bouncycastle.util.encoders.Hex;

/** Private keys of every common kind into those of the platform. No cause is passed on: its text might show content. */
final class PrivateKeys {
    private static final Set<String> LABELS =
            Set.of("PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY");
    private static final Map<String, String> KINDS = Map.of(
            "PRIVATE KEY", "PKCS#8",
            "ENCRYPTED PRIVATE KEY", "encrypted PKCS#8",
            "RSA PRIVATE KEY", "PKCS#1",
            "EC PRIVATE KEY", "SEC1");

    private PrivateKeys() {}

    static boolean isKey(PemBlock block) {
        return LABELS.contains(block.label());
    }

    static PrivateKey read(String file, PemBlock block, Passphrase passphrase) throws PemException {
        String kind = KINDS.get(block.label());
        if (kind == null) {
            throw new PemException(
                    block.place(file) + ": found a " + block.label() + ", expected an EC, RSA or Ed25519 key");
        }
        PrivateKeyInfo key;
        try {
            key = switch (kind) {
                case "PKCS#8" -> PrivateKeyInfo.getInstance(block.content());
                case "encrypted PKCS#8" -> opened(file, block, passphrase);
                case "PKCS#1" ->
                    wrapped(
                            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                            RSAPrivateKey.getInstance(plain(file, block, passphrase)));
                default -> sec1(plain(file, block, passphrase));
            };
        } catch (IOException | RuntimeException malformed) {
            throw new PemException(block.place(file) + ": the private key (" + kind + ") cannot be read"
                    + (isEncrypted(block) ? "; is the passphrase right?" : ""));
        }
        try {
            return new JcaPEMKeyConverter().getPrivateKey(key);
        } catch (PEMException | RuntimeException unknown) {
            throw new PemException(block.place(file) + ": the private key (" + kind
                    + ") is of a kind that TLS here does not know; use EC P-256, RSA or Ed25519");
        }
    }

    private static boolean isEncrypted(PemBlock block) {
        return block.label().startsWith("ENCRYPTED")
                || block.headers()
                        .getOrDefault("Proc-Type", "")
                        .toUpperCase(Locale.ROOT)
                        .contains("ENCRYPTED");
    }

    private static PrivateKeyInfo opened(String file, PemBlock block, Passphrase passphrase)
            throws PemException, IOException {
        requirePassphrase(file, block, passphrase);
        try {
            return new PKCS8EncryptedPrivateKeyInfo(block.content())
                    .decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                            .setProvider(new BouncyCastleProvider())
                            .build(passphrase.characters()));
        } catch (PKCSException | OperatorCreationException wrong) {
            throw wrongPassphrase(file, block);
        }
    }

    private static byte[] plain(String file, PemBlock block, Passphrase passphrase) throws PemException {
        if (!isEncrypted(block)) {
            return block.content();
        }
        requirePassphrase(file, block, passphrase);
        String[] how = block.headers().getOrDefault("DEK-Info", "").split(",", 2);
        if (how.length != 2) {
            throw new PemException(block.place(file) + ": the encrypted private key does not say how it is encrypted");
        }
        try {
            return new BcPEMDecryptorProvider(passphrase.characters())
                    .get(how[0])
                    .decrypt(block.content(), Hex.decode(how[1].strip()));
        } catch (PEMException | DecoderException | IllegalArgumentException wrong) {
            throw wrongPassphrase(file, block);
        }
    }

    private static void requirePassphrase(String file, PemBlock block, Passphrase passphrase) throws PemException {
        if (passphrase.isEmpty()) {
            throw new PemException(block.place(file) + ": the private key is encrypted and no passphrase is given");
        }
    }

    private static PemException wrongPassphrase(String file, PemBlock block) {
        return new PemException(block.place(file) + ": the private key does not open with this passphrase");
    }

    private static PrivateKeyInfo sec1(byte[] content) throws IOException {
        ECPrivateKey key = ECPrivateKey.getInstance(content);
        ASN1Encodable curve = key.getParametersObject();
        return wrapped(new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve), key);
    }

    private static PrivateKeyInfo wrapped(AlgorithmIdentifier algorithm, ASN1Encodable key) throws IOException {
        return new PrivateKeyInfo(algorithm, key);
    }
}
