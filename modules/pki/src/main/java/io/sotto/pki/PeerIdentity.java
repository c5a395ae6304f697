package io.sotto.pki;

import java.util.Locale;
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
 * @param nodes the nodes that its certificate names, each as {@code <node>.node.<datacenter>} in lower case: it is of nobody else
 *     then
 */
public record PeerIdentity(
        PeerRole role,
        Optional<CertificateFacts> leaf,
        Optional<PeerRefused> wrong,
        Set<String> serverOf,
        Set<String> nodes) {
    private static final PeerIdentity UNPROVEN =
            new PeerIdentity(PeerRole.UNPROVEN, Optional.empty(), Optional.empty(), Set.of());

    public PeerIdentity {
        serverOf = Set.copyOf(serverOf);
        nodes = Set.copyOf(nodes);
    }

    /** Of a certificate that names no node. */
    public PeerIdentity(
            PeerRole role, Optional<CertificateFacts> leaf, Optional<PeerRefused> wrong, Set<String> serverOf) {
        this(role, leaf, wrong, serverOf, Set.of());
    }

    /** Whether it may be this node's: it is if it names it, and may be if it names none. */
    public boolean mayBe(String node, String datacenter) {
        return nodes.isEmpty()
                || nodes.contains(TlsPolicy.nodeName(node, datacenter).toLowerCase(Locale.ROOT));
    }

    /** Of a plaintext connection, or where no certificate was asked for. */
    public static PeerIdentity unproven() {
        return UNPROVEN;
    }
}
