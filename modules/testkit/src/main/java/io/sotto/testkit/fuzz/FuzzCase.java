package io.sotto.testkit.fuzz;

import io.sotto.wire.Octets;

/**
 * One input for the code under test. Immutable.
 *
 * @param kind who sends it and how
 * @param seed of the fuzzer that made it
 * @param index its number among the cases of that kind and seed
 * @param what what it is, for people: the layers from the outside in, and what is wrong with which
 * @param verdict what must become of it
 * @param sound whether nothing at all is wrong with it, so that a reader that rejects it is at fault too
 * @param bytes the datagram, perhaps an empty one; or all that is written to the stream
 */
public record FuzzCase(
        FuzzKind kind, long seed, long index, String what, Verdict verdict, boolean sound, Octets bytes) {

    /** What {@link Fuzzer#replay} takes, such as {@code sealed:42:17}. */
    public String id() {
        return kind.label() + ":" + seed + ":" + index;
    }

    /** The id, the verdict, the size, and what it is; never the bytes. */
    @Override
    public String toString() {
        return id() + " " + verdict + " " + bytes.length() + " bytes: " + what;
    }
}
