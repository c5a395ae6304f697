package io.sotto.testkit.fuzz;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Sealer;
import java.util.Arrays;

/**
 * Makes all that the dialling side of a connection writes. Verdicts assume that it closes its half afterwards: what is not
 * whole by then never will be.
 */
final class StreamForge {
    private static final int PING = 0;
    private static final int PUSH_PULL = 6;
    private static final int USER = 8;
    private static final int ENCRYPTED = 10;

    /** Faults of a record that no reader may pass over, whatever follows the record. */
    private static final Fault[] RECORD_FAULTS = {
        Fault.WRONG_VALUE, Fault.AS_LIST_WRONG, Fault.NO_STRUCT, Fault.KEY_IS_NO_TEXT, Fault.NESTED_TOO_DEEP
    };

    /** Faults of a ping that leave it whole or doomed, but not waiting for more. */
    private static final Fault[] PING_FAULTS = Fault.values();

    private final FuzzTarget target;
    private final Limits limits;
    private final StructForge structs;
    private final CompressForge compression;
    private final GossipKey stranger = GossipKey.of(new byte[32]);
    private final SealForge.ChanceNonces nonces = new SealForge.ChanceNonces();
    private final Sealer sealer = new Sealer(nonces);

    StreamForge(FuzzTarget target) {
        this.target = target;
        this.limits = target.limits();
        this.structs = new StructForge(target);
        this.compression = new CompressForge(target);
    }

    Piece request(Chance chance) {
        Piece layered = target.key().isPresent() ? sealed(chance) : plain(chance);
        return addressed(layered, chance);
    }

    private Piece plain(Chance chance) {
        if (chance.oneIn(25)) {
            byte[] frame = framed(stranger, message(chance, true).bytes(), chance, target.label());
            return Piece.doomed(frame, "sealed frame for a node without a key");
        }
        return cutPerhaps(packed(chance, false), chance);
    }

    private Piece sealed(Chance chance) {
        GossipKey key = target.key().orElseThrow();
        if (!chance.oneIn(3)) {
            Piece inner = cutPerhaps(packed(chance, false), chance);
            return inner.bytes().length == 0
                    ? Piece.doomed(framed(key, inner.bytes(), chance, target.label()), "sealed nothing")
                    : inner.within(framed(key, inner.bytes(), chance, target.label()), "sealed frame");
        }
        Piece inner = message(chance, true);
        byte[] plain = inner.bytes();
        byte[] frame = framed(key, plain, chance, target.label());
        return switch (chance.below(8)) {
            case 0 -> Piece.doomed(plain, "not sealed: " + inner.what());
            case 1 -> Piece.doomed(framed(stranger, plain, chance, target.label()), "sealed with another key");
            case 2 -> {
                Octets aad = Octets.wrap(chance.bytes(chance.between(1, 20)));
                yield Piece.doomed(framed(key, plain, chance, aad), "sealed over other associated data");
            }
            case 3 -> Piece.doomed(CompressForge.pack(frame), "compressed outside the seal");
            case 4 -> {
                long announced = chance.lie(frame.length - 5L, limits.streamFrameMaxBytes());
                for (int i = 0; i < 4; i++) {
                    frame[1 + i] = (byte) (announced >>> (24 - 8 * i));
                }
                yield Piece.doomed(frame, "frame that announces " + announced + " bytes");
            }
            case 5 -> {
                // Never the version: the seal does not cover it.
                int bit = chance.oneIn(6) ? chance.below(5 * 8) : chance.between(6 * 8, frame.length * 8 - 1);
                frame[bit / 8] ^= (byte) (1 << (bit % 8));
                yield Piece.doomed(frame, "sealed frame with bit " + bit + " turned over");
            }
            case 6 -> Piece.doomed(framed(key, frame, chance, target.label()), "frame in a frame");
            default -> Piece.doomed(Arrays.copyOf(frame, chance.below(frame.length)), "sealed frame cut short");
        };
    }

    /** A message, compressed or not, or badly so. */
    private Piece packed(Chance chance, boolean doomedAround) {
        return switch (chance.below(10)) {
            case 0, 1, 2 -> {
                Piece inner = message(chance, doomedAround);
                yield inner.bytes().length == 0 || inner.bytes().length > limits.streamUnpackedMaxBytes()
                        ? Piece.doomed(CompressForge.pack(inner.bytes()), "compressed nothing")
                        : inner.within(CompressForge.pack(inner.bytes()), "compressed");
            }
            case 3 -> {
                byte[] plain = message(chance, true).bytes();
                yield chance.oneIn(3)
                        ? Piece.doomed(CompressForge.pack(CompressForge.pack(plain)), "compressed twice")
                        : compression.doomed(plain, chance);
            }
            case 4 -> chance.oneIn(4) ? compression.streamBomb(chance) : noise(chance);
            default -> message(chance, doomedAround);
        };
    }

    private Piece message(Chance chance, boolean doomedAround) {
        return switch (chance.below(6)) {
            case 0, 1 -> ping(chance);
            case 2 -> user(chance, doomedAround);
            default -> pushPull(chance, doomedAround);
        };
    }

    private Piece ping(Chance chance) {
        Fault fault = chance.oneIn(2) ? Fault.NONE : chance.pick(PING_FAULTS);
        MsgpackPen pen = new MsgpackPen().octet(PING);
        StructForge.Written written = structs.write(pen, Shape.PING, fault, chance);
        return new Piece(pen.toByteArray(), written.doomed(), fault == Fault.NONE, written.what());
    }

