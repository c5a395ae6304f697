package io.sotto.rpc.application;

/**
 * A method that members serve: the one thing that who calls and who serves have to agree on. Immutable.
 *
 * @param <Q> what a request is
 * @param <A> what an answer is, or each part of it where answers are streamed
 * @param name {@code Service.Method}, both parts not empty; Consul's own services should not be shadowed
 * @param requests reads and writes requests
 * @param answers reads and writes answers
 * @param repeat whether a call may be made again when nobody knows whether it has run
 */
public record RpcMethod<Q, A>(String name, RpcCodec<Q> requests, RpcCodec<A> answers, Repeat repeat) {
    /** What becomes of a call whose connection ended before its answer came. */
    public enum Repeat {
        /** It fails: it may have run. */
        NEVER,
        /** It is made again, within its time: running twice does no harm. */
        SAFE
    }

    public RpcMethod {
        int dot = name.lastIndexOf('.');
        if (dot <= 0 || dot == name.length() - 1) {
            throw new IllegalArgumentException("not Service.Method: " + name);
        }
    }

    /** A method whose calls are never made twice. */
    public static <Q, A> RpcMethod<Q, A> of(String name, RpcCodec<Q> requests, RpcCodec<A> answers) {
        return new RpcMethod<>(name, requests, answers, Repeat.NEVER);
    }

    /** The same, whose calls may run twice without harm. */
    public RpcMethod<Q, A> repeatable() {
        return new RpcMethod<>(name, requests, answers, Repeat.SAFE);
    }
}
