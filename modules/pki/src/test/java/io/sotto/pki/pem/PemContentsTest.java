package io.sotto.pki.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sotto.pki.KeyPairs;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptor;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.operator.OutputEncryptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemContentsTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Passphrase WORD = Passphrase.of("open sesame".toCharArray());

    private final CertificateAuthority authority = CertificateAuthority.create(RANDOM, NOW);
    private final IssuedCertificate issued = authority.issue(CertificateRequest.server("dc1", "consul"), RANDOM, NOW);

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void keysOfEveryAlgorithmAreReadFromPkcs8(String algorithm) throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        String pem = written(new JcaPKCS8Generator(pair.getPrivate(), null));
        assertThat(pem).contains("BEGIN PRIVATE KEY");
        assertThat(KeyPairs.match(contents(pem, Passphrase.none()).privateKey(), pair.getPublic()))
                .isTrue();
    }

    @Test
    void keysAreReadFromTheOlderForms() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        String pem = written(pair.getPrivate());
        assertThat(pem).contains("BEGIN RSA PRIVATE KEY");
        assertThat(KeyPairs.match(contents(pem, Passphrase.none()).privateKey(), pair.getPublic()))
                .isTrue();
        assertThat(KeyPairs.match(
                        contents(text(issued.keyPem()), Passphrase.none()).privateKey(), issued.publicKey()))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"AES-128-CBC", "AES-256-CBC", "DES-EDE3-CBC"})
    void oldEncryptedKeysOpenWithTheirPassphraseOnly(String cipher) throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        PEMEncryptor encryptor = new JcePEMEncryptorBuilder(cipher)
                .setProvider(new BouncyCastleProvider())
                .build(WORD.characters());
        String pem = written(new JcaMiscPEMGenerator(pair.getPrivate(), encryptor));
        assertThat(pem).contains("DEK-Info: " + cipher);
        assertOpensWithItsPassphraseOnly(pem, pair);
    }

    @Test
    void encryptedPkcs8OpensWithItsPassphraseOnly() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
        OutputEncryptor encryptor = new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                .setProvider(new BouncyCastleProvider())
                .setPRF(PKCS8Generator.PRF_HMACSHA256)
                .setIterationCount(2048)
                .setPassword(WORD.characters())
                .build();
        String pem = written(new JcaPKCS8Generator(pair.getPrivate(), encryptor));
        assertThat(pem).contains("BEGIN ENCRYPTED PRIVATE KEY");
        assertOpensWithItsPassphraseOnly(pem, pair);
    }

    @Test
    void aKeyAfterItsCurveAndAfterACertificateIsFound() throws Exception {
        String pem = "some words\n-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                + new String(issued.certificatePem(), StandardCharsets.US_ASCII)
                + new String(issued.keyPem(), StandardCharsets.US_ASCII);
        PemContents contents = contents(pem, Passphrase.none());
        assertThat(KeyPairs.match(contents.privateKey(), issued.publicKey())).isTrue();
        assertThat(contents.certificates()).containsExactly(issued.certificate());
        assertThat(contents.holdsRevocations()).isFalse();
    }

    @Test
    void aBundleKeepsItsOrderAndIgnoresTextAndLineEndsOfWindows() throws Exception {
        String pem = "\ufeff# two of them\r\n"
                + (new String(issued.certificatePem(), StandardCharsets.US_ASCII) + "and\n"
                                + new String(authority.certificatePem(), StandardCharsets.US_ASCII))
                        .replace("\n", "\r\n");
        assertThat(contents(pem, Passphrase.none()).certificates())
                .containsExactly(issued.certificate(), authority.certificate());
    }

    @Test
    void revocationListsAreRead() throws Exception {
        byte[] list = authority.revocationsPem(List.of(issued.certificate()), NOW, NOW.plusSeconds(60));
        PemContents contents = PemContents.of(PemSource.of("crl.pem", list));
        assertThat(contents.revocations()).hasSize(1);
        assertThat(contents.revocations().get(0).isRevoked(issued.certificate()))
                .isTrue();
    }

    @Test
    void whatIsMissingIsToldWithWhatWasFound() {
        String both = new String(issued.certificatePem(), StandardCharsets.US_ASCII)
                + "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n";
        assertThat(failure(both, Passphrase.none(), Want.KEY))
                .isEqualTo("f.pem: expected a private key, found CERTIFICATE, CERTIFICATE REQUEST");
        assertThat(failure(text(issued.keyPem()), Passphrase.none(), Want.CERTIFICATES))
                .isEqualTo("f.pem: expected a certificate, found EC PRIVATE KEY");
        assertThat(failure(text(issued.keyPem()), Passphrase.none(), Want.REVOCATIONS))
                .isEqualTo("f.pem: expected a revocation list (X509 CRL), found EC PRIVATE KEY");
    }

    @Test
    void everyPrefixOfAKeyFileIsAFaultThatShowsNothingOfIt() {
        String whole = text(issued.keyPem());
        for (int length = 0; length < whole.stripTrailing().length(); length++) {
            String told = failure(whole.substring(0, length), Passphrase.none(), Want.KEY);
            assertThat(told)
                    .startsWith("f.pem")
                    .doesNotContain(whole.lines().toList().get(1).substring(0, 8));
        }
    }

    @Test
    void odditiesAreNamed() {
        assertThat(failure("", Passphrase.none(), Want.KEY)).isEqualTo("f.pem: the file is empty");
        assertThat(failure("hello", Passphrase.none(), Want.KEY)).isEqualTo("f.pem: found no PEM block");
        assertThat(failure("0\u0082\u0001", Passphrase.none(), Want.CERTIFICATES))
                .startsWith("f.pem: found DER or PKCS#12, expected PEM");
        assertThat(failure("-\u0000-\u0000", Passphrase.none(), Want.CERTIFICATES))
                .isEqualTo("f.pem: found UTF-16 text, expected PEM as plain ASCII");
        assertThat(failure(
                        "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----",
                        Passphrase.none(),
                        Want.CERTIFICATES))
                .isEqualTo("f.pem, line 1: CERTIFICATE is not base64");
        assertThat(failure(
                        "\n-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
                        Passphrase.none(),
                        Want.CERTIFICATES))
                .isEqualTo("f.pem, line 2: CERTIFICATE is empty");
        assertThat(failure(
                        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
                        Passphrase.none(),
                        Want.CERTIFICATES))
                .isEqualTo("f.pem, line 1: the certificate cannot be read");
        assertThat(failure(
                        "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----", Passphrase.none(), Want.REVOCATIONS))
                .isEqualTo("f.pem, line 1: the revocation list cannot be read");
        assertThat(failure(
                        "-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----",
                        Passphrase.none(),
                        Want.KEY))
                .isEqualTo("f.pem, line 1: found a DSA PRIVATE KEY, expected an EC, RSA or Ed25519 key");
        assertThat(failure(
                        "-----BEGIN \u0007secret-----\nAAAA\n-----END \u0007secret-----", Passphrase.none(), Want.KEY))
                .isEqualTo("f.pem: expected a private key, found something with an odd label");
    }

    @Test
    void secretsAreNotShown() throws Exception {
        assertThat(WORD).hasToString("Passphrase[hidden]");
        assertThat(contents(text(issued.keyPem()), WORD)).hasToString("PemContents[f.pem: EC PRIVATE KEY]");
        assertThat(issued.toString()).isEqualTo("IssuedCertificate[CN=server.dc1.consul]");
    }

    private static void assertOpensWithItsPassphraseOnly(String pem, KeyPair pair) throws Exception {
        assertThat(KeyPairs.match(contents(pem, WORD).privateKey(), pair.getPublic()))
                .isTrue();
        assertThat(failure(pem, Passphrase.none(), Want.KEY))
                .isEqualTo("f.pem, line 1: the private key is encrypted and no passphrase is given");
        assertThat(failure(pem, Passphrase.of("wrong".toCharArray()), Want.KEY)).contains("passphrase");
    }

    private enum Want {
        KEY,
        CERTIFICATES,
        REVOCATIONS
    }

    private static String failure(String pem, Passphrase passphrase, Want want) {
        PemException failure = catchThrowableOfType(PemException.class, () -> {
            PemContents contents = contents(pem, passphrase);
            Optional<PrivateKey> key = want == Want.KEY ? Optional.of(contents.privateKey()) : Optional.empty();
            int others = want == Want.CERTIFICATES
                    ? contents.certificates().size()
                    : want == Want.REVOCATIONS ? contents.revocations().size() : 0;
            throw new AssertionError("it was read: " + key.isPresent() + ", " + others);
        });
        return String.valueOf(failure.getMessage());
    }

    private static PemContents contents(String pem, Passphrase passphrase) throws PemException {
        boolean latin = StandardCharsets.ISO_8859_1.newEncoder().canEncode(pem);
        byte[] bytes = pem.getBytes(latin ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
        return PemContents.of(PemSource.of("f.pem", bytes), passphrase);
    }

    private static String text(byte[] pem) {
        return new String(pem, StandardCharsets.US_ASCII);
    }

    private static String written(Object what) throws Exception {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(what);
        }
        return text.toString();
    }
}
