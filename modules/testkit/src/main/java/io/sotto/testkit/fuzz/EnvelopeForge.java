package io.sotto.testkit.fuzz;

import io.sotto.wire.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/** Makes what is inside the seal, or bare where there is none: messages in compounds, compression and checksums. */
final class EnvelopeForge {
    static final int CHECKSUM = 12;

    private static final int PARTS_MAX = 255;
    private static final int UNCOMMON = 100;

    /** Room for more layers than are allowed around any message made here. */
    private static final int DEEP_COMPRESSION_MAX_BYTES = 4_000;

    private final MessageForge messages;
    private final CompressForge compression;
    private final Limits limits;

    EnvelopeForge(FuzzTarget target) {
        this.messages = new MessageForge(target);
        this.compression = new CompressForge(target);
        this.limits = target.limits();
    }

    /** A datagram's content, with or without something wrong. */
    Piece any(Chance chance, boolean doomedAround) {
        int roll = chance.below(100);
        if (roll < 36) {
            return messages.any(chance, doomedAround);
        } else if (roll < 50) {
            return compound(parts(chance, doomedAround, count(chance)));
        } else if (roll < 58) {
            return packed(
                    chance.oneIn(3)
                            ? compound(parts(chance, doomedAround, count(chance)))
                            : messages.any(chance, doomedAround));
        } else if (roll < 66) {
            return checked(chance.oneIn(3) ? any(chance, doomedAround) : messages.any(chance, doomedAround), chance);
        } else if (roll < 71) {
            return nested(messages.any(chance, doomedAround), chance.between(2, limits.nestingMaxDepth()), chance);
        } else if (roll < 75) {
            return tooDeep(chance);
        } else if (roll < 82) {
            return lyingCompound(chance, doomedAround);
        } else if (roll < 88) {
            return compression.doomed(messages.sound(chance, true).bytes(), chance);
        } else if (roll < 91) {
            return wrongChecksum(chance);
        } else if (roll < 93) {
            return chance.oneIn(4) ? compression.datagramBomb(chance) : CompressForge.noise(chance);
        } else if (roll < 98) {
            return noise(chance);
        }
        return Piece.doomed(new byte[0], "nothing");
    }

    /** A datagram's content in which nothing is wrong. */
    Piece sound(Chance chance, boolean doomedAround) {
        return switch (chance.below(4)) {
            case 0 -> compound(List.of(messages.sound(chance, doomedAround), messages.sound(chance, doomedAround)));
            case 1 -> packed(messages.sound(chance, doomedAround));
            default -> messages.sound(chance, doomedAround);
        };
    }

    private static int count(Chance chance) {
        return chance.oneIn(UNCOMMON) ? PARTS_MAX : chance.between(1, 6);
    }

    private List<Piece> parts(Chance chance, boolean doomedAround, int count) {
        List<Piece> parts = new ArrayList<>(count);
        int bytes = 0;
        // A quarter of them hold nothing but doomed parts, or hardly any compound would be doomed.
        boolean allDoomed = chance.oneIn(4);
        for (int i = 0; i < count && bytes < limits.unpackedDatagramMaxBytes() / 4; i++) {
            Piece part = allDoomed ? messages.doomed(chance) : messages.any(chance, doomedAround);
            parts.add(part);
            bytes += part.bytes().length;
        }
        return parts;
    }

    static Piece compound(List<Piece> parts) {
        MsgpackPen pen = new MsgpackPen().octet(7).octet(parts.size());
        parts.forEach(part -> pen.number(part.bytes().length, 2));
        parts.forEach(part -> pen.raw(part.bytes()));
        if (parts.stream().anyMatch(part -> part.bytes().length > 0xffff)) {
            return Piece.open(pen.toByteArray(), "compound with a part too long for it");
        }
        String what = parts.size() > 3
                ? "compound of " + parts.size()
                : "compound of ("
                        + String.join("; ", parts.stream().map(Piece::what).toList()) + ")";
        return new Piece(
                pen.toByteArray(),
                parts.stream().allMatch(Piece::doomed),
                parts.stream().allMatch(Piece::sound),
                what);
    }

    private Piece packed(Piece inner) {
        boolean fits = inner.bytes().length <= limits.unpackedDatagramMaxBytes();
        return fits
                ? inner.within(CompressForge.pack(inner.bytes()), "compressed")
                : Piece.doomed(CompressForge.pack(inner.bytes()), "compressed, too large");
    }

    /** A checksum means something as the outermost layer only. */
    private static Piece checked(Piece inner, Chance chance) {
        byte[] once = checksum(inner.bytes(), 0);
        if (inner.bytes().length == 0) {
            return Piece.doomed(once, "checksum of nothing");
        }
        boolean isChecksum = (inner.bytes()[0] & 0xff) == CHECKSUM;
        if (isChecksum || chance.oneIn(12)) {
            byte[] twice = isChecksum ? once : checksum(once, 0);
            return Piece.doomed(twice, "checksum > checksum > " + inner.what());
        }
        return inner.within(once, "checksum");
    }

