package io.sotto.pki;

import java.util.Optional;

/**
 * What a connection's peer has proved.
 *
 * @param role never from anything but a checked certificate
 * @param leaf its certificate, if it showed one
 * @param wrong why it is not more than {@code role}; nothing for a server
 */
public record PeerIdentity(PeerRole role, Optional<CertificateFacts> leaf, Optional<PeerRefused> wrong) {
    private static final PeerIdentity UNPROVEN =
            new PeerIdentity(PeerRole.UNPROVEN, Optional.empty(), Optional.empty());

    /** Of a plaintext connection, or where no certificate was asked for. */
    public static PeerIdentity unproven() {
        return UNPROVEN;
    }
}
