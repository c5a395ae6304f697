package io.sotto.pki.authority;

import io.sotto.pki.KeyPairs;
import io.sotto.pki.Usage;
import io.sotto.pki.pem.Passphrase;
import io.sotto.pki.pem.PemContents;
import io.sotto.pki.pem.PemException;
import io.sotto.pki.pem.PemSource;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An authority that issues certificates as the real tool does. For any thread.
 *
 * <p>Source: TLS specification, section 7.
 */
public final class CertificateAuthority {
    /** What the tool gives if nothing else is asked for. */
    public static final Duration DEFAULT_VALIDITY = Duration.ofDays(1825);

    private static final int SERIAL_BITS = 128;

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final Optional<IssuedCertificate> made;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key, Optional<IssuedCertificate> made) {
        this.certificate = certificate;
        this.key = key;
        this.made = made;
    }

    /**
     * A new authority that signs for all names.
     *
     * @param random for the key and the serial number
     * @param now from when it is valid
     */
    public static CertificateAuthority create(SecureRandom random, Instant now) {
        return create(random, now, DEFAULT_VALIDITY, List.of());
    }

    /** The same, with its own validity, and the DNS names (with all below them) that it may sign for; empty: all. */
    public static CertificateAuthority create(
            SecureRandom random, Instant now, Duration validity, List<String> permittedNames) {
        try {
            KeyPair pair = keys(random);
            BigInteger serial = serial(random);
            X500Name name = subject(serial);
            X509v3CertificateBuilder builder = builder(name, name, serial, now, now.plus(validity), pair.getPublic());
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            byte[] keyId = keyId(pair.getPublic());
            builder.addExtension(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyId));
            builder.addExtension(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(keyId));
            if (!permittedNames.isEmpty()) {
                builder.addExtension(
                        Extension.nameConstraints,
                        true,
                        new NameConstraints(
                                permittedNames.stream()
                                        .map(dns -> new GeneralSubtree(new GeneralName(GeneralName.dNSName, dns)))
                                        .toArray(GeneralSubtree[]::new),
                                null));
            }
            X509Certificate certificate = signed(builder, pair.getPrivate(), random);
            return new CertificateAuthority(
                    certificate,
                    pair.getPrivate(),
                    Optional.of(new IssuedCertificate(certificate, pair.getPublic(), pair.getPrivate())));
        } catch (IOException | GeneralSecurityException | OperatorCreationException broken) {
            throw new IllegalStateException("this Java cannot make certificates", broken);
        }
    }

    /** An authority from its files; throws if they cannot be read, do not belong together, or are not an authority's. */
    public static CertificateAuthority read(PemSource certificate, PemSource key) throws PemException {
        X509Certificate authority = PemContents.of(certificate).certificates().get(0);
        PrivateKey privateKey = PemContents.of(key, Passphrase.none()).privateKey();
        if (authority.getBasicConstraints() < 0) {
            throw new PemException(certificate.name() + ": found a certificate that is not an authority's");
        }
        try {
            if (!KeyPairs.match(privateKey, authority.getPublicKey())) {
                throw new PemException(
                        key.name() + ": found the key of another certificate, expected that of " + certificate.name());
            }
        } catch (GeneralSecurityException unusable) {
            throw new PemException(key.name() + ": found a key that cannot sign");
        }
        return new CertificateAuthority(authority, privateKey, Optional.empty());
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public byte[] certificatePem() {
        return PemText.certificate(certificate);
    }

    /** The authority as settings take it. */
    public PemSource source() {
        return PemSource.of(certificate.getSubjectX500Principal().getName(), certificatePem());
    }

    /** Of an authority that was created here; throws {@link IllegalStateException} for one that was read. */
    public byte[] keyPem() {
        return made.orElseThrow(
                        () -> new IllegalStateException("the key of an authority that was read stays where it is"))
                .keyPem();
    }

    /** A new key and its certificate. */
    public IssuedCertificate issue(CertificateRequest request, SecureRandom random, Instant now) {
        return issue(request, Optional.empty(), random, now);
    }

    /**
     * A certificate for a key that was made elsewhere, whose private half this authority never sees. Whoever calls has made sure
     * that it belongs to whom the request names.
     */
    public X509Certificate certify(CertificateRequest request, PublicKey of, SecureRandom random, Instant now) {
        try {
            return certificate(request, Optional.empty(), of, random, now);
        } catch (IOException | GeneralSecurityException | OperatorCreationException broken) {
            throw new IllegalStateException("the certificate cannot be made", broken);
        }
    }

    /** An authority below this one. */
    public CertificateAuthority intermediate(String commonName, SecureRandom random, Instant now) {
        CertificateRequest request =
                new CertificateRequest(commonName, List.of(), List.of(), List.of(), Duration.ZERO, DEFAULT_VALIDITY);
        IssuedCertificate below = issue(request, Optional.of(new BasicConstraints(0)), random, now);
        return new CertificateAuthority(below.certificate(), below.privateKey(), Optional.of(below));
    }

    /** A revocation list in PEM that names these certificates. */
    public byte[] revocationsPem(List<X509Certificate> revoked, Instant now, Instant nextUpdate) {
        X509v2CRLBuilder builder = new X509v2CRLBuilder(name(), Date.from(now));
        builder.setNextUpdate(Date.from(nextUpdate));
        revoked.forEach(one -> builder.addCRLEntry(one.getSerialNumber(), Date.from(now), 0));
        try {
            ContentSigner signer = new JcaContentSignerBuilder(KeyPairs.signature(key)).build(key);
            X509CRL list = new JcaX509CRLConverter().getCRL(builder.build(signer));
            return PemText.revocations(list);
        } catch (GeneralSecurityException | OperatorCreationException broken) {
            throw new IllegalStateException("this Java cannot make revocation lists", broken);
        }
    }

    @Override
    public String toString() {
        return "CertificateAuthority[" + certificate.getSubjectX500Principal().getName() + "]";
    }

    private IssuedCertificate issue(
            CertificateRequest request, Optional<BasicConstraints> authority, SecureRandom random, Instant now) {
        try {
            KeyPair pair = keys(random);
            return new IssuedCertificate(
                    certificate(request, authority, pair.getPublic(), random, now),
                    pair.getPublic(),
                    pair.getPrivate());
        } catch (IOException | GeneralSecurityException | OperatorCreationException broken) {
            throw new IllegalStateException("the certificate cannot be made", broken);
        }
    }

    private X509Certificate certificate(
            CertificateRequest request,
            Optional<BasicConstraints> authority,
            PublicKey of,
            SecureRandom random,
            Instant now)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        Instant from = now.plus(request.notBeforeAfterIssue());
        X509v3CertificateBuilder builder = builder(
                name(),
                new X500NameBuilder(BCStyle.INSTANCE)
                        .addRDN(BCStyle.CN, request.commonName())
                        .build(),
                serial(random),
                from,
                from.plus(request.validity()),
                of);
        builder.addExtension(
                Extension.keyUsage,
                true,
                new KeyUsage(
                        authority.isPresent()
                                ? KeyUsage.digitalSignature | KeyUsage.keyCertSign | KeyUsage.cRLSign
                                : KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
        if (!request.usages().isEmpty()) {
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(request.usages().stream()
                            .map(CertificateAuthority::purpose)
                            .toArray(KeyPurposeId[]::new)));
        }
        builder.addExtension(Extension.basicConstraints, true, authority.orElse(new BasicConstraints(false)));
        builder.addExtension(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyId(of)));
        builder.addExtension(
                Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(keyId(certificate.getPublicKey())));
        List<GeneralName> names = new ArrayList<>();
        request.dnsNames().forEach(dns -> names.add(new GeneralName(GeneralName.dNSName, dns)));
        request.ipAddresses().forEach(ip -> names.add(new GeneralName(GeneralName.iPAddress, ip)));
        if (!names.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
        }
        return signed(builder, key, random);
    }

    private X500Name name() {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    private static X500Name subject(BigInteger serial) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.C, "US")
                .addRDN(BCStyle.O, "HashiCorp Inc.")
                .addRDN(BCStyle.L, "San Francisco")
                .addRDN(BCStyle.ST, "CA")
                .addRDN(BCStyle.STREET, "101 Second Street")
                .addRDN(BCStyle.POSTAL_CODE, "94105")
                .addRDN(BCStyle.CN, "Consul Agent CA " + serial)
                .build();
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, BigInteger serial, Instant from, Instant until, PublicKey key) {
        return new X509v3CertificateBuilder(
                issuer,
                serial,
                Date.from(from),
                Date.from(until),
                subject,
                SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    }

    /** All chance is the caller's, the signature's too: the same chance makes the same certificate. */
    private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key, SecureRandom random)
            throws GeneralSecurityException, OperatorCreationException {
        ContentSigner signer = new JcaContentSignerBuilder(KeyPairs.signature(key))
                .setSecureRandom(random)
                .build(key);
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    }

    private static KeyPair keys(SecureRandom random) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    /** Below 2^128, never zero. */
    private static BigInteger serial(SecureRandom random) {
        BigInteger serial = new BigInteger(SERIAL_BITS, random);
        return serial.signum() == 0 ? BigInteger.ONE : serial;
    }

    /** The whole SHA-256 of the SubjectPublicKeyInfo, as the real tool has it. */
    private static byte[] keyId(PublicKey key) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
    }

    private static KeyPurposeId purpose(Usage usage) {
        return switch (usage) {
            case SERVER -> KeyPurposeId.id_kp_serverAuth;
            case CLIENT -> KeyPurposeId.id_kp_clientAuth;
        };
    }
}
