package io.sotto.bench.rpc;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A fresh authority and one certificate of it, which both ends of every stack show: EC P-256, server and client, for
 * {@code server.dc1.consul}. Source: ours.
 */
public final class EchoKeys {
    /** The name in the certificate. */
    public static final String NAME = "server.dc1.consul";

    /** What every stack speaks that lets itself be told. */
    static final String PROTOCOL = "TLSv1.3";

    static final String SUITE = "TLS_AES_128_GCM_SHA256";

    private static final Duration LIFE = Duration.ofDays(2);

    private final X509Certificate authority;
    private final X509Certificate leaf;
    private final PrivateKey key;
    private final SSLContext context;

    private EchoKeys(X509Certificate authority, X509Certificate leaf, PrivateKey key) throws Exception {
        this.authority = authority;
        this.leaf = leaf;
        this.key = key;
        this.context = context(store(new char[0]));
    }

    public static EchoKeys fresh() throws Exception {
        KeyPair root = pair();
        KeyPair pair = pair();
        X500Name issuer = new X500Name("CN=bench authority");
        X509Certificate authority = sign(builder(issuer, issuer, root, BigInteger.ONE, true), root);
        var builder = builder(issuer, new X500Name("CN=" + NAME), pair, BigInteger.TWO, false);
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
            KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
        }));
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, NAME), new GeneralName(GeneralName.dNSName, "localhost")
        }));
        return new EchoKeys(authority, sign(builder, root), pair.getPrivate());
    }

    X509Certificate authority() {
        return authority;
    }

    X509Certificate leaf() {
        return leaf;
    }

    PrivateKey key() {
        return key;
    }

    /** The authority, the certificate or the key as a PEM file has it. */
    static byte[] pem(Object what) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(what);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** A JSSE engine of one end; a server asks for the certificate of its client. */
    SSLEngine engine(boolean client) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(client);
        engine.setEnabledProtocols(new String[] {PROTOCOL});
        engine.setEnabledCipherSuites(new String[] {SUITE});
        if (!client) {
            engine.setNeedClientAuth(true);
        }
        return engine;
    }

    /** Writes key, certificate and authority as one PKCS #12 store. */
    void writeStore(Path file, char[] password) throws Exception {
        try (OutputStream out = Files.newOutputStream(file)) {
            store(password).store(out, password);
        }
    }

    private KeyStore store(char[] password) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, password);
        store.setKeyEntry("echo", key, password, new Certificate[] {leaf});
        store.setCertificateEntry("authority", authority);
        return store;
    }

    private static SSLContext context(KeyStore store) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair pair, BigInteger serial, boolean authority)
            throws CertIOException {
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                issuer, serial, Date.from(now.minus(LIFE)), Date.from(now.plus(LIFE)), subject, pair.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        return builder;
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, KeyPair signer)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
    }
}
