package io.sotto.testkit.fuzz;

import io.sotto.wire.Limits;

/** The types that fields of messages have: what is right for them, and what never is. */
enum FieldType {
    U8,
    U16,
    U32,
    U64,
    /** A Go {@code int}: may be negative. */
    INT,
    /** A member's state in a push/pull: 0 to 3. Other numbers are read, and the record is then left out. */
    STATE,
    BOOL,
    /** A member's name. */
    NAME,
    /** Other text, as long as it likes. */
    TEXT,
    BYTES,
    ADDRESS,
    PORT,
    META,
    VSN,
    /** A list of text. */
    TEXTS,
    /** A list of bytes. */
    FILTERS,
    /** A map from text to text. */
    TAGS,
    /** A map from text to number. */
    TIMES,
    /** A relay's destination. */
    DESTINATION,
    /** Serf's ring of events. */
    EVENTS;

    private static final int SPARSE_TEXT_MAX = 40;
    private static final byte[] VERSIONS = {1, 5, 2, 2, 5, 4};

    /** Whether a length is part of the value. */
    boolean hasLength() {
        return this == NAME || this == TEXT || isBytes();
    }

    /** Whether it is given as bytes. */
    boolean isBytes() {
        return this == BYTES || this == ADDRESS || this == META || this == VSN;
    }

    boolean isNumber() {
        return this == U8 || this == U16 || this == U32 || this == U64 || this == INT || this == STATE || this == PORT;
    }

    /** The most bytes that a reader may take; or -1 where the specification knows no bound. */
    int maxBytes(Limits limits) {
        return switch (this) {
            case NAME -> limits.nameMaxBytes();
            case ADDRESS -> 16;
            case META -> limits.metaMaxBytes();
            default -> -1;
        };
    }

    /** Writes a value that is right. */
    void sound(MsgpackPen pen, Chance chance, String self) {
        switch (this) {
            case U8 -> pen.integer(chance.pick(0, 1, 2, 0x7f, 0xff), chance);
            case U16 -> pen.integer(chance.pick(0, 1, 0x7fff, 0xffff, chance.below(0x10000)), chance);
            case U32 -> pen.integer(chance.pick(0, 1, 2, 3, chance.below(1 << 20), 0x7fff_ffffL, 0xffff_ffffL), chance);
            case U64 -> pen.integer(chance.pick(0, 1, chance.below(1 << 20), 1L << 62, Long.MAX_VALUE), chance);
            case INT -> pen.integer(chance.pick(0, 1, -1, -(1L << 31), 1L << 31, 1L << 62), chance);
            case STATE -> pen.integer(chance.below(4), chance);
            case BOOL -> pen.octet(chance.random().nextBoolean() ? 0xc3 : 0xc2);
            case NAME -> {
                if (chance.oneIn(8)) {
                    pen.text(Text.utf8(self), chance);
                } else {
                    pen.memberName(chance);
                }
            }
            case TEXT -> pen.text(Text.some(chance, chance.below(SPARSE_TEXT_MAX)), chance);
            case BYTES -> pen.bytes(chance.bytes(chance.below(SPARSE_TEXT_MAX)), chance);
            case ADDRESS -> pen.bytes(Text.address(chance), chance);
            case PORT -> pen.integer(Text.PORT, chance);
            case META -> pen.bytes(Text.meta(chance), chance);
            case VSN -> pen.bytes(VERSIONS, chance);
            case TEXTS, FILTERS -> {
                int count = chance.below(4);
                pen.list(count);
                for (int i = 0; i < count; i++) {
                    (this == TEXTS ? NAME : BYTES).sound(pen, chance, self);
                }
            }
            case TAGS, TIMES -> {
                int count = chance.below(4);
                pen.map(count);
                for (int i = 0; i < count; i++) {
                    TEXT.sound(pen, chance, self);
                    (this == TAGS ? TEXT : U64).sound(pen, chance, self);
                }
            }
            case DESTINATION -> {
                pen.map(3).key("IP");
                ADDRESS.sound(pen, chance, self);
                pen.key("Port").integer(Text.PORT, chance).key("Zone").rawHeader(0);
            }
            case EVENTS -> {
                int count = chance.below(6);
                pen.list(count);
                for (int i = 0; i < count; i++) {
                    pen.octet(MsgpackPen.NIL);
                }
            }
        }
    }

    /** Writes a value that no reader may take for one of this type. */
    void wrong(MsgpackPen pen, Chance chance) {
        if (chance.oneIn(8)) {
            pen.octet(MsgpackPen.RESERVED);
        } else if (isNumber()) {
            wrongNumber(pen, chance);
        } else if (this == BOOL) {
            switch (chance.below(4)) {
                case 0 -> pen.integer(chance.pick(2, 0xff, 0xffff_ffffL, -1), chance);
                case 1 -> pen.octet(0xcb).number(Double.doubleToLongBits(1.0), 8);
                case 2 -> pen.rawHeader(1).octet('1');
                default -> pen.map(0);
            }
        } else {
            wrongContent(pen, chance);
        }
    }

    private void wrongNumber(MsgpackPen pen, Chance chance) {
        switch (chance.below(6)) {
            case 0 ->
                pen.octet(0xcb).number(Double.doubleToLongBits(chance.random().nextDouble()), 8);
            case 1 -> pen.octet(0xca).number(Float.floatToIntBits(1.5f), 4);
            case 2 -> pen.rawHeader(2).raw((byte) '4', (byte) '2');
            case 3 -> pen.map(0);
            case 4 -> pen.list(1).octet(1);
            default -> {
                if (this == INT || this == STATE) {
                    pen.octet(0xcf).number(-1, 8);
                } else if (this == U64) {
                    pen.octet(0xd3).number(chance.pick(-1, Long.MIN_VALUE), 8);
                } else {
                    outOfRange(pen, chance);
                }
            }
        }
    }

    private void outOfRange(MsgpackPen pen, Chance chance) {
        switch (chance.below(4)) {
            case 0 -> pen.octet(0xe0 | chance.below(32));
            case 1 -> pen.octet(0xd3).number(chance.pick(-1, -(1L << 31), Long.MIN_VALUE, -(1L << 62)), 8);
            case 2 -> pen.octet(0xcf).number(chance.pick(1L << 32, 1L << 62, Long.MAX_VALUE, -1), 8);
            default -> pen.octet(0xcf).number(this == U8 ? 0x100 : this == U32 ? 0x1_0000_0000L : 0x1_0000, 8);
        }
    }

    private void wrongContent(MsgpackPen pen, Chance chance) {
        switch (chance.below(4)) {
            case 0 ->
                pen.octet(0xcb).number(Double.doubleToLongBits(chance.random().nextDouble()), 8);
            case 1 -> pen.octet(chance.random().nextBoolean() ? 0xc3 : 0xc2);
            case 2 -> pen.integer(chance.pick(0, 1, 0xff, 0xffff_ffffL, 1L << 62), chance);
            default -> {
                if (this == DESTINATION || this == TAGS || this == TIMES) {
                    pen.rawHeader(1).octet('x');
                } else if (this == TEXTS || this == FILTERS || this == EVENTS) {
                    pen.map(1).rawHeader(0).octet(MsgpackPen.NIL);
                } else {
                    // Deep, so that whoever recurses where nothing of the kind belongs is found too.
                    pen.nested(chance.pick(new Integer[] {1, 4, 40, 900}), true);
                }
            }
        }
    }
}
