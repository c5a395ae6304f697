package io.sotto.rpc.application;

/** Bytes that are no value of the type that was expected. The message tells what is wrong, and never the bytes. */
public final class RpcCodecException extends Exception {
    private static final long serialVersionUID = 1L;

    public RpcCodecException(String message) {
        super(message);
    }

    public RpcCodecException(String message, Throwable cause) {
        super(message, cause);
    }
}
