package io.sotto.rpc.pool;

import io.sotto.pki.PeerRole;
import java.net.InetSocketAddress;

/**
 * Somebody whom calls can be made to. What is said here comes from gossip: it tells where to dial and what to demand, and
 * proves nothing.
 *
 * @param name unique among the peers
 * @param address where it takes calls
 * @param offersTls whether it says that it takes TLS
 * @param datacenter the one it is in
 * @param role its tag {@code role}, or empty
 * @param isSotto whether it says that it is one of ours, with whom TLS may be tried where plaintext is refused
 * @param expected what its certificate has to prove where names are checked: {@code SERVER} for those that act as servers
 */
public record RpcPeer(
        String name,
        InetSocketAddress address,
        boolean offersTls,
        String datacenter,
        String role,
        boolean isSotto,
        PeerRole expected) {
    /** Whether it is called as a server of its datacenter. */
    boolean isServer() {
        return expected == PeerRole.SERVER;
    }
}
