package io.sotto.wire.rpc;

import java.util.Optional;

/**
 * What a connection to the RPC port carries. It is said by the first byte, or, on TLS that begins without one, by the name of
 * the application protocol (ALPN).
 *
 * <p>Source: RPC specification, section 1.
 */
public enum ConnectionKind {
    /** Calls one after the other, straight on the connection. */
    CONSUL(0, "consul/rpc-single"),
    RAFT(1, "consul/raft"),
    /** Obsolete; nobody serves it. */
    MULTIPLEX_V1(2, ""),
    /** TLS follows, and inside it another first byte. */
    TLS(3, ""),
    /** Calls on the streams of a yamux session. */
    MULTIPLEX(4, "consul/rpc-multi"),
    SNAPSHOT(5, "consul/rpc-snapshot"),
    GOSSIP(6, "consul/rpc-gossip"),
    /** TLS follows, with no certificate of the client and no other first byte; for asking for a first certificate. */
    TLS_INSECURE(7, ""),
    GRPC(8, "consul/rpc-grpc"),
    RAFT_FORWARDING(9, "consul/raft-forwarding"),
    /** TLS itself, told by the type of its first record; what it carries is told by ALPN. */
    NATIVE_TLS(0x16, ""),
    WAN_GOSSIP_PACKET(-1, "consul/wan-gossip/packet"),
    WAN_GOSSIP_STREAM(-1, "consul/wan-gossip/stream");

    private final int code;
    private final String protocol;

    ConnectionKind(int code, String protocol) {
        this.code = code;
        this.protocol = protocol;
    }

    /** The first byte; -1 for a kind that only ALPN can say. */
    public int code() {
        return code;
    }

    /** The name in ALPN; empty for a kind that only a first byte can say. */
    public Optional<String> protocol() {
        return protocol.isEmpty() ? Optional.empty() : Optional.of(protocol);
    }

    /** The kind with this first byte, 0 to 255; empty for one that is not recognised. */
    public static Optional<ConnectionKind> ofCode(int code) {
        for (ConnectionKind kind : values()) {
            if (kind.code == code && code >= 0) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** The kind with this name in ALPN; empty for one that is not recognised. */
    public static Optional<ConnectionKind> ofProtocol(String protocol) {
        for (ConnectionKind kind : values()) {
            if (kind.protocol.equals(protocol) && !protocol.isEmpty()) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
