package io.sotto.rpc.pool;

import io.sotto.pki.PeerRefused;

/**
 * Somebody acts as a server and showed a certificate that does not prove it: a stolen one of a client, perhaps. It gets no
 * call.
 *
 * @param peer what it says of itself
 * @param refused what its certificate is, and what was expected
 */
public record RpcAlarm(RpcPeer peer, PeerRefused refused) {}
