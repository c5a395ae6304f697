package io.sotto.wire.record;

import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.util.List;

/**
 * Writes values of one type as one msgpack object, and reads them from bytes that may be hostile: fields that are missing are
 * zero, those that are not known are passed over, and the rest must be what it claims to be. Immutable, for any thread.
 *
 * @param <T> what the values are; see the package for what they can be
 */
public final class Codec<T> {
    private static final int MAX_DEPTH = 16;

    private final ValueCodec<T> values;

    private Codec(ValueCodec<T> values) {
        this.values = values;
    }

    /** Records of {@code type}; throws {@link IllegalArgumentException} for a component that there is no codec for. */
    @SuppressWarnings("unchecked") // The codec is that of this very class.
    public static <R extends Record> Codec<R> of(Class<R> type) {
        return new Codec<>((RecordCodec<R>) CodecFinder.ofRecord(type));
    }

    public static Codec<String> text() {
        return new Codec<>(TextCodec.INSTANCE);
    }

    public static Codec<Boolean> bool() {
        return new Codec<>(BooleanCodec.INSTANCE);
    }

    /** Values of any shape. */
    public static Codec<Object> tree() {
        return new Codec<>(TreeCodec.INSTANCE);
    }

    /** Lists of what {@code element} reads and writes. */
    public static <E> Codec<List<E>> listOf(Codec<E> element) {
        return new Codec<>(new ListCodec<>(element.values));
    }

    /** What nil, or an empty map, is read as. */
    public T zero() {
        return values.zero();
    }

    public Octets encode(T value) {
        MsgpackWriter writer = new MsgpackWriter(256);
        values.write(writer, value);
        byte[] bytes = writer.toByteArray();
        return Octets.wrap(bytes);
    }

    public Decoding<T> decode(Octets object) {
        RecordInput input = inputOf(object);
        T value = values.read(input);
        return outcome(input, value);
    }

    /** Reads a value as a tree, fields included that are not known; a zero value of a field that is not there is left out. */
    public Decoding<Object> decodeTree(Octets object) {
        RecordInput input = inputOf(object);
        Object tree = values.readTree(input);
        return outcome(input, tree);
    }

    public Object toTree(T value) {
        return values.toTree(value);
    }

    /** A value of what JSON can say, in which what is missing is zero; refuses fields that there are not. */
    public T fromTree(Object tree) throws TreeException {
        return values.fromTreeOrNil(tree, "");
    }

    private static RecordInput inputOf(Octets object) {
        return new RecordInput(new MsgpackReader(object, 0, MAX_DEPTH));
    }

    private static <V> Decoding<V> outcome(RecordInput input, V value) {
        if (input.hasFailed()) {
            return new Decoding.Undecodable<>(input.problem());
        }
        return input.reader.remaining() > 0
                ? new Decoding.Undecodable<>("more than one value")
                : new Decoding.Value<>(value);
    }
}
