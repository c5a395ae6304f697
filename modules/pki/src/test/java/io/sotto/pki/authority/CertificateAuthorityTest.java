package io.sotto.pki.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.pki.pem.PemContents;
import io.sotto.pki.pem.PemException;
import io.sotto.pki.pem.PemSource;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.junit.jupiter.api.Test;

/** Source of the expectations: TLS specification, section 7. */
class CertificateAuthorityTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final int CRITICAL_KEY_USAGES = 9;

    private final CertificateAuthority authority = CertificateAuthority.create(RANDOM, NOW);

    @Test
    void theAuthorityIsThatOfTheTool() throws Exception {
        X509Certificate certificate = authority.certificate();
        assertThat(certificate.getSubjectX500Principal().getName())
                .startsWith("CN=Consul Agent CA " + certificate.getSerialNumber() + ",")
                .contains("ST=CA", "L=San Francisco", "O=HashiCorp Inc.", "C=US");
        assertThat(certificate.getIssuerX500Principal()).isEqualTo(certificate.getSubjectX500Principal());
        assertThat(certificate.getSerialNumber().bitLength()).isBetween(1, 128);
        assertThat(usages(certificate)).containsExactly(0, 5, 6);
        assertThat(certificate.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
        assertThat(certificate.getBasicConstraints()).isEqualTo(Integer.MAX_VALUE);
        assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(validity(certificate)).isEqualTo(Duration.ofDays(1825));
        assertThat(subjectKeyId(certificate))
                .isEqualTo(sha256(certificate.getPublicKey().getEncoded()));
    }

    @Test
    void aServersCertificateIsThatOfTheTool() throws Exception {
        X509Certificate certificate = issue(CertificateRequest.server("dc1", "consul")
                .with(List.of("a.example", "n1.server.dc1.consul"), List.of("10.0.0.1")));
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=server.dc1.consul");
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactly(
                        List.of(2, "a.example"),
                        List.of(2, "n1.server.dc1.consul"),
                        List.of(2, "server.dc1.consul"),
                        List.of(2, "localhost"),
                        List.of(7, "10.0.0.1"),
                        List.of(7, "127.0.0.1"));
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertLeaf(certificate);
    }

    @Test
    void aClientsCertificateIsThatOfTheTool() throws Exception {
        X509Certificate certificate = issue(CertificateRequest.client("dc2", "acme"));
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=client.dc2.acme");
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactly(List.of(2, "client.dc2.acme"), List.of(2, "localhost"), List.of(7, "127.0.0.1"));
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1");
        assertLeaf(certificate);
    }

    @Test
    void aCommandLinesCertificateIsThatOfTheTool() throws Exception {
        X509Certificate certificate = issue(CertificateRequest.cli("dc1", "consul"));
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactly(List.of(2, "cli.dc1.consul"), List.of(2, "localhost"));
        assertThat(Optional.ofNullable(certificate.getExtendedKeyUsage())).isEmpty();
        assertLeaf(certificate);
    }

    @Test
    void constraintsNameWhatMayBeSigned() {
        X509Certificate narrow = CertificateAuthority.create(
                        RANDOM, NOW, Duration.ofDays(3), List.of("example", "consul", "localhost"))
                .certificate();
        assertThat(narrow.getCriticalExtensionOIDs()).contains("2.5.29.30");
        assertThat(validity(narrow)).isEqualTo(Duration.ofDays(3));
        assertThat(org.bouncycastle.asn1.x509.NameConstraints.getInstance(
                                ASN1OctetString.getInstance(narrow.getExtensionValue("2.5.29.30"))
                                        .getOctets())
                        .getPermittedSubtrees())
                .extracting(subtree -> subtree.getBase().getName().toString())
                .containsExactly("example", "consul", "localhost");
    }

    @Test
    void anAuthorityIsReadFromItsFilesAndIssuesOn() throws PemException {
        PemSource key = PemSource.of("ca-key.pem", authority.keyPem());
        CertificateAuthority read = CertificateAuthority.read(authority.source(), key);
        X509Certificate certificate = read.issue(CertificateRequest.client("dc1", "consul"), RANDOM, NOW)
                .certificate();
        assertThat(certificate.getIssuerX500Principal())
                .isEqualTo(authority.certificate().getSubjectX500Principal());
    }

    @Test
    void whatIsNoAuthorityIsRefused() {
        IssuedCertificate server = authority.issue(CertificateRequest.server("dc1", "consul"), RANDOM, NOW);
        assertThatThrownBy(() -> CertificateAuthority.read(server.certificateSource(), server.keySource()))
                .isInstanceOf(PemException.class)
                .hasMessageContaining("found a certificate that is not an authority's");
        assertThatThrownBy(() -> CertificateAuthority.read(authority.source(), server.keySource()))
                .isInstanceOf(PemException.class)
                .hasMessageContaining("found the key of another certificate");
    }

    @Test
    void pemIsAsTheToolWritesIt() throws PemException {
        IssuedCertificate server = authority.issue(CertificateRequest.server("dc1", "consul"), RANDOM, NOW);
        assertThat(new String(server.keyPem(), java.nio.charset.StandardCharsets.US_ASCII))
                .startsWith("-----BEGIN EC PRIVATE KEY-----\n")
                .endsWith("-----END EC PRIVATE KEY-----\n");
        assertThat(PemContents.of(server.certificateSource()).certificates()).containsExactly(server.certificate());
    }

    private X509Certificate issue(CertificateRequest request) {
        return authority.issue(request, RANDOM, NOW).certificate();
    }

    private void assertLeaf(X509Certificate certificate) throws Exception {
        assertThat(usages(certificate)).containsExactly(0, 2);
        assertThat(certificate.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(validity(certificate)).isEqualTo(Duration.ofDays(365));
        assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(subjectKeyId(certificate))
                .isEqualTo(sha256(certificate.getPublicKey().getEncoded()));
        byte[] authorityKeyId = ASN1OctetString.getInstance(certificate.getExtensionValue("2.5.29.35"))
                .getOctets();
        assertThat(Arrays.copyOfRange(authorityKeyId, authorityKeyId.length - 32, authorityKeyId.length))
                .isEqualTo(subjectKeyId(authority.certificate()));
        certificate.verify(authority.certificate().getPublicKey());
    }

    private static Collection<Integer> usages(X509Certificate certificate) {
        boolean[] bits = certificate.getKeyUsage();
        return java.util.stream.IntStream.range(0, Math.min(bits.length, CRITICAL_KEY_USAGES))
                .filter(bit -> bits[bit])
                .boxed()
                .toList();
    }

    private static Duration validity(X509Certificate certificate) {
        return Duration.between(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    private static byte[] subjectKeyId(X509Certificate certificate) {
        byte[] inner = ASN1OctetString.getInstance(certificate.getExtensionValue("2.5.29.14"))
                .getOctets();
        return ASN1OctetString.getInstance(inner).getOctets();
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
