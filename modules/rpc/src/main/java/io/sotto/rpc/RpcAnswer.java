package io.sotto.rpc;

import io.sotto.wire.Octets;
import java.util.function.Function;
import org.apache.pekko.stream.javadsl.Source;

/** What an endpoint answers. */
public sealed interface RpcAnswer {
    /**
     * Success.
     *
     * @param body one whole msgpack object
     */
    record Reply(Octets body) implements RpcAnswer {}

    /**
     * An error that the caller is to see; the stream stays usable.
     *
     * @param text in the words that the caller sees
     */
    record Fault(String text) implements RpcAnswer {}

    /**
     * The body is not what the method takes. The caller sees the error, and its stream ends, as with a real agent.
     *
     * @param text in the words that the caller sees
     */
    record Undecodable(String text) implements RpcAnswer {}

    /**
     * A series of answers. It is run once, is asked for no more than the caller takes, and cancelled when the caller goes.
     *
     * @param bodies each one whole msgpack object
     * @param words what the caller sees if {@code bodies} fails
     */
    record Streamed(Source<Octets, ?> bodies, Function<Throwable, String> words) implements RpcAnswer {}
}
