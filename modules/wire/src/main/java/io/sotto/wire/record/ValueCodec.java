package io.sotto.wire.record;

import io.sotto.wire.msgpack.MsgpackWriter;

/** How the values of one type are written, read, and turned into trees. Immutable. */
abstract class ValueCodec<T> {
    /** What a field holds that is not there, or nil. */
    abstract T zero();

    abstract void write(MsgpackWriter writer, T value);

    /** Reads the next value; anything after the input has failed. */
    abstract T read(RecordInput input);

    abstract Object toTree(T value);

    /** Reads the next value as a tree, with fields of records that are not known. */
    Object readTree(RecordInput input) {
        return toTree(read(input));
    }

    /** Reads a tree that is not {@link Nil#NIL}. */
    abstract T fromTree(Object tree, String path) throws TreeException;

    final T fromTreeOrNil(Object tree, String path) throws TreeException {
        return tree == Nil.NIL ? zero() : fromTree(tree, path);
    }
}
