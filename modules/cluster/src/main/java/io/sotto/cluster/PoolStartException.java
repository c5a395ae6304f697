package io.sotto.cluster;

/** Why a pool could not start: the message is for the operator, complete and in one line. */
public final class PoolStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PoolStartException(String message) {
        super(message);
    }
}
