package io.sotto.rpc.application;

/** An error that the caller of a method is to see; its message goes over the wire. */
public final class RpcFaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RpcFaultException(String message) {
        // No stack trace: it is an answer, not an accident.
        super(message, null, false, false);
    }
}
