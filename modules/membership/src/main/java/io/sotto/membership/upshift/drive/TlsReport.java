package io.sotto.membership.upshift.drive;

import java.time.Instant;
import java.util.Optional;

/**
 * What a member says of its own TLS.
 *
 * @param hasCertificate whether it holds a certificate with its key that peers would take
 * @param hasAuthority whether it holds authorities to judge others by
 * @param verifyIncoming whether it refuses plain calls and callers without a certificate
 * @param verifyOutgoing whether it calls by TLS only
 * @param lastPlainCall when it last took a call without TLS, by its own clock, if it did since its start
 * @param certificateEnds when its certificate ends
 * @param fingerprint of its certificate: SHA-256 in lower-case hexadecimal digits; empty if it has none
 * @param fault why its certificate would not do, if that is so
 */
public record TlsReport(
        boolean hasCertificate,
        boolean hasAuthority,
        boolean verifyIncoming,
        boolean verifyOutgoing,
        Optional<Instant> lastPlainCall,
        Optional<Instant> certificateEnds,
        String fingerprint,
        Optional<String> fault) {}
