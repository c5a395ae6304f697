package io.sotto.pki;

import java.util.Locale;
import java.util.Optional;

/** The lowest version of TLS that a connection may use. Older words are read and mean 1.2: nothing below is ever spoken. */
public enum TlsVersion {
    TLS_1_2,
    TLS_1_3;

    /** Reads {@code tls12}, or {@code TLSv1_2} as later agents write it; nothing for anything else. */
    public static Optional<TlsVersion> read(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "", "tls10", "tls11", "tls12", "tlsv1_0", "tlsv1_1", "tlsv1_2" -> Optional.of(TLS_1_2);
            case "tls13", "tlsv1_3" -> Optional.of(TLS_1_3);
            default -> Optional.empty();
        };
    }

    /** Whether a word asks for less than is ever spoken. */
    static boolean asksForLess(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return lower.endsWith("10") || lower.endsWith("11") || lower.endsWith("1_0") || lower.endsWith("1_1");
    }

    String[] protocols() {
        return switch (this) {
            case TLS_1_2 -> new String[] {"TLSv1.3", "TLSv1.2"};
            case TLS_1_3 -> new String[] {"TLSv1.3"};
        };
    }
}
