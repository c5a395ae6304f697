package io.sotto.rpc.application;

/** Why a streamed answer ended early: what a source fails with, since a source can only complete or fail. */
public final class RpcStreamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient RpcOutcome<Long> outcome;

    public RpcStreamException(RpcOutcome<Long> outcome) {
        super(outcome.toString(), null, false, false);
        this.outcome = outcome;
    }

    public RpcOutcome<Long> outcome() {
        return outcome;
    }
}
