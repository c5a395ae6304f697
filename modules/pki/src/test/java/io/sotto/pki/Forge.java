package io.sotto.pki;

import io.sotto.pki.TlsSettings.Dialect;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** One authority, one moment, and whatever it signs. */
final class Forge {
    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    static final SecureRandom RANDOM = new SecureRandom();

    final CertificateAuthority authority = CertificateAuthority.create(RANDOM, NOW.minusSeconds(3600));

    IssuedCertificate issue(CertificateRequest request) {
        return authority.issue(request, RANDOM, NOW);
    }

    IssuedCertificate server() {
        return issue(CertificateRequest.server("dc1", "consul"));
    }

    IssuedCertificate client() {
        return issue(CertificateRequest.client("dc1", "consul"));
    }

    TlsSettings.Builder settings(Dialect dialect) {
        return TlsSettings.builder(dialect).authorities(List.of(authority.source()));
    }

    TlsSettings.Builder settings(Dialect dialect, IssuedCertificate own) {
        return settings(dialect).certificate(own.certificateSource()).key(own.keySource());
    }

    static TlsSnapshot snapshot(TlsSettings.Builder settings) {
        try {
            return TlsSnapshot.create(settings.build(), 1, InstantSource.fixed(NOW));
        } catch (InvalidTlsException invalid) {
            throw new AssertionError(invalid);
        }
    }
}
