package io.sotto.pki;

import java.util.Map;

/** What a failed handshake means, from the platform's exceptions. Source: Go's crypto/tls, alert.go, for the words. */
final class TlsFailures {
    private static final String ALERT = "Received fatal alert: ";

    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("unexpected_message", "unexpected message"),
            Map.entry("bad_record_mac", "bad record MAC"),
            Map.entry("handshake_failure", "handshake failure"),
            Map.entry("bad_certificate", "bad certificate"),
            Map.entry("unsupported_certificate", "unsupported certificate"),
            Map.entry("certificate_revoked", "revoked certificate"),
            Map.entry("certificate_expired", "expired certificate"),
            Map.entry("certificate_unknown", "unknown certificate"),
            Map.entry("illegal_parameter", "illegal parameter"),
            Map.entry("unknown_ca", "unknown certificate authority"),
            Map.entry("access_denied", "access denied"),
            Map.entry("decode_error", "error decoding message"),
            Map.entry("decrypt_error", "error decrypting message"),
            Map.entry("protocol_version", "protocol version not supported"),
            Map.entry("insufficient_security", "insufficient security level"),
            Map.entry("internal_error", "internal error"),
            Map.entry("unrecognized_name", "unrecognized name"),
            Map.entry("certificate_required", "certificate required"),
            Map.entry("no_application_protocol", "no application protocol"));

    private TlsFailures() {}

    static PeerRefused explain(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < 16; depth++, at = at.getCause()) {
            if (at instanceof PeerRefusedException ours) {
                return ours.refused();
            }
        }
        String message = String.valueOf(failure.getMessage());
        if (message.startsWith(ALERT)) {
            return alert(message.substring(ALERT.length()).strip());
        }
        if (message.startsWith("Empty ") && message.endsWith("certificate chain")) {
            return new PeerRefused(
                    Reason.NO_CERTIFICATE,
                    "tls: client didn't provide a certificate",
                    "a client certificate of this pool's authority",
                    "none",
                    java.util.Optional.empty());
        }
        if (message.contains("not recognized as") || message.contains("plaintext connection")) {
            return new PeerRefused(Reason.PLAINTEXT, "tls: first record does not look like a TLS handshake");
        }
        if (message.contains("protocol version")
                || message.contains("cipher suites in common")
                || message.contains("not accepted by")
                || message.contains("appropriate protocol")) {
            return new PeerRefused(Reason.NO_COMMON_PROTOCOL, "tls: no version or suite in common with the peer");
        }
        return new PeerRefused(Reason.HANDSHAKE, "tls: handshake failed: " + Printable.of(message));
    }

    private static PeerRefused alert(String name) {
        String text = "remote error: tls: "
                + WORDS.getOrDefault(name, Printable.of(name).replace('_', ' '));
        return switch (name) {
            case "unrecognized_name" ->
                new PeerRefused(
                        Reason.NO_TLS,
                        text,
                        "a peer that serves TLS",
                        "one without a certificate",
                        java.util.Optional.empty());
            case "protocol_version", "handshake_failure", "insufficient_security" ->
                new PeerRefused(Reason.NO_COMMON_PROTOCOL, text);
            default -> new PeerRefused(Reason.REFUSED_BY_PEER, text);
        };
    }
}
