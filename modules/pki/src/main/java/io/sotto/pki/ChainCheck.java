package io.sotto.pki;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a presented chain leads to a trusted authority: signatures, validity, constraints of the authorities, revocation and
 * extended key usage. The order of the checks decides which reason wins: the leaf's dates, the chain, revocation, the name,
 * the usage. So a name that is wrong is only ever told of a certificate whose chain is right.
 *
 * <p>The work that a stranger can cause is bounded: 16 certificates, chains of 8, 100 signatures. Immutable.
 *
 * <p>Source: Go's crypto/x509, verify.go, for the rules and the words; ours: names before usage only after the chain, and
 * revocation.
 */
final class ChainCheck {
    private static final int MAX_PRESENTED = 16;
    private static final int MAX_DEPTH = 8;
    private static final int MAX_SIGNATURES = 100;
    private static final int KEY_CERT_SIGN = 5;
    private static final DateTimeFormatter GO_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final List<X509Certificate> anchors;
    private final Revocations revocations;

    ChainCheck(List<X509Certificate> anchors, Revocations revocations) {
        this.anchors = List.copyOf(anchors);
        this.revocations = revocations;
    }

    /**
     * Why not, or nothing if all is right.
     *
     * @param presented leaf first, then intermediates in any order
     * @param usage the side that the peer stands on
     * @param expectedName the DNS name that the leaf must hold; empty: any
     */
    Optional<PeerRefused> refusal(
            List<X509Certificate> presented, Optional<Usage> usage, Optional<String> expectedName, Instant now) {
        if (presented.isEmpty()) {
            return Optional.of(new PeerRefused(
                    Reason.NO_CERTIFICATE,
                    "tls: client didn't provide a certificate",
                    "a certificate",
                    "none",
                    Optional.empty()));
        }
        X509Certificate leaf = presented.get(0);
        if (presented.size() > MAX_PRESENTED) {
            return refused(
                    Reason.MALFORMED,
                    "x509: too many certificates presented",
                    "at most " + MAX_PRESENTED,
                    presented.size() + "",
                    leaf);
        }
        try {
            Optional<PeerRefused> dates = dates(leaf, now, leaf);
            if (dates.isPresent()) {
                return dates;
            }
            Search search = new Search(presented, now);
            List<X509Certificate> chain = search.chain(List.of(leaf));
            if (chain.isEmpty()) {
                return Optional.of(search.failure != null ? search.failure : unknown(presented));
            }
            return revoked(chain)
                    .or(() -> expectedName.flatMap(name -> NameCheck.refusal(leaf, name)))
                    .or(() -> usage.flatMap(side -> usage(chain, side)));
        } catch (RuntimeException odd) { // the platform's parser on what a stranger made
            return Optional.of(new PeerRefused(Reason.MALFORMED, "x509: malformed certificate"));
        }
    }

