package io.sotto.wire.record;

import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was never set. As a value of its own it stands in trees, where JSON has null. A list or a map that was never set is equal
 * to an empty one, but goes onto the wire as nil, as Go's writers have it; {@link #isNil} tells them apart.
 *
 * <p>Source: RPC specification, section 3.
 */
public enum Nil {
    NIL;

    private static final List<Object> LIST = new NilList();
    private static final Map<Object, Object> MAP = new NilMap();

    /** The empty list that was never set. */
    @SuppressWarnings("unchecked") // It has no elements that could be of another type, and takes none.
    public static <T> List<T> list() {
        return (List<T>) LIST;
    }

    /** The empty map that was never set. */
    @SuppressWarnings("unchecked") // It has no entries that could be of another type, and takes none.
    public static <K, V> Map<K, V> map() {
        return (Map<K, V>) MAP;
    }

    /** Whether this is {@link #NIL}, or a list or map that was never set. */
    public static boolean isNil(Object value) {
        return value == NIL || value == LIST || value == MAP;
    }

    /** An immutable copy, never set if {@code list} was not. */
    public static <T> List<T> copy(List<T> list) {
        return isNil(list) ? list : List.copyOf(list);
    }

    /** An immutable copy in the same order, never set if {@code map} was not. */
    public static <V> Map<String, V> copy(Map<String, V> map) {
        return isNil(map) ? map : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    @Override
    public String toString() {
        return "null";
    }

    private static final class NilList extends AbstractList<Object> {
        @Override
        public Object get(int index) {
            throw new IndexOutOfBoundsException("nil has no element " + index);
        }

        @Override
        public int size() {
            return 0;
        }
    }

    private static final class NilMap extends AbstractMap<Object, Object> {
        @Override
        public Set<Entry<Object, Object>> entrySet() {
            return Set.of();
        }
    }
}
