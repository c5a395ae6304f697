package io.sotto.rpc.link;

import io.sotto.pki.TlsSettings;
import io.sotto.pki.TlsSettings.Dialect;
import io.sotto.pki.TlsSnapshot;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;

/** An authority and what it signed, for tests of connections. */
final class TestTls {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final SecureRandom random = new SecureRandom();
    private final CertificateAuthority authority = CertificateAuthority.create(random, NOW);

    TlsSnapshot server(long generation, UnaryOperator<TlsSettings.Builder> more) throws Exception {
        return snapshot(CertificateRequest.server("dc1", "consul"), generation, more);
    }

    TlsSnapshot client(long generation, UnaryOperator<TlsSettings.Builder> more) throws Exception {
        return snapshot(CertificateRequest.client("dc1", "consul"), generation, more);
    }

    /** Fully verified, in both directions. */
    static TlsSettings.Builder verified(TlsSettings.Builder builder) {
        return builder.verifyIncoming(true).verifyOutgoing(true).verifyServerHostname(true);
    }

    /** Trusts the authority, and has nothing to show. */
    TlsSnapshot onlyTrust(UnaryOperator<TlsSettings.Builder> more) throws Exception {
        var builder = TlsSettings.builder(Dialect.CONSUL).authorities(List.of(authority.source()));
        return TlsSnapshot.create(more.apply(builder).build(), 1, InstantSource.fixed(NOW.plusSeconds(3600)));
    }

    private TlsSnapshot snapshot(CertificateRequest request, long generation, UnaryOperator<TlsSettings.Builder> more)
            throws Exception {
        IssuedCertificate issued = authority.issue(request, random, NOW);
        var builder = TlsSettings.builder(Dialect.CONSUL)
                .authorities(List.of(authority.source()))
                .certificate(issued.certificateSource())
                .key(issued.keySource());
        return TlsSnapshot.create(more.apply(builder).build(), generation, InstantSource.fixed(NOW.plusSeconds(3600)));
    }
}
