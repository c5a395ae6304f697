package io.sotto.testkit.fuzz;

import io.sotto.wire.Limits;
import java.util.List;

/** Writes one struct with one fault, and knows whether a reader may still take it. */
final class StructForge {
    /** Deep enough for every reader to refuse, whatever exactly it counts. */
    private static final int DEPTH_MARGIN = 4;

    private final String self;
    private final Limits limits;

    StructForge(FuzzTarget target) {
        this.self = target.name();
        this.limits = target.limits();
    }

    /** What was written. */
    record Written(boolean doomed, String what) {}

    /**
     * Writes the struct, without a type byte, as the last thing of what {@code pen} holds: verdicts about lengths are about
     * all that is there.
     */
    Written write(MsgpackPen pen, Shape shape, Fault fault, Chance chance) {
        int start = pen.length();
        int at = chance.below(shape.fields().size());
        return switch (fault) {
            case NONE -> {
                map(pen, shape, chance, shape.fields().size());
                yield new Written(false, shape.name());
            }
            case LYING_COUNT -> lyingCount(pen, shape, chance);
            case TRUNCATED -> {
                map(pen, shape, chance, shape.fields().size());
                pen.cut(start + chance.below(pen.length() - start));
                yield new Written(true, shape.name() + " cut to " + (pen.length() - start) + " bytes");
            }
            case TRAILING -> {
                map(pen, shape, chance, shape.fields().size());
                pen.raw(chance.bytes(chance.between(1, 64)));
                yield new Written(false, shape.name() + " with bytes behind it");
            }
            case MISSING -> {
                int count = chance.below(shape.fields().size());
                map(pen, shape, chance, count);
                yield new Written(false, shape.name() + " with " + count + " fields");
            }
            case AS_LIST, AS_LIST_WRONG -> list(pen, shape, fault == Fault.AS_LIST_WRONG ? at : -1, chance);
            case NIL_STRUCT -> {
                pen.octet(MsgpackPen.NIL);
                yield new Written(false, shape.name() + " that is nil");
            }
            case NO_STRUCT -> {
                noStruct(pen, chance);
                yield new Written(true, shape.name() + " that is no struct");
            }
            case NO_BODY -> new Written(true, shape.name() + " without a body");
            default -> oneFieldWrong(pen, shape, fault, at, chance);
        };
    }

    private Written oneFieldWrong(MsgpackPen pen, Shape shape, Fault fault, int at, Chance chance) {
        List<Shape.Field> fields = shape.ascending();
        boolean adds = fault == Fault.DUPLICATE
                || fault == Fault.UNKNOWN_KEY
                || fault == Fault.NESTED_TOO_DEEP
                || fault == Fault.KEY_IS_NO_TEXT;
        pen.map(fields.size() + (adds ? 1 : 0));
        boolean doomed = false;
        for (int i = 0; i < fields.size(); i++) {
            Shape.Field field = fields.get(i);
            if (i == at && adds) {
                doomed = addition(pen, field, fault, chance);
            }
            pen.key(field.name());
            if (i == at && !adds) {
                doomed = value(pen, field, fault, chance);
            } else {
                field.type().sound(pen, chance, self);
            }
        }
        return new Written(
                doomed || pen.isOverclaimed(),
                shape.name() + " with " + fault + " at " + fields.get(at).name());
    }

    /** Writes an entry too many; gives whether that dooms the struct. */
    private boolean addition(MsgpackPen pen, Shape.Field field, Fault fault, Chance chance) {
        switch (fault) {
            case DUPLICATE -> {
                pen.key(field.name());
                boolean wrong = chance.oneIn(3);
                if (wrong) {
                    field.type().wrong(pen, chance);
                } else {
                    field.type().sound(pen, chance, self);
                }
                return wrong;
            }
            case UNKNOWN_KEY -> {
                pen.rawHeader(3).raw(Text.some(chance, 3));
                pen.nested(
                        chance.below(limits.msgpackMaxDepth() - DEPTH_MARGIN),
                        chance.random().nextBoolean());
                return false;
            }
            case NESTED_TOO_DEEP -> {
                pen.rawHeader(3).raw(Text.some(chance, 3));
                int depth = chance.oneIn(50) ? 60_000 : chance.between(limits.msgpackMaxDepth() + DEPTH_MARGIN, 400);
                // Maps are two bytes a level, and all of it has to fit into a datagram.
                pen.nested(depth, depth < 30_000 && chance.random().nextBoolean());
                return true;
            }
            default -> {
                switch (chance.below(3)) {
                    case 0 -> pen.unsigned(chance.below(1 << 16));
                    case 1 -> pen.octet(0xc3);
                    default -> pen.list(0);
                }
                pen.octet(MsgpackPen.NIL);
                return true;
            }
        }
    }

