package io.sotto.gossip.datapath;

import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;

/**
 * One message that passed every stage.
 *
 * @param message what it says
 * @param source the datagram's sender as the socket says; without {@code sealed} it can be forged
 * @param sealed whether a key of the ring opened the datagram
 */
public record Inbound(SwimMessage message, InetSocketAddress source, boolean sealed) {}
