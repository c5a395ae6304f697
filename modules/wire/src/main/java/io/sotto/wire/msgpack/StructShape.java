package io.sotto.wire.msgpack;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The field names of one struct, in the order of its declaration; a field is known by its place in that order.
 *
 * <p>On the wire a struct is a map whose keys come, from every writer we know, in ascending order; that order is used as a
 * guess for the next key. Immutable. Source: gossip specification, section 2.
 */
public final class StructShape {
    private final byte[][] names;
    private final int[] ascending;

    private StructShape(byte[][] names) {
        this.names = names;
        this.ascending = IntStream.range(0, names.length)
                .boxed()
                .sorted(Comparator.comparing(i -> names[i], Arrays::compareUnsigned))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The names in the order of declaration. */
    public static StructShape of(String... declared) {
        return new StructShape(Arrays.stream(declared)
                .map(name -> name.getBytes(StandardCharsets.US_ASCII))
                .toArray(byte[][]::new));
    }

    int size() {
        return names.length;
    }

    /** The field with this name, which is the {@code index}-th key of its map; -1 for none. */
    int find(byte[] array, int offset, int length, int index) {
        if (index < ascending.length && isNamed(ascending[index], array, offset, length)) {
            return ascending[index];
        }
        for (int field = 0; field < names.length; field++) {
            if (isNamed(field, array, offset, length)) {
                return field;
            }
        }
        return -1;
    }

    private boolean isNamed(int field, byte[] array, int offset, int length) {
        byte[] name = names[field];
        return name.length == length && Arrays.equals(name, 0, length, array, offset, offset + length);
    }
}
