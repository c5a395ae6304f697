package io.sotto.gossip.network;

import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * One bound port: datagrams in and out, connections in and out.
 *
 * <p>Safe to call from any thread. Closing it closes its sockets and every connection that came or went through it;
 * it is closed once and not opened again: whoever wants to go on binds anew.
 */
public interface Endpoint extends AutoCloseable {
    /** The address really bound: its port is never 0. */
    InetSocketAddress local();

    /**
     * Starts receiving. May be called again to hand the datagrams to another receiver, as a restarted stream does.
     *
     * @param receiver told each batch, on the network's channel thread; it must neither block nor throw
     */
    void receive(DatagramReceiver receiver);

    /**
     * Sends one datagram from the bound port, so that its source port is the gossip port.
     *
     * @return whether the network took it; a full socket buffer or an unreachable network gives false, never an exception
     */
    boolean send(InetSocketAddress to, Octets bytes);

    /**
     * Starts accepting connections.
     *
     * @param acceptor told each connection, on a thread of the network; it must not block, and owns the connection
     */
    void accept(Consumer<Connection> acceptor);

    /**
     * Opens a connection.
     *
     * @return the connection; or a failure whose message is the operating system's, such as {@code Connection refused},
     *     or a {@link java.net.SocketTimeoutException} after {@code timeout}
     */
    CompletionStage<Connection> connect(InetSocketAddress to, Duration timeout);

    @Override
    void close();
}
