package io.sotto.pki;

import java.util.Optional;

/**
 * Why a peer is refused. A value: logs, metrics, call failures and alarms all read it from here.
 *
 * @param reason the kind
 * @param text in the words of a real agent where it has any ({@code x509: certificate signed by unknown authority})
 * @param expected what would have been accepted; empty where there is nothing to say
 * @param found what was there instead; names come from the peer, so they are bounded and printable
 * @param certificate the peer's leaf, if it showed one that could be read
 */
public record PeerRefused(
        Reason reason, String text, String expected, String found, Optional<CertificateFacts> certificate) {

    public PeerRefused(Reason reason, String text) {
        this(reason, text, "", "", Optional.empty());
    }

    /** The refusal in a failure of the handshake: ours, with its details, or what the peer's alert tells. */
    public static PeerRefused from(Throwable failure) {
        return TlsFailures.explain(failure);
    }

    /** One line for people: the text, then what was expected and found. */
    public String explain() {
        StringBuilder line = new StringBuilder(text);
        if (!expected.isEmpty()) {
            line.append("; expected ").append(expected);
        }
        if (!found.isEmpty()) {
            line.append("; found ").append(found);
        }
        return line.toString();
    }
}
