package io.sotto.rpc.application;

import io.sotto.pki.PeerRole;
import io.sotto.rpc.Cancellation;
import java.net.InetSocketAddress;

/**
 * Where a call comes from.
 *
 * @param source the address of the connection
 * @param role what the caller's certificate proves
 * @param cancelled ends once the caller has gone or cancelled; what is chained to it must not block
 */
public record CallContext(InetSocketAddress source, PeerRole role, Cancellation cancelled) {}
