package io.sotto.gossip;

import io.sotto.wire.Octets;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Where answers to pings go, and whether there is one. Source: gossip specification, section 11.2. */
final class Replies {
    private Replies() {}

    /** The ack to send, or empty when the ping is meant for a node of another name. */
    static Optional<Broadcasts.Send> ack(SwimMessage.Ping ping, InetSocketAddress source, String self) {
        if (!ping.node().isEmpty() && !ping.node().equals(self)) {
            return Optional.empty();
        }
        return Optional.of(Broadcasts.Send.withGossip(
                replyTo(ping.asker(), source), new SwimMessage.Ack(ping.seqNo(), Octets.empty())));
    }

    /** The address that the message names, if it names a usable one, and else the packet's source. */
    static InetSocketAddress replyTo(Optional<SwimMessage.Asker> asker, InetSocketAddress source) {
        return asker.filter(named -> named.address().isRoutable())
                .flatMap(named -> named.address().socket())
                .orElse(source);
    }

    static Octets encode(SwimMessage message) {
        return Octets.wrap(SwimCodec.encode(message));
    }
}
