package io.sotto.cluster;

/** A key that could not be had; the message is for the operator and holds no part of a key. */
public final class KeySourceException extends Exception {
    private static final long serialVersionUID = 1L;

    public KeySourceException(String message) {
        super(message);
    }

    public KeySourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
