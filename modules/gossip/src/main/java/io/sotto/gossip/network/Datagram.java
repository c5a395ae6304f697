package io.sotto.gossip.network;

import io.sotto.wire.Octets;
import java.net.InetSocketAddress;

/**
 * One datagram as it arrived.
 *
 * @param source the sender as the socket says; it can be forged
 * @param bytes all bytes of it, perhaps none
 */
public record Datagram(InetSocketAddress source, Octets bytes) {}
