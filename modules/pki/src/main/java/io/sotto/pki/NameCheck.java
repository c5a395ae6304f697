package io.sotto.pki;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a certificate holds a DNS name: only by a dNSName of its subject alternative name that is equal to it, letter case
 * apart. Neither a CN nor a wildcard counts.
 *
 * <p>Source: security rules, "TLS"; Go's crypto/x509, HostnameError, for the words.
 */
final class NameCheck {
    private NameCheck() {}

    static boolean holds(X509Certificate certificate, String name) {
        return CertificateFacts.dnsNames(certificate).stream().anyMatch(found -> found.equalsIgnoreCase(name));
    }

    static Optional<PeerRefused> refusal(X509Certificate leaf, String name) {
        if (holds(leaf, name)) {
            return Optional.empty();
        }
        List<String> names = CertificateFacts.dnsNames(leaf);
        String expected = "the DNS name " + name;
        if (names.stream().anyMatch(found -> wildcardMatches(found, name))) {
            return ChainCheck.refused(
                    Reason.WILDCARD,
                    wrong(names, name),
                    expected + " itself",
                    "a wildcard, which does not prove a server: " + Printable.of(names),
                    leaf);
        }
        String commonName = CertificateFacts.commonName(leaf);
        if (commonName.equalsIgnoreCase(name)) {
            return ChainCheck.refused(
                    Reason.NAME_ONLY_IN_CN,
                    names.isEmpty()
                            ? "x509: certificate relies on legacy Common Name field, use SANs instead"
                            : wrong(names, name),
                    expected + " as a subject alternative name",
                    "it as the CN only",
                    leaf);
        }
        return ChainCheck.refused(
                Reason.WRONG_NAME,
                wrong(names, name),
                expected,
                names.isEmpty() ? "no DNS name, CN " + Printable.of(commonName) : Printable.of(names),
                leaf);
    }

    private static String wrong(List<String> names, String name) {
        return names.isEmpty()
                ? "x509: certificate is not valid for any names, but wanted to match " + name
                : "x509: certificate is valid for " + Printable.of(names) + ", not " + name;
    }

    private static boolean wildcardMatches(String pattern, String name) {
        String[] wanted = name.toLowerCase(Locale.ROOT).split("\\.", -1);
        String[] given = pattern.toLowerCase(Locale.ROOT).split("\\.", -1);
        if (wanted.length != given.length || !pattern.contains("*")) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!given[i].contains("*") && !given[i].equals(wanted[i])) {
                return false;
            }
        }
        return true;
    }
}
