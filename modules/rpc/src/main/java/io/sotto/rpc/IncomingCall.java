package io.sotto.rpc;

import io.sotto.pki.PeerRole;
import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.util.Set;

/**
 * A call as the one who serves it sees it.
 *
 * @param method service and method, such as {@code Status.Leader}
 * @param body one whole msgpack object, as it came: hostile until it is decoded
 * @param source the address that the connection comes from
 * @param role what the caller's certificate proves
 * @param serverOf the datacenters whose servers' name its certificate holds, this one's or others', in lower case
 * @param cancelled ends once the caller has gone or cancelled; what is chained to it runs on the link's thread and must not
 *     block
 */
public record IncomingCall(
        String method,
        Octets body,
        InetSocketAddress source,
        PeerRole role,
        Set<String> serverOf,
        Cancellation cancelled) {
    public IncomingCall {
        serverOf = Set.copyOf(serverOf);
    }
}
