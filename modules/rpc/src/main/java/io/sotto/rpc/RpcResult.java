package io.sotto.rpc;

import io.sotto.wire.Octets;
import java.time.Duration;

/** How a call ended. Every call ends in one of these; none ends in an exception. */
public sealed interface RpcResult {
    /**
     * The peer answered.
     *
     * @param body one whole msgpack object
     */
    record Answered(Octets body) implements RpcResult {}

    /**
     * The peer answered with an error of its own.
     *
     * @param text in its words, such as {@code No cluster leader}
     */
    record Failed(String text) implements RpcResult {}

    /**
     * No answer came, because there is no connection, or it ended.
     *
     * @param reason for people: what was tried and why it did not work
     * @param mayHaveRun whether the peer may have got the request: if not, it can be tried elsewhere without harm
     */
    record Unreachable(String reason, boolean mayHaveRun) implements RpcResult {}

    /** No answer came within the time that the caller gave. */
    record TimedOut(Duration after) implements RpcResult {}

    /** The caller cancelled the call before it ended. */
    record Cancelled() implements RpcResult {}

    /**
     * The call was not sent, because as many as may be are under way or waiting.
     *
     * @param reason which bound it is, by the name of its setting
     */
    record Overloaded(String reason) implements RpcResult {}
}
