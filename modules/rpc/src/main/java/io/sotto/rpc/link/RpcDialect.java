package io.sotto.rpc.link;

import io.sotto.wire.rpc.ConnectionKind;

/**
 * Whose first bytes a port understands: both kinds of servers say by them what a connection carries, with other numbers. What
 * follows is the same, but that each stream of Nomad's newer sessions says what it carries too.
 *
 * <p>Source: RPC specification, section 1; what Nomad's servers send was seen on the wire.
 */
public enum RpcDialect {
    CONSUL(ConnectionKind.TLS.code(), ConnectionKind.CONSUL.code(), ConnectionKind.MULTIPLEX.code(), -1),
    NOMAD(4, 1, 3, 6);

    /** What a stream of calls says of itself where streams do. */
    static final int STREAM_OF_CALLS = 1;

    private final int tls;
    private final int single;
    private final int multiplexed;
    private final int sayingOnStreams;

    RpcDialect(int tls, int single, int multiplexed, int sayingOnStreams) {
        this.tls = tls;
        this.single = single;
        this.multiplexed = multiplexed;
        this.sayingOnStreams = sayingOnStreams;
    }

    /** TLS follows, and inside it another first byte. */
    boolean isTls(int octet) {
        return octet == tls;
    }

    /** Calls follow, one after the other. */
    boolean isSingle(int octet) {
        return octet == single;
    }

    /** A yamux session follows. */
    boolean isMultiplexed(int octet) {
        return octet == multiplexed || octet == sayingOnStreams;
    }

    /** Each stream of the session begins with a byte of its own. */
    boolean isSaidOnStreams(int octet) {
        return octet == sayingOnStreams;
    }
}
