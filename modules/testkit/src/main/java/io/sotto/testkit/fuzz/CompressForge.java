package io.sotto.testkit.fuzz;

import io.sotto.wire.Limits;
import io.sotto.wire.lzw.LzwEncoder;
import java.util.Arrays;

/** Makes compressed messages, and what only looks like them. */
final class CompressForge {
    static final int TYPE = 9;

    private static final int USER = 8;
    private static final int ALIEN_CODE = 400;
    private static final int WIDTH = 9;
    private static final int CLEAR = 256;
    private static final int END = 257;

    /** After a few more, codes are ten bits wide. */
    private static final int LITERALS_AT_NINE_BITS = 250;

    private final Limits limits;
    private final Bombs datagramBombs;
    private final Bombs streamBombs;

    CompressForge(FuzzTarget target) {
        this.limits = target.limits();
        // Zeros pack so well that a few hundred bytes are enough for the smaller ones.
        this.datagramBombs = new Bombs(limits.unpackedDatagramMaxBytes() + 1, 1 << 20, 8 << 20);
        this.streamBombs = new Bombs(1 << 20, 4 << 20, 16 << 20);
    }

    /** One sound layer. */
    static byte[] pack(byte[] plain) {
        return envelope(LzwEncoder.encode(plain, 0, plain.length));
    }

    /** A layer that nothing can be had from. */
    Piece doomed(byte[] plain, Chance chance) {
        byte[] packed = LzwEncoder.encode(plain, 0, plain.length);
        MsgpackPen pen = new MsgpackPen().octet(TYPE);
        switch (chance.below(9)) {
            case 0 -> {
                long algorithm = chance.pick(1, 2, 127, 255, 256, 1L << 32, 1L << 62);
                pen.map(2)
                        .key("Algo")
                        .unsigned(algorithm)
                        .key("Buf")
                        .rawHeader(packed.length)
                        .raw(packed);
                return Piece.doomed(pen.toByteArray(), "compressed by algorithm " + algorithm);
            }
            case 1 -> {
                long announced = chance.pick(
                        packed.length + 1, 0x1_0000 + packed.length, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL);
                pen.map(2).key("Algo").octet(0).key("Buf");
                pen.octet(0xdb).number(announced, 4).raw(packed);
                return Piece.doomed(pen.toByteArray(), "compressed, " + announced + " bytes announced");
            }
            case 2 -> {
                pen.map(1).key("Algo").octet(0);
                return Piece.doomed(pen.toByteArray(), "compressed without content");
            }
            case 3 -> {
                pen.map(2).key("Algo").octet(0).key("Buf");
                FieldType.BYTES.wrong(pen, chance);
                return Piece.doomed(pen.toByteArray(), "compressed, content of a wrong type");
            }
            case 4 -> {
                int kept = chance.below(packed.length);
                return Piece.doomed(envelope(Arrays.copyOf(packed, kept)), "compressed, content cut to " + kept);
            }
            case 5 -> {
                return Piece.doomed(envelope(codes(CLEAR, ALIEN_CODE)), "compressed, a code that is not defined");
            }
            case 6 -> {
                return Piece.doomed(pack(new byte[0]), "compressed nothing");
            }
            case 7 -> {
                return Piece.doomed(pen.toByteArray(), "compressed without a body");
            }
            default -> {
                byte[] whole = envelope(packed);
                int kept = chance.between(1, whole.length - 1);
                return Piece.doomed(Arrays.copyOf(whole, kept), "compressed, cut to " + kept + " bytes");
            }
        }
    }

    /** Random codes: whether they mean anything is chance. */
    static Piece noise(Chance chance) {
        return Piece.open(envelope(chance.bytes(chance.below(200))), "compressed noise");
    }

    /** Few bytes that unpack to more than a datagram may. */
    Piece datagramBomb(Chance chance) {
        return datagramBombs.any(chance);
    }

    /** Bytes that unpack to more than a hundred times their size, or to more than a stream may. */
    Piece streamBomb(Chance chance) {
        return streamBombs.any(chance);
    }

    /** A user message that unpacks to {@code unpackedBytes}. */
    static byte[] bomb(int unpackedBytes) {
        byte[] plain = new byte[unpackedBytes];
        plain[0] = USER;
        return pack(plain);
    }

    private static byte[] envelope(byte[] packed) {
        return new MsgpackPen()
                .octet(TYPE)
                .map(2)
                .key("Algo")
                .octet(0)
                .key("Buf")
                .rawHeader(packed.length)
                .raw(packed)
                .toByteArray();
    }

    /** As {@link #pack}, in the form that grows least where nothing repeats: literals of nine bits, whatever came before. */
    static byte[] packFrugally(byte[] plain) {
        int[] codes = new int[plain.length + plain.length / LITERALS_AT_NINE_BITS + 1];
        int count = 0;
        for (int i = 0; i < plain.length; i++) {
            if (i > 0 && i % LITERALS_AT_NINE_BITS == 0) {
                codes[count++] = CLEAR;
            }
            codes[count++] = plain[i] & 0xff;
        }
        codes[count++] = END;
        return envelope(codes(Arrays.copyOf(codes, count)));
    }

    private static byte[] codes(int... codes) {
        byte[] bytes = new byte[(codes.length * WIDTH + 7) / 8];
        int bit = 0;
        for (int code : codes) {
            for (int i = 0; i < WIDTH; i++, bit++) {
                bytes[bit / 8] |= (byte) (((code >> i) & 1) << (bit % 8));
            }
        }
        return bytes;
    }

    /** Bombs of a few sizes, each made once. */
    private static final class Bombs {
        private final int[] sizes;
        private final byte[][] made;

        Bombs(int... sizes) {
            this.sizes = sizes;
            this.made = new byte[sizes.length][];
        }

        Piece any(Chance chance) {
            int which = chance.below(sizes.length);
            if (made[which] == null) {
                made[which] = bomb(sizes[which]);
            }
            return Piece.doomed(made[which], "a bomb of " + sizes[which] + " bytes");
        }
    }
}
