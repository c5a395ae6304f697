package io.sotto.pki;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The suites that connections may use: TLS 1.3's, and of TLS 1.2 those with ECDHE and an AEAD. A list in the settings may
 * narrow those of 1.2, by the names of Go; it cannot widen them.
 */
final class CipherSuites {
    private static final List<String> TLS_1_3 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private static final List<String> TLS_1_2 = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** What a real agent knows beside those above: read, never used. */
    private static final Set<String> KNOWN_AND_REFUSED = Set.of(
            "TLS_RSA_WITH_RC4_128_SHA",
            "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
            "TLS_RSA_WITH_AES_128_CBC_SHA",
            "TLS_RSA_WITH_AES_256_CBC_SHA",
            "TLS_RSA_WITH_AES_128_CBC_SHA256",
            "TLS_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
            "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256");

    private CipherSuites() {}

    /** Reads a comma list, adds to {@code faults} and {@code warnings}; an empty list asks for all. */
    static List<String> read(String list, List<String> faults, List<String> warnings) {
        List<String> suites = new ArrayList<>(TLS_1_3);
        List<String> wanted = Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        if (wanted.isEmpty()) {
            suites.addAll(TLS_1_2);
            return List.copyOf(suites);
        }
        for (String name : wanted) {
            String full = withHash(name);
            if (TLS_1_2.contains(full)) {
                suites.add(full);
            } else if (KNOWN_AND_REFUSED.contains(name)) {
                warnings.add("tls_cipher_suites: " + name
                        + " is not used: TLS 1.2 is spoken with ECDHE and AEAD suites only");
            } else {
                faults.add("tls_cipher_suites: invalid tls cipher suites: unsupported cipher \"" + Printable.of(name)
                        + "\"");
            }
        }
        return List.copyOf(suites);
    }

    /** Go's older names of the two ChaCha suites end without the hash. */
    private static String withHash(String name) {
        return name.endsWith("_CHACHA20_POLY1305") ? name + "_SHA256" : name;
    }
}
