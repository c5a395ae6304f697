package io.sotto.pki;

import java.util.Optional;
import java.util.Set;

/**
 * What a connection's peer has proved.
 *
 * @param role never from anything but a checked certificate
 * @param leaf its certificate, if it showed one
 * @param wrong why it is not more than {@code role}; nothing for a server
 * @param serverOf the datacenters whose servers' name its certificate holds, in lower case, whichever they are: what a server
 *     of another datacenter may do is for the one who asks
 */
public record PeerIdentity(
        PeerRole role, Optional<CertificateFacts> leaf, Optional<PeerRefused> wrong, Set<String> serverOf) {
    private static final PeerIdentity UNPROVEN =
            new PeerIdentity(PeerRole.UNPROVEN, Optional.empty(), Optional.empty(), Set.of());

    public PeerIdentity {
        serverOf = Set.copyOf(serverOf);
    }

    /** Of a plaintext connection, or where no certificate was asked for. */
    public static PeerIdentity unproven() {
        return UNPROVEN;
    }
}
