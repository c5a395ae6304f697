package io.sotto.bench.rpc;

import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import io.sotto.pki.pem.PemSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;

/**
 * A fresh authority and one certificate of it, which both ends of every stack show: EC P-256, server and client, for
 * {@code server.dc1.consul}. Source: ours.
 */
public final class EchoKeys {
    /** The name in the certificate. */
    static final String NAME = "server.dc1.consul";

    /** What every stack speaks that lets itself be told. */
    static final String PROTOCOL = "TLSv1.3";

    static final String SUITE = "TLS_AES_128_GCM_SHA256";

    private final CertificateAuthority authority;
    private final IssuedCertificate leaf;
    private final SSLContext context;

    private EchoKeys(CertificateAuthority authority, IssuedCertificate leaf)
            throws GeneralSecurityException, IOException {
        this.authority = authority;
        this.leaf = leaf;
        this.context = context(store(new char[0]));
    }

    public static EchoKeys fresh() throws GeneralSecurityException, IOException {
        SecureRandom random = new SecureRandom();
        Instant now = Instant.now();
        CertificateAuthority authority = CertificateAuthority.create(random, now);
        return new EchoKeys(authority, authority.issue(CertificateRequest.server("dc1", "consul"), random, now));
    }

    X509Certificate authority() {
        return authority.certificate();
    }

    PemSource authoritySource() {
        return authority.source();
    }

    X509Certificate certificate() {
        return leaf.certificate();
    }

    PemSource certificateSource() {
        return leaf.certificateSource();
    }

    PrivateKey key() {
        return leaf.privateKey();
    }

    PemSource keySource() {
        return leaf.keySource();
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
    void writeStore(Path file, char[] password) throws GeneralSecurityException, IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            store(password).store(out, password);
        }
    }

    private KeyStore store(char[] password) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, password);
        store.setKeyEntry("echo", key(), password, new Certificate[] {certificate()});
        store.setCertificateEntry("authority", authority());
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
}
