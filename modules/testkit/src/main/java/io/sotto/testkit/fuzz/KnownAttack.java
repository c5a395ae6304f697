package io.sotto.testkit.fuzz;

import io.sotto.wire.Octets;
import io.sotto.wire.crypto.Sealer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Nested and lying inputs that have brought decoders down before, each by its name. Every one of them must be rejected,
 * whoever sends it, soon and without memory worth speaking of.
 *
 * <p>They are bare, as somebody without a key sends them; {@link #sealed} puts the seal of a key holder around them. Source:
 * gossip specification, section 21; security rules, "Rules for the packet path".
 */
public enum KnownAttack {
    /** 16,000 compounds of one part inside one another, around a ping. */
    COMPOUNDS_16000_DEEP,
    /** 90 compressed layers around a ping on a stream, where they are 9 MB; in datagrams 30, and as many as fit: about 45. */
    COMPRESSION_90_DEEP,
    /** 60,000 lists inside one another, where a field belongs, where nothing is known, and as the whole message. */
    LISTS_60000_DEEP,
    /** Text, bytes, lists and maps that announce 2^31 or 2^32 - 1 bytes or elements. */
    LENGTHS_OF_2_TO_THE_31,
    /** A compound of 255 compounds of 255 empty parts each. */
    COMPOUND_255_OF_255,
    /** A few hundred bytes that unpack to a megabyte, and a few thousand that unpack to 64. */
    BOMB,
    /** A compressed bomb inside a compressed layer: each on its own is small. */
    BOMB_IN_LAYERS,
    /** Nothing at all, compounds of nothing, compressed nothing, checksums of nothing, messages without a body. */
    ZERO_LENGTHS,
    /** Compounds whose table, or whose parts, announce more than there is. */
    LYING_COMPOUNDS,
    /** A map with 30,000 entries of the same key, the last of them wrong. */
    KEY_30000_TIMES;

    private static final byte[] PING = {0, (byte) 0x81, (byte) 0xa5, 'S', 'e', 'q', 'N', 'o', 1};
    private static final int MIB = 1 << 20;
    private static final int PLAIN_MAX_BYTES = SealForge.DATAGRAM_MAX_BYTES - SealForge.SEAL_BYTES - 257;

    /** The name in the text of tests: {@code compounds-16000-deep}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The datagrams of this attack, without a seal. */
    public List<Octets> datagrams() {
        List<byte[]> found = switch (this) {
            case COMPOUNDS_16000_DEEP -> List.of(EnvelopeForge.deepCompound(PING, 16_000));
            case COMPRESSION_90_DEEP ->
                List.of(
                        EnvelopeForge.deepCompression(PING, 30, PLAIN_MAX_BYTES),
                        EnvelopeForge.deepCompression(PING, 90, PLAIN_MAX_BYTES));
            case LISTS_60000_DEEP -> deepLists();
            case LENGTHS_OF_2_TO_THE_31 -> lyingLengths();
            case COMPOUND_255_OF_255 -> List.of(wideCompound());
            case BOMB -> List.of(CompressForge.bomb(MIB), CompressForge.bomb(64 * MIB));
            case BOMB_IN_LAYERS -> List.of(CompressForge.pack(CompressForge.bomb(16 * MIB)));
            case ZERO_LENGTHS -> zeroLengths();
            case LYING_COMPOUNDS -> lyingCompounds();
            case KEY_30000_TIMES -> List.of(repeatedKey());
        };
        return found.stream().map(Octets::wrap).toList();
    }

    /** The same datagrams as a holder of the target's key sends them, with its label. The nonces are the same each time. */
    public List<Octets> sealed(FuzzTarget target) {
        SealForge.ChanceNonces nonces = new SealForge.ChanceNonces();
        nonces.take(new SplittableRandom(name().hashCode()));
        Sealer sealer = new Sealer(nonces);
        return datagrams().stream()
                .map(plain -> SealForge.withLabel(
                        target.label(),
                        sealer.seal(target.key().orElseThrow(), plain.toArray(), 0, plain.length(), target.label())))
                .map(Octets::wrap)
                .toList();
    }

    /**
     * What is written to streams for attacks that have such a form, else nothing: bombs, and messages that announce 2^31 or
     * 2^62 bytes or records.
     */
    public List<Octets> streams() {
        List<byte[]> found = switch (this) {
            case BOMB -> List.of(CompressForge.bomb(4 * MIB), CompressForge.bomb(64 * MIB));
            case BOMB_IN_LAYERS -> List.of(CompressForge.pack(CompressForge.bomb(16 * MIB)));
            case COMPRESSION_90_DEEP -> List.of(EnvelopeForge.deepCompression(PING, 90, Integer.MAX_VALUE));
            case LISTS_60000_DEEP -> deepLists();
            case LENGTHS_OF_2_TO_THE_31 -> lyingStreams();
            default -> List.of();
        };
        return found.stream().map(Octets::wrap).toList();
    }

    private static List<byte[]> deepLists() {
        return List.of(
                new MsgpackPen()
                        .octet(0)
                        .map(1)
                        .key("Node")
                        .nested(60_000, false)
                        .toByteArray(),
                new MsgpackPen()
                        .octet(0)
                        .map(1)
                        .key("Nobody")
                        .nested(60_000, false)
                        .toByteArray(),
                new MsgpackPen()
                        .octet(0)
                        .map(1)
                        .key("Nobody")
                        .nested(30_000, true)
                        .toByteArray(),
                new MsgpackPen().octet(0).nested(60_000, false).toByteArray());
    }

    private static List<byte[]> lyingLengths() {
        List<byte[]> found = new ArrayList<>();
        for (long announced : new long[] {0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL}) {
            for (int header : new int[] {0xdb, 0xc6, 0xdd, 0xdf}) {
                found.add(new MsgpackPen()
                        .octet(4)
                        .map(1)
                        .key("Meta")
                        .octet(header)
                        .number(announced, 4)
                        .octet(1)
                        .toByteArray());
                found.add(new MsgpackPen()
                        .octet(4)
                        .map(1)
                        .key("Nobody")
                        .octet(header)
                        .number(announced, 4)
                        .toByteArray());
            }
            found.add(new MsgpackPen().octet(4).octet(0xdf).number(announced, 4).toByteArray());
            found.add(new MsgpackPen().octet(4).octet(0xdd).number(announced, 4).toByteArray());
            found.add(new MsgpackPen()
                    .octet(CompressForge.TYPE)
                    .map(1)
                    .key("Buf")
                    .octet(0xdb)
                    .number(announced, 4)
                    .toByteArray());
        }
        return found;
    }

    private static List<byte[]> lyingStreams() {
        List<byte[]> found = new ArrayList<>();
        for (long announced : new long[] {1L << 31, 1L << 62, Long.MAX_VALUE, -1}) {
            found.add(new MsgpackPen()
                    .octet(8)
                    .map(1)
                    .key("UserMsgLen")
                    .octet(0xd3)
                    .number(announced, 8)
                    .toByteArray());
            for (String field : new String[] {"Nodes", "UserStateLen"}) {
                found.add(new MsgpackPen()
                        .octet(6)
                        .map(1)
                        .key(field)
                        .octet(0xd3)
                        .number(announced, 8)
                        .toByteArray());
            }
        }
        // A sealed frame of almost 4 GiB.
        found.add(new MsgpackPen().octet(10).number(0xffff_ffffL, 4).octet(1).toByteArray());
        return found;
    }

    private static byte[] wideCompound() {
        MsgpackPen inner = new MsgpackPen().octet(7).octet(255);
        for (int i = 0; i < 255; i++) {
            inner.number(0, 2);
        }
        // As many of them as a datagram holds announce themselves; all that are whole are opened.
        byte[] part = inner.toByteArray();
        int whole = (PLAIN_MAX_BYTES - 2 - 2 * 255) / part.length;
        MsgpackPen outer = new MsgpackPen().octet(7).octet(255);
        for (int i = 0; i < 255; i++) {
            outer.number(part.length, 2);
        }
        for (int i = 0; i < whole; i++) {
            outer.raw(part);
        }
        return outer.toByteArray();
    }

    private static List<byte[]> zeroLengths() {
        return List.of(
                new byte[] {7},
                new byte[] {7, 0},
                new byte[] {7, 1, 0, 0},
                new byte[] {7, 3, 0, 0, 0, 0, 0, 0},
                new byte[] {CompressForge.TYPE},
                new byte[] {CompressForge.TYPE, (byte) 0x80},
                CompressForge.pack(new byte[0]),
                EnvelopeForge.checksum(new byte[0], 0),
                new byte[] {0},
                new byte[] {4},
                new byte[] {(byte) 244, 0});
    }

    private static List<byte[]> lyingCompounds() {
        return List.of(
                new byte[] {7, (byte) 255},
                new byte[] {7, 2, 0, 9, 0},
                new byte[] {7, 1, (byte) 0xff, (byte) 0xff, 0},
                new byte[] {7, 2, (byte) 0xff, (byte) 0xff, 0, 1, 0, 0});
    }

    private static byte[] repeatedKey() {
        int times = 30_000;
        MsgpackPen pen = new MsgpackPen().octet(0).map(times);
        for (int i = 0; i < times - 1; i++) {
            pen.octet(0xa0).octet(1);
        }
        return pen.key("SeqNo").rawHeader(1).octet('x').toByteArray();
    }
}
