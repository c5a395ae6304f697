package io.sotto.pki;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * What a certificate says, as text that is safe to show: everything here may come from a stranger and is bounded.
 *
 * @param subject RFC 2253
 * @param commonName of the subject, empty if it has none
 * @param issuer RFC 2253
 * @param serial as a number
 * @param notBefore first instant
 * @param notAfter last instant
 * @param dnsNames of the subject alternative name, in order
 * @param ipAddresses of the subject alternative name, in order
 * @param usages words of the extended key usage, empty if the extension is missing (then it is good for all)
 * @param authority whether it may sign others
 * @param key algorithm and size of its key
 * @param fingerprint SHA-256 of its DER, in hex
 */
public record CertificateFacts(
        String subject,
        String commonName,
        String issuer,
        BigInteger serial,
        Instant notBefore,
        Instant notAfter,
        List<String> dnsNames,
        List<String> ipAddresses,
        List<String> usages,
        boolean authority,
        String key,
        String fingerprint) {
    private static final Map<String, String> WORDS = Map.of("2.5.4.17", "postalCode", "2.5.4.5", "serialNumber");
    private static final int SAN_DNS = 2;
    private static final int SAN_IP = 7;

    public CertificateFacts {
        dnsNames = List.copyOf(dnsNames);
        ipAddresses = List.copyOf(ipAddresses);
        usages = List.copyOf(usages);
    }

    /** Never throws: what cannot be read is left out. */
    public static CertificateFacts of(X509Certificate certificate) {
        return new CertificateFacts(
                Printable.of(full(certificate.getSubjectX500Principal())),
                Printable.of(commonName(certificate)),
                Printable.of(full(certificate.getIssuerX500Principal())),
                certificate.getSerialNumber(),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                names(certificate, SAN_DNS).stream().map(Printable::of).toList(),
                names(certificate, SAN_IP).stream().map(Printable::of).toList(),
                usages(certificate),
                certificate.getBasicConstraints() >= 0,
                KeyKind.of(certificate.getPublicKey()),
                fingerprint(certificate));
    }

    /** Negative once it has expired. */
    public Duration left(Instant now) {
        return Duration.between(now, notAfter);
    }

    /** One line: who it is, by whom, and its serial and fingerprint, so that it can be found and revoked. */
    public String brief() {
        return (subject.isEmpty() ? "(no subject)" : subject) + ", issued by " + issuer + ", serial " + serial
                + ", SHA-256 " + fingerprint;
    }

    static List<String> dnsNames(X509Certificate certificate) {
        return names(certificate, SAN_DNS);
    }

    /** The common name if there is one, else the whole of it. */
    static String name(X500Principal principal) {
        String commonName = commonName(principal);
        return commonName.isEmpty() ? full(principal) : commonName;
    }

    static String commonName(X509Certificate certificate) {
        return commonName(certificate.getSubjectX500Principal());
    }

    private static String full(X500Principal principal) {
        return principal.getName(X500Principal.RFC2253, WORDS);
    }

    private static String commonName(X500Principal principal) {
        try {
            List<Rdn> parts = new LdapName(principal.getName()).getRdns();
            return parts.stream()
                    .filter(part -> part.getType().equalsIgnoreCase("CN"))
                    .map(part -> String.valueOf(part.getValue()))
                    .findFirst()
                    .orElse("");
        } catch (InvalidNameException odd) {
            return "";
        }
    }

    /** The object identifiers, or nothing if the extension is missing. */
    static Optional<List<String>> usageOids(X509Certificate certificate) throws CertificateParsingException {
        return Optional.ofNullable(certificate.getExtendedKeyUsage());
    }

    private static List<String> usages(X509Certificate certificate) {
        try {
            return usageOids(certificate).orElse(List.of()).stream()
                    .limit(16)
                    .map(CertificateFacts::word)
                    .toList();
        } catch (CertificateParsingException odd) {
            return List.of("unreadable");
        }
    }

    private static String word(String oid) {
        for (Usage usage : Usage.values()) {
            if (usage.oid().equals(oid)) {
                return usage.word();
            }
        }
        return oid.equals(Usage.ANY) ? "any" : Printable.of(oid);
    }

    private static List<String> names(X509Certificate certificate, int kind) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> entry : all) {
                    if (entry.get(0).equals(kind) && entry.get(1) instanceof String text && names.size() < 256) {
                        names.add(text);
                    }
                }
            }
        } catch (CertificateParsingException odd) {
            return List.of();
        }
        return names;
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
