package io.sotto.wire.msgpack;

import io.sotto.wire.Octets;
import io.sotto.wire.WireText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads any msgpack object into whatever a shape makes of it, for those who show messages rather than understand them.
 *
 * <p>Depth is bounded; memory grows with the bytes that are there and never with what they announce. Map keys that are not raw
 * are refused. One owner, no other thread. Source: msgpack specification, all families but the extensions.
 *
 * @param <T> what values become
 */
public final class MsgpackTree<T> {
    /** Containers inside one another: more than any message has. */
    private static final int DEPTH_MAX = 32;

    /** What becomes of values. */
    public interface Shape<T> {
        T nil();

        T bool(boolean value);

        /** A number from -2^63 to 2^63-1; larger ones come as {@link #fraction}. */
        T whole(long value);

        T fraction(double value);

        /** The old family, for text and bytes alike, and the newer one for text. */
        T raw(Octets value);

        /** The newer family of bytes. */
        T binary(Octets value);

        T list(List<T> elements);

        T map(Map<String, T> entries);
    }

    /** Thrown for bytes that are no object; caught in {@link #read}. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed() {
            super("not msgpack", null, false, false);
        }
    }

    private final byte[] bytes;
    private final Shape<T> shape;
    private int position;

    private MsgpackTree(byte[] bytes, Shape<T> shape) {
        this.bytes = bytes;
        this.shape = shape;
    }

    /** The one object that the body is; empty if it is something else. */
    public static <T> Optional<T> read(Octets body, Shape<T> shape) {
        MsgpackTree<T> tree = new MsgpackTree<>(body.toArray(), shape);
        try {
            T value = tree.value(0);
            return tree.position == tree.bytes.length ? Optional.of(value) : Optional.empty();
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    private T value(int depth) throws Malformed {
        int descriptor = (int) number(1);
        if (descriptor < 0x80) {
            return shape.whole(descriptor);
        }
        if (descriptor >= 0xe0) {
            return shape.whole((byte) descriptor);
        }
        if (descriptor < 0x90) {
            return map(descriptor & 0x0f, depth);
        }
        if (descriptor < 0xa0) {
            return list(descriptor & 0x0f, depth);
        }
        if (descriptor < 0xc0) {
            return shape.raw(octets(descriptor & 0x1f));
        }
        return switch (descriptor) {
            case 0xc0 -> shape.nil();
            case 0xc2 -> shape.bool(false);
            case 0xc3 -> shape.bool(true);
            case 0xc4 -> shape.binary(octets(number(1)));
            case 0xc5 -> shape.binary(octets(number(2)));
            case 0xc6 -> shape.binary(octets(number(4)));
            case 0xca -> shape.fraction(Float.intBitsToFloat((int) number(4)));
            case 0xcb -> shape.fraction(Double.longBitsToDouble(number(8)));
            case 0xcc -> shape.whole(number(1));
            case 0xcd -> shape.whole(number(2));
            case 0xce -> shape.whole(number(4));
            case 0xcf -> unsigned(number(8));
            case 0xd0 -> shape.whole((byte) number(1));
            case 0xd1 -> shape.whole((short) number(2));
            case 0xd2 -> shape.whole(number(4) << 32 >> 32);
            case 0xd3 -> shape.whole(number(8));
            case 0xd9 -> shape.raw(octets(number(1)));
            case 0xda -> shape.raw(octets(number(2)));
            case 0xdb -> shape.raw(octets(number(4)));
            case 0xdc -> list(number(2), depth);
            case 0xdd -> list(number(4), depth);
            case 0xde -> map(number(2), depth);
            case 0xdf -> map(number(4), depth);
            default -> throw new Malformed();
        };
    }

    private T unsigned(long value) {
        return value >= 0 ? shape.whole(value) : shape.fraction(value + 0x1p64);
    }

    private T list(long count, int depth) throws Malformed {
        room(count, depth);
        List<T> elements = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            elements.add(value(depth + 1));
        }
        return shape.list(elements);
    }

    private T map(long count, int depth) throws Malformed {
        room(2 * count, depth);
        Map<String, T> entries = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            String key = key();
            entries.put(key, value(depth + 1));
        }
        return shape.map(entries);
    }

    private String key() throws Malformed {
        int descriptor = (int) number(1);
        int width = switch (descriptor) {
            case 0xd9 -> 1;
            case 0xda -> 2;
            case 0xdb -> 4;
            default -> 0;
        };
        if (width == 0 && (descriptor & 0xe0) != 0xa0) {
            throw new Malformed();
        }
        return WireText.decode(octets(width == 0 ? descriptor & 0x1f : number(width)));
    }

    /** Each value takes a byte at least. */
    private void room(long values, int depth) throws Malformed {
        if (depth >= DEPTH_MAX || values > bytes.length - position) {
            throw new Malformed();
        }
    }

    private Octets octets(long length) throws Malformed {
        if (length > bytes.length - position) {
            throw new Malformed();
        }
        Octets octets = Octets.copyOf(bytes, position, (int) length);
        position += (int) length;
        return octets;
    }

    private long number(int width) throws Malformed {
        if (width > bytes.length - position) {
            throw new Malformed();
        }
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | (bytes[position++] & 0xff);
        }
        return value;
    }
}
