package io.sotto.testkit.fuzz;

/** Makes bare messages of datagrams: type byte and body. */
final class MessageForge {
    private static final int USER = 8;

    /** Types that no message in a datagram has; 12 and 244 only count outside, and are made there. */
    private static final int[] NO_TYPES = {6, 10, 14, 15, 42, 127, 128, 200, 243, 245, 255};

    private final StructForge structs;

    MessageForge(FuzzTarget target) {
        this.structs = new StructForge(target);
    }

    /** A message in which something may be wrong. */
    Piece any(Chance chance, boolean doomedAround) {
        if (chance.oneIn(12)) {
            return noMessage(chance);
        }
        return chance.oneIn(7)
                ? user(chance, Fault.any(chance), doomedAround)
                : swim(chance, Fault.any(chance), doomedAround);
    }

    /** A message in which nothing is wrong. */
    Piece sound(Chance chance, boolean doomedAround) {
        return chance.oneIn(7) ? user(chance, Fault.NONE, doomedAround) : swim(chance, Fault.NONE, doomedAround);
    }

    /** A message that no reader may take. */
    Piece doomed(Chance chance) {
        return chance.oneIn(3)
                ? noMessage(chance)
                : swim(chance, chance.pick(new Fault[] {Fault.TRUNCATED, Fault.NO_STRUCT, Fault.NO_BODY}), true);
    }

    private Piece swim(Chance chance, Fault fault, boolean doomedAround) {
        Shape shape = Shape.datagramMessage(chance);
        MsgpackPen pen = new MsgpackPen().octet(shape.type());
        StructForge.Written written = structs.write(pen, shape, fault, chance);
        if (written.doomed() || doomedAround) {
            pen.condemn();
        }
        return new Piece(pen.toByteArray(), written.doomed(), fault == Fault.NONE, written.what());
    }

    /** A user message is opaque to memberlist: whatever is in it, the datagram has been understood. */
    private Piece user(Chance chance, Fault fault, boolean doomedAround) {
        MsgpackPen pen = new MsgpackPen().octet(USER);
        if (chance.oneIn(8)) {
            pen.raw(chance.bytes(chance.below(300)));
            return new Piece(pen.toByteArray(), false, false, "user message of noise");
        }
        Shape shape = Shape.serfMessage(chance);
        pen.octet(shape.type());
        StructForge.Written written = structs.write(pen, shape, fault, chance);
        if (written.doomed() || doomedAround) {
            pen.condemn();
        }
        if (shape.type() == 9 && fault == Fault.NONE) {
            pen.raw(chance.bytes(chance.below(40)));
        }
        return new Piece(pen.toByteArray(), false, fault == Fault.NONE, "Serf " + written.what());
    }

    private Piece noMessage(Chance chance) {
        if (chance.oneIn(6)) {
            MsgpackPen pen = new MsgpackPen().octet(Shape.ERR.type());
            structs.write(pen, Shape.ERR, Fault.NONE, chance);
            return Piece.doomed(pen.toByteArray(), "err");
        }
        int type = NO_TYPES[chance.below(NO_TYPES.length)];
        byte[] bytes = chance.bytes(chance.between(1, 80));
        bytes[0] = (byte) type;
        return Piece.doomed(bytes, "message of type " + type);
    }
}
