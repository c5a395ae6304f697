package io.sotto.rpc.application;

import io.sotto.rpc.RpcResult;
import java.util.Optional;

/**
 * How a typed call ended.
 *
 * @param <A> what an answer is
 */
public sealed interface RpcOutcome<A> {
    /** The callee answered. */
    record Answer<A>(A value) implements RpcOutcome<A> {}

    /**
     * There is no answer.
     *
     * @param result why not: every end of a call but {@link RpcResult.Answered}
     */
    record NoAnswer<A>(RpcResult result) implements RpcOutcome<A> {}

    /**
     * There is an answer that the method's codec cannot read.
     *
     * @param reason for people
     */
    record Unreadable<A>(String reason) implements RpcOutcome<A> {}

    /** The answer, if there is one. */
    default Optional<A> answer() {
        return this instanceof Answer<A> answer ? Optional.of(answer.value) : Optional.empty();
    }
}
