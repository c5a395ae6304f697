package io.sotto.gossip.stream;

import io.sotto.wire.stream.StreamMessage;
import java.net.InetSocketAddress;

/**
 * A request that arrived whole.
 *
 * @param message a ping, a user message or a push/pull
 * @param source the peer's end of the connection; its port is not its gossip port
 * @param sealed whether a key of the ring opened it
 */
public record StreamRequest(StreamMessage message, InetSocketAddress source, boolean sealed) {}
