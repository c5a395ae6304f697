package io.sotto.rpc.link;

import io.sotto.pki.PeerRefused;
import java.util.Optional;

/** What came of a dial. */
public sealed interface DialResult {
    /** The peer speaks RPC with us: it answered a ping over whatever the connection had to prove. */
    record Linked(RpcLink link) implements DialResult {}

    /**
     * There is no connection, and no call was sent.
     *
     * @param reason for people: what was tried and why it did not work, in a real agent's words where it has some
     * @param refused what was wrong with the peer's certificate, where it was us who refused
     * @param byPeer whether the peer was reached and ended it: then TLS may be what it wants, or what it does not
     */
    record NotLinked(String reason, Optional<PeerRefused> refused, boolean byPeer) implements DialResult {}
}
