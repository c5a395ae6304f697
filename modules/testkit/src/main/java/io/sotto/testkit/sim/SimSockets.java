package io.sotto.testkit.sim;

import io.sotto.rpc.link.LinkSocket;
import io.sotto.rpc.link.LinkSockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** The sockets of one process's links: all of one port, which it listens on once somebody asks it to. */
final class SimSockets implements LinkSockets {
    private final SimEndpoint endpoint;

    SimSockets(SimEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public LinkSocket open(Optional<InetSocketAddress> from) {
        return new SimSocket(endpoint);
    }

    @Override
    public Port listen(InetSocketAddress address, Door door) throws IOException {
        if (!address.equals(endpoint.local())) {
            throw new IOException("listen tcp " + address + ": bind: cannot assign requested address");
        }
        endpoint.accept(connection -> door.accepted(new SimSocket(endpoint, connection), connection.remote()));
        return new Port() {
            @Override
            public InetSocketAddress address() {
                return endpoint.local();
            }

            @Override
            public void close() {
                endpoint.refuse();
                door.closed();
            }
        };
    }
}
