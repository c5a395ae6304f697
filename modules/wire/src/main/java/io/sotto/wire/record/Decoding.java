package io.sotto.wire.record;

/** What became of bytes that were to be decoded. */
public sealed interface Decoding<T> {
    /** They are a value of the type. */
    record Value<T>(T value) implements Decoding<T> {}

    /**
     * They are not.
     *
     * @param reason for people; never holds the bytes
     */
    record Undecodable<T>(String reason) implements Decoding<T> {}
}
