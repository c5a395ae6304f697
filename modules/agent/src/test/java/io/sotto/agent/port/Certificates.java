package io.sotto.agent.port;

import io.sotto.pki.TlsSettings;
import io.sotto.pki.TlsSettings.Dialect;
import io.sotto.pki.TlsSnapshot;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority with a server and a client, made once. */
final class Certificates {
    private static final SecureRandom RANDOM = new SecureRandom();
    static final CertificateAuthority AUTHORITY = CertificateAuthority.create(RANDOM, now());
    static final IssuedCertificate SERVER = issue(CertificateRequest.server("dc1", "consul"));
    static final IssuedCertificate OTHER_SERVER = issue(CertificateRequest.server("dc1", "consul"));
    static final IssuedCertificate CLIENT = issue(CertificateRequest.cli("dc1", "consul"));

    private Certificates() {}

    private static Instant now() {
        return Instant.now();
    }

    private static IssuedCertificate issue(CertificateRequest request) {
        return AUTHORITY.issue(request, RANDOM, now());
    }

    static TlsSnapshot snapshot(IssuedCertificate own, UnaryOperator<TlsSettings.Builder> more) throws Exception {
        return TlsSnapshot.create(
                more.apply(TlsSettings.builder(Dialect.SOTTO)
                                .authorities(List.of(AUTHORITY.source()))
                                .certificate(own.certificateSource())
                                .key(own.keySource()))
                        .build(),
                1,
                Instant::now);
    }

    /** What a client uses that trusts the authority. */
    static SSLContext client(Optional<IssuedCertificate> own) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", AUTHORITY.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.isPresent() ? keys(own.get()) : new KeyManager[0], trust.getTrustManagers(), null);
        return context;
    }

    private static KeyManager[] keys(IssuedCertificate own) throws Exception {
        char[] none = {};
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, none);
        store.setKeyEntry("own", own.privateKey(), none, new X509Certificate[] {own.certificate()});
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, none);
        return factory.getKeyManagers();
    }
}
