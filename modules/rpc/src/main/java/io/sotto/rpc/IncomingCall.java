package io.sotto.rpc;

import io.sotto.pki.PeerIdentity;
import io.sotto.pki.PeerRole;
import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;

/**
 * A call as the one who serves it sees it.
 *
 * @param method service and method, such as {@code Status.Leader}
 * @param body one whole msgpack object, as it came: hostile until it is decoded
 * @param source the address that the connection comes from
 * @param role what the caller's certificate proves, where one was demanded
 * @param serverOf the datacenters whose servers' name its certificate holds, this one's or others', in lower case
 * @param proven what it proves, also where the caller was only asked for one; never anything over plaintext
 * @param cancelled ends once the caller has gone or cancelled; what is chained to it runs on the link's thread and must not
 *     block
 */
public record IncomingCall(
        String method,
        Octets body,
        InetSocketAddress source,
        PeerRole role,
        Set<String> serverOf,
        PeerIdentity proven,
        Cancellation cancelled) {
    public IncomingCall {
        serverOf = Set.copyOf(serverOf);
    }

    /** Of a caller that proves what was demanded, and no more. */
    public IncomingCall(
            String method,
            Octets body,
            InetSocketAddress source,
            PeerRole role,
            Set<String> serverOf,
            Cancellation cancelled) {
        this(
                method,
                body,
                source,
                role,
                serverOf,
                new PeerIdentity(role, Optional.empty(), Optional.empty(), serverOf),
                cancelled);
    }
}
