package io.sotto.wire.record;

import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values without a fixed shape. Text and bytes are one family to Go's writers; here both are text, from which the same bytes
 * come again.
 */
final class TreeCodec extends ValueCodec<Object> {
    static final TreeCodec INSTANCE = new TreeCodec();
    static final int MAX_DEPTH = 16;

    @Override
    Object zero() {
        return Nil.NIL;
    }

    @Override
    void write(MsgpackWriter writer, Object value) {
        if (Nil.isNil(value)) {
            writer.nil();
        } else if (value instanceof String text) {
            writer.text(text);
        } else if (value instanceof Boolean bool) {
            writer.bool(bool);
        } else if (value instanceof Number number) {
            writeNumber(writer, number);
        } else if (value instanceof List<?> list) {
            writer.list(list.size());
            for (Object each : list) {
                write(writer, each);
            }
        } else if (value instanceof Map<?, ?> map) {
            writer.map(map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                writer.text(String.valueOf(entry.getKey()));
                write(writer, entry.getValue());
            }
        } else {
            throw new IllegalArgumentException(
                    "no tree has a " + value.getClass().getName());
        }
    }

    @Override
    Object read(RecordInput input) {
        return read(input, MAX_DEPTH);
    }

    @Override
    Object toTree(Object value) {
        return value;
    }

    @Override
    Object fromTree(Object tree, String path) throws TreeException {
        return checked(tree, path, MAX_DEPTH);
    }

    private static void writeNumber(MsgpackWriter writer, Number number) {
        if (number instanceof Double || number instanceof Float) {
            writer.float64(number.doubleValue());
            return;
        }
        BigDecimal exact = new BigDecimal(number.toString());
        boolean isWhole = exact.scale() <= 0 && exact.precision() - exact.scale() <= 20;
        BigInteger whole = isWhole ? exact.toBigInteger() : BigInteger.ZERO;
        if (isWhole && whole.bitLength() <= 63) {
            writer.signed(whole.longValue());
        } else if (isWhole && whole.signum() > 0 && whole.bitLength() == 64) {
            writer.unsigned(whole.longValue());
        } else {
            writer.float64(number.doubleValue());
        }
    }

    private static Object read(RecordInput input, int depth) {
        MsgpackReader reader = input.reader;
        int descriptor = reader.peek();
        return switch (familyOf(descriptor)) {
            case NIL -> {
                reader.takeNil();
                yield Nil.NIL;
            }
            case BOOL -> reader.bool();
            case INTEGER ->
                descriptor == 0xcf ? IntegerCodec.UNSIGNED.toTree(reader.unsigned64()) : (Object) reader.signed();
            case FLOAT -> reader.float64();
            case RAW -> input.takesObject() ? reader.text(Integer.MAX_VALUE) : "";
            case LIST -> readList(input, depth);
            case MAP -> readMap(input, depth);
            case OTHER -> {
                reader.skip();
                yield Nil.NIL;
            }
        };
    }

    private static Object readList(RecordInput input, int depth) {
        int count = input.reader.beginList(Integer.MAX_VALUE);
        if (depth == 0 || !input.takesPlaces(count)) {
            input.refuse();
            return Nil.NIL;
        }
        List<Object> list = new ArrayList<>(Math.min(count, 1_024));
        for (int i = 0; i < count && !input.hasFailed(); i++) {
            list.add(read(input, depth - 1));
        }
        return Collections.unmodifiableList(list);
    }

    private static Object readMap(RecordInput input, int depth) {
        int count = input.reader.beginMap(Integer.MAX_VALUE);
        if (depth == 0 || !input.takesPlaces(count)) {
            input.refuse();
            return Nil.NIL;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < count && !input.hasFailed(); i++) {
            input.takesObject();
            String key = input.reader.text(Integer.MAX_VALUE);
            map.put(key, read(input, depth - 1));
        }
        return Collections.unmodifiableMap(map);
    }

    private static Object checked(Object tree, String path, int depth) throws TreeException {
        if (depth == 0) {
            throw new TreeException(path, "nested too deep");
        }
        if (tree instanceof List<?> list) {
            List<Object> copy = new ArrayList<>(list.size());
            for (int i = 0; i < list.size(); i++) {
                copy.add(checked(list.get(i), path + "[" + i + "]", depth - 1));
            }
            return Collections.unmodifiableList(copy);
        }
        if (tree instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                String key = String.valueOf(entry.getKey());
                copy.put(key, checked(entry.getValue(), path.isEmpty() ? key : path + "." + key, depth - 1));
            }
            return Collections.unmodifiableMap(copy);
        }
        if (tree == Nil.NIL || tree instanceof String || tree instanceof Boolean || tree instanceof Number) {
            return tree;
        }
        throw TreeException.expected(path, "what JSON can say", tree);
    }

    private enum Family {
        NIL,
        BOOL,
        INTEGER,
        FLOAT,
        RAW,
        LIST,
        MAP,
        OTHER
    }

    private static Family familyOf(int descriptor) {
        if (descriptor < 0x80) {
            return descriptor < 0 ? Family.OTHER : Family.INTEGER;
        }
        if (descriptor < 0x90) {
            return Family.MAP;
        }
        if (descriptor < 0xa0) {
            return Family.LIST;
        }
        if (descriptor < 0xc0) {
            return Family.RAW;
        }
        return switch (descriptor) {
            case 0xc0 -> Family.NIL;
            case 0xc2, 0xc3 -> Family.BOOL;
            case 0xca, 0xcb -> Family.FLOAT;
            case 0xcc, 0xcd, 0xce, 0xcf, 0xd0, 0xd1, 0xd2, 0xd3 -> Family.INTEGER;
            case 0xc4, 0xc5, 0xc6, 0xd9, 0xda, 0xdb -> Family.RAW;
            case 0xdc, 0xdd -> Family.LIST;
            case 0xde, 0xdf -> Family.MAP;
            default -> descriptor >= 0xe0 ? Family.INTEGER : Family.OTHER;
        };
    }
}
