package io.sotto.gossip;

import io.sotto.gossip.stream.Exchanged;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.stream.StreamMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Pings over a stream, for members whose datagrams do not get through. Source: gossip specification, section 11.1. */
@FunctionalInterface
interface StreamPinger {
    /** Whether an ack with the ping's number came back within {@code timeout}; never fails. */
    CompletionStage<Boolean> ping(InetSocketAddress to, SwimMessage.Ping ping, Duration timeout);

    /** Pings through whatever transport is there. */
    static StreamPinger over(TransportSlot transport) {
        return (to, ping, timeout) -> transport
                .exchange(to, new StreamMessage.Swim(ping), timeout)
                .thenApply(exchanged -> exchanged instanceof Exchanged.Answered answered
                        && answered.message() instanceof StreamMessage.Swim swim
                        && swim.message() instanceof SwimMessage.Ack ack
                        && ack.seqNo() == ping.seqNo());
    }
}
