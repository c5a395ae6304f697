package io.sotto.wire.packet;

import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;
import io.sotto.wire.lzw.LzwDecoder;
import io.sotto.wire.lzw.LzwEncoder;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.msgpack.StructShape;

/**
 * A compressed message: the type byte {@code 09}, then msgpack {@code {Algo: 0, Buf: bytes}} with LZW inside.
 *
 * <p>Source: gossip specification, section 3.2.
 */
public final class Compression {
    /** The type byte. */
    public static final int TYPE = 9;

    private static final StructShape ENVELOPE = StructShape.of("Algo", "Buf");
    private static final int LZW = 0;
    private static final int HEADER_MAX_BYTES = 18;
    private static final long U8_MAX = 0xff;

    private Compression() {}

    /** The whole compress message around {@code length} bytes of {@code plain}, even when that is longer. */
    public static byte[] compress(byte[] plain, int offset, int length) {
        Octets packed = Octets.wrap(LzwEncoder.encode(plain, offset, length));
        return new MsgpackWriter(HEADER_MAX_BYTES + packed.length())
                .octet(TYPE)
                .map(2)
                .key("Algo")
                .unsigned(LZW)
                .key("Buf")
                .bytes(packed)
                .toByteArray();
    }

    /** As {@link #compress}, but {@code message} itself when compressing does not make it shorter: the rule for packets. */
    public static byte[] compressIfShorter(byte[] message) {
        byte[] compressed = compress(message, 0, message.length);
        return compressed.length < message.length ? compressed : message;
    }

    /**
     * Reads what follows the type byte.
     *
     * @param maxBytes what it may unpack to
     */
    public static Decompressed decompress(Octets body, int maxBytes, int msgpackMaxDepth) {
        if (body.isEmpty()) {
            return new Decompressed.Refused(Rejection.Reason.COMPRESSION, "EOF");
        }
        MsgpackReader in = new MsgpackReader(body, 0, msgpackMaxDepth);
        return readEnvelope(in).unpack(in, maxBytes);
    }

    /** What comes after the type byte, still packed: for streams, where it arrives bit by bit. */
    public record Envelope(long algorithm, Octets packed) {
        /** Unpacks to at most {@code maxBytes}; {@code in} is the reader that the envelope came from. */
        public Decompressed unpack(MsgpackReader in, int maxBytes) {
            if (in.hasFailed()) {
                return new Decompressed.Refused(
                        Rejection.Reason.COMPRESSION,
                        "compress message: " + in.fault().detail());
            }
            if (algorithm != LZW) {
                return new Decompressed.Refused(
                        Rejection.Reason.COMPRESSION, "Cannot decompress unknown algorithm " + algorithm);
            }
            LzwDecoder.Result result = LzwDecoder.decode(packed, maxBytes);
            if (result instanceof LzwDecoder.Result.Plain plain) {
                return new Decompressed.Plain(plain.plain());
            }
            if (result instanceof LzwDecoder.Result.Malformed malformed) {
                return new Decompressed.Refused(Rejection.Reason.COMPRESSION, malformed.detail());
            }
            return new Decompressed.Refused(Rejection.Reason.EXPANSION, "unpacks to more than " + maxBytes + " bytes");
        }
    }

    /** Reads an envelope without unpacking it; ask {@code in} whether it was one. */
    public static Envelope readEnvelope(MsgpackReader in) {
        long algorithm = LZW;
        Octets packed = Octets.empty();
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, ENVELOPE)) {
                case 0 -> algorithm = in.unsigned(U8_MAX);
                case 1 -> packed = in.bytesInPlace(Integer.MAX_VALUE);
                default -> in.skip();
            }
        }
        return new Envelope(algorithm, packed);
    }

    /** The outcome of {@link #decompress}. */
    public sealed interface Decompressed {
        /** The bytes, possibly none. */
        record Plain(Octets plain) implements Decompressed {}

        /** {@code COMPRESSION} for what cannot be unpacked, {@code EXPANSION} for what unpacks to more than is allowed. */
        record Refused(Rejection.Reason reason, String detail) implements Decompressed {}
    }
}
