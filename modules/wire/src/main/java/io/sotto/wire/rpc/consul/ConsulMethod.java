package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Codec;

/**
 * A method of Consul's RPC port. Immutable.
 *
 * @param name service and method, such as {@code Status.Leader}
 * @param requests reads and writes requests
 * @param answers reads and writes answers
 * @param effect whether it can be called again without harm
 * @param <Q> what a request is
 * @param <A> what an answer is
 */
public record ConsulMethod<Q, A>(String name, Codec<Q> requests, Codec<A> answers, Effect effect) {
    /** What a call does to the state of the servers. */
    public enum Effect {
        READS,
        WRITES
    }

    static <Q, A> ConsulMethod<Q, A> read(String name, Codec<Q> requests, Codec<A> answers) {
        return new ConsulMethod<>(name, requests, answers, Effect.READS);
    }

    static <Q, A> ConsulMethod<Q, A> write(String name, Codec<Q> requests, Codec<A> answers) {
        return new ConsulMethod<>(name, requests, answers, Effect.WRITES);
    }
}
