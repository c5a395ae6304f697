package io.sotto.pki.enrolment;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A hash of a token's secret: by it the authority knows the secret again, and it keys the hashes of both messages. As good as the
 * token itself to who reads it, so its text form shows nothing.
 */
final class Verifier {
    private static final int BYTES = 32;

    private final byte[] bytes;

    Verifier(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** From the digits that a ledger keeps. */
    static Optional<Verifier> parse(String digits) {
        try {
            byte[] bytes = HexFormat.of().parseHex(digits);
            return bytes.length == BYTES ? Optional.of(new Verifier(bytes)) : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** For the ledger's file. */
    String digits() {
        return HexFormat.of().formatHex(bytes);
    }

    byte[] hash(String purpose, List<byte[]> parts) {
        return KeyedHash.of(bytes, purpose, parts);
    }

    @Override
    public String toString() {
        return "Verifier";
    }
}