    private Piece wrongChecksum(Chance chance) {
        byte[] message = messages.sound(chance, true).bytes();
        if (chance.oneIn(4)) {
            return Piece.doomed(
                    compound(List.of(Piece.doomed(checksum(message, 0), ""))).bytes(), "compound > checksum");
        }
        if (chance.oneIn(4)) {
            byte[] cut = Arrays.copyOf(checksum(message, 0), chance.between(1, 4));
            return Piece.doomed(cut, "checksum of " + cut.length + " bytes");
        }
        return Piece.doomed(checksum(message, 1 << chance.below(32)), "wrong checksum");
    }

    /** Layers inside one another, as many as are allowed or fewer. */
    private static Piece nested(Piece inner, int depth, Chance chance) {
        Piece piece = inner;
        for (int i = 0; i < depth; i++) {
            piece = chance.random().nextBoolean() && piece.bytes().length < 4_000
                    ? piece.within(CompressForge.pack(piece.bytes()), "compressed")
                    : compound(List.of(piece));
        }
        return piece;
    }

    private Piece tooDeep(Chance chance) {
        byte[] message = messages.sound(chance, true).bytes();
        if (chance.oneIn(30)) {
            return Piece.doomed(deepCompound(message, 16_000), "16,000 compounds inside one another");
        }
        int depth = chance.between(limits.nestingMaxDepth() + 1, 90);
        byte[] deep = chance.oneIn(3)
                ? deepCompression(message, depth, DEEP_COMPRESSION_MAX_BYTES)
                : deepCompound(message, depth);
        return Piece.doomed(deep, "layers more than " + limits.nestingMaxDepth() + " deep");
    }

    /** Compounds of one part inside one another around {@code message}; the lengths must fit 16 bits. */
    static byte[] deepCompound(byte[] message, int depth) {
        int depthThatFits = Math.min(depth, (0xffff - message.length) / 4);
        MsgpackPen pen = new MsgpackPen();
        for (int level = depthThatFits - 1; level >= 0; level--) {
            pen.octet(7).octet(1).number(message.length + 4L * level, 2);
        }
        return pen.raw(message).toByteArray();
    }

    /** So many compressed layers around {@code message}, or as many as stay within {@code maxBytes}. */
    static byte[] deepCompression(byte[] message, int depth, int maxBytes) {
        byte[] bytes = message;
        for (int i = 0; i < depth; i++) {
            byte[] packed = CompressForge.packFrugally(bytes);
            if (packed.length > maxBytes) {
                break;
            }
            bytes = packed;
        }
        return bytes;
    }

    private Piece lyingCompound(Chance chance, boolean doomedAround) {
        List<Piece> parts = new ArrayList<>();
        for (int i = chance.between(1, 4); i > 0; i--) {
            parts.add(messages.sound(chance, doomedAround));
        }
        byte[] whole = compound(parts).bytes();
        int table = 2 + 2 * parts.size();
        switch (chance.below(7)) {
            case 0 -> {
                int announced = (int) chance.pick(0, parts.size() + 1, 100, 254, PARTS_MAX);
                whole[1] = (byte) announced;
                boolean tableCut = 2 + 2 * announced > whole.length || announced == 0;
                return new Piece(
                        whole, tableCut, false, "compound of " + parts.size() + " that announces " + announced);
            }
            case 1 -> {
                // The first part is longer than all there is: it takes the later ones with it.
                int rest = whole.length - table;
                long announced = chance.pick(Math.min(rest + 1, 0xffff), 0xffff);
                whole[2] = (byte) (announced >>> 8);
                whole[3] = (byte) announced;
                return new Piece(whole, announced > rest, false, "compound whose first part announces " + announced);
            }
            case 2 -> {
                int last = table - 2;
                whole[last] = (byte) 0xff;
                whole[last + 1] = (byte) 0xff;
                return new Piece(
                        whole,
                        parts.size() == 1,
                        false,
                        "compound of " + parts.size() + " whose last part is cut short");
            }
            case 3 -> {
                Arrays.fill(whole, 2, table, (byte) 0);
                return Piece.doomed(whole, "compound of " + parts.size() + " whose parts are all empty");
            }
            case 4 -> {
                byte[] cut = Arrays.copyOf(whole, chance.between(1, table - 1));
                return Piece.doomed(cut, "compound whose table is cut short");
            }
            case 5 -> {
                byte[] cut = Arrays.copyOf(whole, chance.between(table, whole.length - 1));
                boolean firstCut = cut.length < table + parts.get(0).bytes().length;
                return new Piece(
                        cut, firstCut, false, "compound of " + parts.size() + " cut to " + cut.length + " bytes");
            }
            default -> {
                return Piece.open(
                        Arrays.copyOf(whole, whole.length + chance.between(1, 40)), "compound with bytes behind it");
            }
        }
    }

    private Piece noise(Chance chance) {
        byte[] bytes = chance.bytes(chance.oneIn(UNCOMMON) ? 60_000 : chance.between(1, 250));
        int type = bytes[0] & 0xff;
        boolean isMessage = type < 14 && type != 6 && type != 10 && type != 13;
        return new Piece(bytes, !isMessage, false, "noise of type " + type);
    }

    /** The layer; with {@code error} bits turned over in the sum. */
    static byte[] checksum(byte[] message, int error) {
        CRC32 crc = new CRC32();
        crc.update(message);
        return new MsgpackPen()
                .octet(CHECKSUM)
                .number(crc.getValue() ^ (error & 0xffff_ffffL), 4)
                .raw(message)
                .toByteArray();
    }
}