    /** Writes a value that is not as it should be; gives whether that dooms the struct, lengths apart. */
    private boolean value(MsgpackPen pen, Shape.Field field, Fault fault, Chance chance) {
        FieldType type = field.type();
        if (fault == Fault.NIL) {
            pen.octet(MsgpackPen.NIL);
            return false;
        }
        if (type.hasLength()) {
            int max = type.maxBytes(limits);
            switch (fault) {
                case LYING_LENGTH -> {
                    int length = chance.below(32);
                    pen.rawHeader(chance.lie(length, max < 0 ? 0xffff : max)).raw(Text.some(chance, length));
                    return false;
                }
                case TOO_LONG -> {
                    int over = chance.oneIn(20) ? 50_000 : chance.pick(new Integer[] {1, 2, 100, 5_000});
                    int length = Math.max(max, 32) + over;
                    pen.rawHeader(length).raw(Text.some(chance, length));
                    return max >= 0;
                }
                case NOT_UTF8 -> {
                    byte[] bytes = Text.notUtf8(chance);
                    pen.rawHeader(bytes.length).raw(bytes);
                    return false;
                }
                default -> {
                    // What is left is a wrong value.
                }
            }
        }
        type.wrong(pen, chance);
        return true;
    }

    private void map(MsgpackPen pen, Shape shape, Chance chance, int count) {
        List<Shape.Field> fields = chance.oneIn(8) ? shape.fields() : shape.ascending();
        pen.map(count);
        for (int i = 0; i < count; i++) {
            pen.key(fields.get(i).name());
            fields.get(i).type().sound(pen, chance, self);
        }
    }

    private Written lyingCount(MsgpackPen pen, Shape shape, Chance chance) {
        int truth = shape.fields().size();
        long declared = chance.lie(truth, 15);
        boolean asList = chance.oneIn(3);
        pen.containerHeader(asList ? 0x90 : 0x80, declared);
        for (Shape.Field field : asList ? shape.fields() : shape.ascending()) {
            if (!asList) {
                pen.key(field.name());
            }
            field.type().sound(pen, chance, self);
        }
        // Fields that are announced take bytes, and there are none left.
        return new Written(
                declared > truth,
                shape.name() + (asList ? " as a list" : "") + " that announces " + declared + " fields");
    }

    private Written list(MsgpackPen pen, Shape shape, int wrongAt, Chance chance) {
        int count = wrongAt >= 0
                ? shape.fields().size()
                : chance.between(0, shape.fields().size());
        pen.list(count);
        for (int i = 0; i < count; i++) {
            FieldType type = shape.fields().get(i).type();
            if (i == wrongAt) {
                type.wrong(pen, chance);
            } else {
                type.sound(pen, chance, self);
            }
        }
        return new Written(
                wrongAt >= 0,
                shape.name() + " as a list of " + count + (wrongAt >= 0 ? " with WRONG_VALUE at " + wrongAt : ""));
    }

    private static void noStruct(MsgpackPen pen, Chance chance) {
        switch (chance.below(5)) {
            case 0 -> pen.unsigned(chance.pick(0, 1, 0x7f, 1L << 62));
            case 1 -> pen.rawHeader(4).raw(Text.some(chance, 4));
            case 2 -> pen.octet(0xcb).number(Double.doubleToLongBits(0.5), 8);
            case 3 -> pen.octet(0xc3);
            default -> pen.octet(MsgpackPen.RESERVED);
        }
    }
}
