package io.sotto.pki;

/**
 * What a peer's certificate proves about it. Roles come from verified certificates only, never from gossip tags and never
 * from what the peer says of itself.
 *
 * <p>Source: security rules, "TLS".
 */
public enum PeerRole {
    /** Nothing: a plaintext connection, or no certificate was asked for or shown. */
    UNPROVEN,
    /** A certificate of the pool's CA that is not one of a server: a client's, or a command line's. */
    MEMBER,
    /** A certificate of the pool's CA with the DNS name {@code server.<datacenter>.<domain>}. */
    SERVER;

    /** Whether this role is enough where {@code required} is asked for; each role includes those before it. */
    public boolean proves(PeerRole required) {
        return compareTo(required) >= 0;
    }
}
