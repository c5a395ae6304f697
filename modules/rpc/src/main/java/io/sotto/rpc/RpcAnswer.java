package io.sotto.rpc;

import io.sotto.wire.Octets;

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
}
