package io.sotto.wire.crypto;

/** Gives nonces, none of them twice. One owner: not safe for use by several threads. Source: ours. */
@FunctionalInterface
public interface NonceSource {
    /** Writes the next 12 bytes to {@code target} from {@code offset} on. */
    void next(byte[] target, int offset);
}
