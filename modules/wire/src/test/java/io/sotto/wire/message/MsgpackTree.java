package io.sotto.wire.message;

import io.sotto.wire.Octets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Trusted msgpack as a tree that can be compared: maps without their order, and empty values the same as nil. */
final class MsgpackTree {
    private static final String NIL = "nil";

    private final Octets bytes;
    private int at;

    private MsgpackTree(Octets bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    /** The values from {@code from} on, up to the end. */
    static List<Object> read(Octets bytes, int from) {
        MsgpackTree tree = new MsgpackTree(bytes, from);
        List<Object> values = new ArrayList<>();
        while (tree.at < bytes.length()) {
            values.add(tree.value());
        }
        return values;
    }

    private Object value() {
        int descriptor = bytes.at(at++);
        if (descriptor < 0x80 || descriptor >= 0xe0) {
            return (long) (byte) descriptor;
        }
        if (descriptor < 0x90) {
            return map(descriptor & 0x0f);
        }
        if (descriptor < 0xa0) {
            return list(descriptor & 0x0f);
        }
        if (descriptor < 0xc0) {
            return raw(descriptor & 0x1f);
        }
        return switch (descriptor) {
            case 0xc0 -> NIL;
            case 0xc2 -> false;
            case 0xc3 -> true;
            case 0xcb -> "double " + number(8);
            case 0xcc -> number(1);
            case 0xcd -> number(2);
            case 0xce -> number(4);
            case 0xcf, 0xd3 -> number(8);
            case 0xd0 -> (long) (byte) number(1);
            case 0xd1 -> (long) (short) number(2);
            case 0xd2 -> (long) (int) number(4);
            case 0xd9, 0xc4 -> raw((int) number(1));
            case 0xda, 0xc5 -> raw((int) number(2));
            case 0xdb, 0xc6 -> raw((int) number(4));
            case 0xdc -> list((int) number(2));
            case 0xdd -> list((int) number(4));
            case 0xde -> map((int) number(2));
            case 0xdf -> map((int) number(4));
            default -> throw new IllegalArgumentException("descriptor " + descriptor + " in a vector");
        };
    }

    private Object map(int count) {
        Map<Object, Object> map = new HashMap<>();
        for (int i = 0; i < count; i++) {
            Object key = value();
            map.put(key, value());
        }
        return map.isEmpty() ? NIL : map;
    }

    private Object list(int count) {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(value());
        }
        return list.isEmpty() ? NIL : list;
    }

    private Object raw(int length) {
        Octets raw = bytes.slice(at, length);
        at += length;
        return raw.isEmpty() ? NIL : raw;
    }

    private long number(int width) {
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = (value << 8) | bytes.at(at++);
        }
        return value;
    }
}
