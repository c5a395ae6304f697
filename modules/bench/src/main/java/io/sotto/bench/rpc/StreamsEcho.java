package io.sotto.bench.rpc;

import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Framing;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;

/**
 * The limit of P7 and P8: Pekko Streams over its own TLS stage with JSSE, frames of four bytes length and a payload, and
 * the frames that wait joined into one before they reach TLS. No streams, methods, deadlines or errors. Source: performance
 * notes, "RPC".
 */
public final class StreamsEcho implements EchoSide {
    private static final int FRAME_MAX = 1 << 20;
    private static final int JOIN_MAX = 256 << 10;

    private final ActorSystem system;
    private final EchoCalls calls;

    private StreamsEcho(ActorSystem system, EchoCalls calls) {
        this.system = system;
        this.calls = calls;
    }

    /** Starts both ends in one actor system. */
    public static StreamsEcho start(EchoKeys keys) throws Exception {
        ActorSystem system = ActorSystem.create("limit", QuietConfig.QUIET);
        Flow<ByteString, ByteString, ?> echo = Framing.lengthField(4, 0, FRAME_MAX, ByteOrder.BIG_ENDIAN)
                .batchWeighted(JOIN_MAX, bytes -> (long) bytes.size(), bytes -> bytes, ByteString::concat);
        Tcp.ServerBinding binding = Tcp.get(system)
                .bindWithTls("127.0.0.1", 0, () -> keys.engine(false))
                .to(Sink.foreach(connection -> connection.handleWith(echo, system)))
                .run(system)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        var calls = new EchoCalls(JOIN_MAX);
        Tcp.get(system)
                .outgoingConnectionWithTls(binding.localAddress(), () -> keys.engine(true))
                .join(calls)
                .run(system)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        return new StreamsEcho(system, calls);
    }

    @Override
    public String name() {
        return "Streams limit";
    }

    @Override
    public void call(byte[] payload, Answer answer) {
        calls.call(payload, answer);
    }

    @Override
    public void close() {
        system.terminate();
    }
}