    private Piece user(Chance chance, boolean doomedAround) {
        MsgpackPen body = new MsgpackPen();
        Shape shape = Shape.serfMessage(chance);
        body.octet(shape.type());
        Fault fault = Fault.any(chance);
        StructForge.Written written = structs.write(body, shape, fault, chance);
        if (doomedAround || written.doomed()) {
            body.condemn();
        }
        byte[] bytes = body.toByteArray();
        boolean lies = chance.oneIn(3);
        long announced = lies ? hugeLie(bytes.length, limits.userMessageMaxBytes(), chance) : bytes.length;
        MsgpackPen pen = new MsgpackPen().octet(USER).map(1).key("UserMsgLen").integer(announced, chance);
        boolean doomed = announced < 0 || announced > bytes.length;
        String what =
                "user message" + (lies ? " that announces " + announced + " bytes" : "") + " > Serf " + written.what();
        return new Piece(pen.raw(bytes).toByteArray(), doomed, !lies && fault == Fault.NONE, what);
    }

    private Piece pushPull(Chance chance, boolean doomedAround) {
        int records = chance.oneIn(60) ? 400 : chance.below(6);
        MsgpackPen state = new MsgpackPen().octet(Shape.SERF_STATE.type());
        Fault stateFault = Fault.any(chance);
        structs.write(state, Shape.SERF_STATE, stateFault, chance);
        int roll = chance.below(8);
        boolean liesAboutRecords = roll == 0;
        boolean liesAboutState = roll == 1;
        boolean badRecord = roll == 2 && records > 0;
        long announced = liesAboutRecords ? hugeLie(records, limits.pushPullMaxNodes(), chance) : records;
        long stateBytes = liesAboutState ? hugeLie(state.length(), limits.userStateMaxBytes(), chance) : state.length();
        MsgpackPen pen = new MsgpackPen()
                .octet(PUSH_PULL)
                .map(3)
                .key("Join")
                .octet(chance.random().nextBoolean() ? 0xc3 : 0xc2)
                .key("Nodes")
                .integer(announced, chance)
                .key("UserStateLen")
                .integer(stateBytes, chance);
        for (int i = 0; i < records; i++) {
            boolean isLast = i == records - 1;
            structs.write(pen, Shape.RECORD, badRecord && isLast ? chance.pick(RECORD_FAULTS) : Fault.NONE, chance);
        }
        // The state's type byte is no record, so records that do not exist cannot be read from it.
        boolean doomed =
                badRecord || announced < 0 || announced > records || stateBytes < 0 || stateBytes > state.length();
        if (doomed || doomedAround) {
            pen.condemn();
            state.condemn();
        }
        String what = "push/pull of " + records + " records"
                + (liesAboutRecords ? " that announces " + announced : "")
                + (liesAboutState ? " that announces " + stateBytes + " bytes of state" : "")
                + (badRecord ? ", the last one bad" : "");
        boolean sound = !badRecord && !liesAboutRecords && !liesAboutState && stateFault == Fault.NONE;
        return new Piece(pen.raw(state.toByteArray()).toByteArray(), doomed, sound, what);
    }

    /** As {@link Chance#lie}, and beyond what 32 bits hold, and below nothing. */
    private static long hugeLie(long truth, long max, Chance chance) {
        return chance.oneIn(2)
                ? chance.lie(truth, max)
                : chance.pick(-1, -(1L << 31), Long.MIN_VALUE, 1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE);
    }

    private static Piece noise(Chance chance) {
        byte[] bytes = chance.bytes(chance.between(1, 250));
        int type = bytes[0] & 0xff;
        boolean isMessage = type == PING || type == PUSH_PULL || type == USER || type == CompressForge.TYPE;
        return new Piece(bytes, !isMessage, false, "noise of type " + type);
    }

    /** A request that breaks off, or one with bytes behind it. */
    private static Piece cutPerhaps(Piece piece, Chance chance) {
        int length = piece.bytes().length;
        if (piece.sound() && length > 1 && chance.oneIn(8)) {
            int kept = chance.below(length);
            return Piece.doomed(Arrays.copyOf(piece.bytes(), kept), piece.what() + ", cut to " + kept + " bytes");
        }
        if (piece.sound() && chance.oneIn(12)) {
            byte[] more = SealForge.joined(piece.bytes(), chance.bytes(chance.between(1, 200)));
            return new Piece(more, piece.doomed(), false, piece.what() + ", bytes behind it");
        }
        return piece;
    }

    private Piece addressed(Piece piece, Chance chance) {
        Octets label = target.label();
        if (!chance.oneIn(25)) {
            return label.isEmpty() ? piece : piece.within(SealForge.withLabel(label, piece.bytes()), "label");
        }
        if (chance.oneIn(3)) {
            return Piece.doomed(SealForge.joined(new byte[] {(byte) 244, 0}, piece.bytes()), "an empty label");
        }
        byte[] other = new byte[label.length() + chance.between(1, 8)];
        return Piece.doomed(SealForge.withLabel(Octets.wrap(other), piece.bytes()), "another label");
    }

    private byte[] framed(GossipKey key, byte[] plain, Chance chance, Octets label) {
        nonces.take(chance.random());
        int length = sealer.sealedLength(plain.length);
        byte[] header = new MsgpackPen().octet(ENCRYPTED).number(length, 4).toByteArray();
        Octets aad = Octets.wrap(SealForge.joined(header, label.toArray()));
        return SealForge.joined(header, sealer.seal(key, plain, 0, plain.length, aad));
    }
}
