package io.sotto.rpc;

import io.sotto.wire.Octets;
import java.time.Duration;

/**
 * One call, before it is known where it goes.
 *
 * @param method service and method, such as {@code Status.Leader}
 * @param body one whole msgpack object
 * @param timeout how long the caller waits for the end of the answer, from the call on; positive
 */
public record RpcRequest(String method, Octets body, Duration timeout) {
    public RpcRequest {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a call needs time: " + timeout);
        }
    }
}
