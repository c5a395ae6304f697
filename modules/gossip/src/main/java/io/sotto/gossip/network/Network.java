package io.sotto.gossip.network;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Where a pool gets its sockets from: the machine's, or a simulated network's in tests.
 *
 * <p>Safe to call from any thread. Source: gossip specification, section 1.
 */
public interface Network {
    /**
     * Opens datagrams and connections on one port of {@code address}. Port 0 takes a port that is free for both.
     *
     * <p>Nothing is received or accepted before {@link Endpoint#receive} and {@link Endpoint#accept} are called; what
     * arrives in between waits in the kernel.
     *
     * @throws IOException if the address is not ours or the port is taken; the text says which protocol and address, as
     *     in {@code listen tcp 127.0.0.1:7946: bind: address already in use}
     */
    Endpoint bind(InetSocketAddress address) throws IOException;
}
