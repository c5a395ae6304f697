package io.sotto.rpc.application;

import io.sotto.wire.Octets;

/**
 * Turns values of one type into bytes and back. What a codec makes must be one whole msgpack object, since that is what the
 * wire carries; {@link RpcCodecs} has some, and puts others' bytes and text into such an object. Used by many threads at
 * once.
 *
 * @param <T> what the values are
 */
public interface RpcCodec<T> {
    /** One whole msgpack object. What it throws is the caller's fault and reaches the caller. */
    Octets encode(T value);

    /**
     * The value that one whole msgpack object holds.
     *
     * @param body as a peer sent it: hostile until this has read it
     * @throws RpcCodecException when it is none
     */
    T decode(Octets body) throws RpcCodecException;
}
