package io.sotto.gossip;

import io.sotto.wire.Octets;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Whether a ping is answered; {@link Answers} says where to. Source: gossip specification, section 11.2. */
final class Replies {
    private Replies() {}

    /** The ack to send, with what it tells besides, or empty when the ping is meant for a node of another name. */
    static Optional<Broadcasts.Send> ack(SwimMessage.Ping ping, InetSocketAddress to, String self, Octets payload) {
        if (!ping.node().isEmpty() && !ping.node().equals(self)) {
            return Optional.empty();
        }
        return Optional.of(Broadcasts.Send.withGossip(to, new SwimMessage.Ack(ping.seqNo(), payload)));
    }

    static Octets encode(SwimMessage message) {
        return Octets.wrap(SwimCodec.encode(message));
    }
}