    private static Optional<PeerRefused> dates(X509Certificate certificate, Instant now, X509Certificate leaf) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        String which = certificate.equals(leaf)
                ? "the certificate"
                : "the authority " + Printable.of(CertificateFacts.name(certificate.getSubjectX500Principal()));
        if (now.isAfter(until)) {
            return refused(
                    Reason.EXPIRED,
                    "x509: certificate has expired or is not yet valid: current time " + GO_TIME.format(now)
                            + " is after " + GO_TIME.format(until),
                    "a certificate that is valid now",
                    which + " expired at " + GO_TIME.format(until),
                    leaf);
        }
        if (now.isBefore(from)) {
            return refused(
                    Reason.NOT_YET_VALID,
                    "x509: certificate has expired or is not yet valid: current time " + GO_TIME.format(now)
                            + " is before " + GO_TIME.format(from),
                    "a certificate that is valid now",
                    which + " is valid from " + GO_TIME.format(from) + " on",
                    leaf);
        }
        return Optional.empty();
    }

    private PeerRefused unknown(List<X509Certificate> presented) {
        X509Certificate last = presented.get(presented.size() - 1);
        return new PeerRefused(
                Reason.UNKNOWN_AUTHORITY,
                "x509: certificate signed by unknown authority",
                anchors.isEmpty()
                        ? "a trusted authority, but none is configured"
                        : "a chain to "
                                + Printable.of(anchors.stream()
                                        .map(anchor -> CertificateFacts.name(anchor.getSubjectX500Principal()))
                                        .toList()),
                Printable.of(CertificateFacts.name(presented.get(0).getSubjectX500Principal())) + " issued by "
                        + Printable.of(CertificateFacts.name(last.getIssuerX500Principal())),
                Optional.of(CertificateFacts.of(presented.get(0))));
    }

    private Optional<PeerRefused> revoked(List<X509Certificate> chain) {
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (revocations.revoked(chain.get(i), chain.get(i + 1))) {
                return refused(
                        Reason.REVOKED,
                        "x509: certificate is revoked",
                        "a certificate that no revocation list names",
                        "serial " + chain.get(i).getSerialNumber() + " in the list of "
                                + Printable.of(
                                        CertificateFacts.name(chain.get(i).getIssuerX500Principal())),
                        chain.get(0));
            }
        }
        return Optional.empty();
    }

    private static Optional<PeerRefused> usage(List<X509Certificate> chain, Usage side) {
        for (X509Certificate certificate : chain) {
            try {
                Optional<List<String>> oids = CertificateFacts.usageOids(certificate);
                if (oids.isPresent()
                        && !oids.get().contains(side.oid())
                        && !oids.get().contains(Usage.ANY)) {
                    return refused(
                            Reason.WRONG_USAGE,
                            "x509: certificate specifies an incompatible key usage",
                            side.word(),
                            Printable.of(CertificateFacts.of(certificate).usages()),
                            chain.get(0));
                }
            } catch (CertificateParsingException odd) {
                return refused(
                        Reason.MALFORMED, "x509: malformed certificate", "", "an unreadable key usage", chain.get(0));
            }
        }
        return Optional.empty();
    }

    static Optional<PeerRefused> refused(
            Reason reason, String text, String expected, String found, X509Certificate leaf) {
        return Optional.of(new PeerRefused(reason, text, expected, found, Optional.of(CertificateFacts.of(leaf))));
    }

    /** One search for a chain: depth first, anchors before intermediates. */
    private final class Search {
        private final List<X509Certificate> presented;
        private final Instant now;
        private int signatures;
        private @Nullable PeerRefused failure;

        Search(List<X509Certificate> presented, Instant now) {
            this.presented = presented;
            this.now = now;
        }

        /** The whole chain, leaf first and anchor last, or nothing. */
        List<X509Certificate> chain(List<X509Certificate> soFar) {
            X509Certificate last = soFar.get(soFar.size() - 1);
            if (anchors.contains(last)) {
                return soFar;
            }
            if (soFar.size() >= MAX_DEPTH || !acceptable(last)) {
                return List.of();
            }
            for (X509Certificate anchor : anchors) {
                if (signs(anchor, last, soFar)) {
                    return append(soFar, anchor);
                }
            }
            for (X509Certificate candidate : presented) {
                if (!soFar.contains(candidate) && signs(candidate, last, soFar)) {
                    List<X509Certificate> whole = chain(append(soFar, candidate));
                    if (!whole.isEmpty()) {
                        return whole;
                    }
                }
            }
            return List.of();
        }

        private boolean acceptable(X509Certificate certificate) {
            String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
            if (algorithm.startsWith("SHA1") || algorithm.startsWith("MD")) {
                keep(refused(
                        Reason.MALFORMED,
                        "x509: cannot verify signature: insecure algorithm "
                                + Printable.of(certificate.getSigAlgName()),
                        "SHA-256 or better",
                        Printable.of(certificate.getSigAlgName()),
                        presented.get(0)));
                return false;
            }
            if (certificate.hasUnsupportedCriticalExtension()) {
                keep(refused(Reason.MALFORMED, "x509: unhandled critical extension", "", "", presented.get(0)));
                return false;
            }
            return true;
        }

        private boolean signs(X509Certificate issuer, X509Certificate subject, List<X509Certificate> below) {
            if (!issuer.getSubjectX500Principal().equals(subject.getIssuerX500Principal())
                    || ++signatures > MAX_SIGNATURES) {
                return false;
            }
            try {
                subject.verify(issuer.getPublicKey());
            } catch (GeneralSecurityException | RuntimeException notSigned) {
                return false;
            }
            Optional<PeerRefused> fault = authorityFault(issuer, below);
            keep(fault);
            return fault.isEmpty();
        }

        private Optional<PeerRefused> authorityFault(X509Certificate issuer, List<X509Certificate> below) {
            X509Certificate leaf = presented.get(0);
            boolean[] keyUsage = issuer.getKeyUsage();
            int authoritiesBelow = below.size() - 1;
            if (issuer.getBasicConstraints() < 0 || (keyUsage != null && !keyUsage[KEY_CERT_SIGN])) {
                return refused(
                        Reason.UNKNOWN_AUTHORITY,
                        "x509: certificate signed by unknown authority",
                        "an issuer that is an authority",
                        Printable.of(CertificateFacts.name(issuer.getSubjectX500Principal()))
                                + ", which may not sign certificates",
                        leaf);
            }
            if (authoritiesBelow > issuer.getBasicConstraints()) {
                return refused(
                        Reason.UNKNOWN_AUTHORITY,
                        "x509: too many intermediates for path length constraint",
                        "",
                        "",
                        leaf);
            }
            return dates(issuer, now, leaf).or(() -> NameConstraints.refusal(issuer, below));
        }

        private void keep(Optional<PeerRefused> fault) {
            if (failure == null && fault.isPresent()) {
                failure = fault.get();
            }
        }
    }

    private static List<X509Certificate> append(List<X509Certificate> chain, X509Certificate next) {
        List<X509Certificate> longer = new ArrayList<>(chain);
        longer.add(next);
        return List.copyOf(longer);
    }
}
