package io.sotto.rpc.application;

import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.record.Codec;
import io.sotto.wire.record.Decoding;

/** The codecs that there are: bytes, text and records. For JSON see {@link JsonCodec}. */
public final class RpcCodecs {
    /** No value of these codecs nests. */
    private static final int DEPTH = 1;

    private static final RpcCodec<Octets> BYTES = new RpcCodec<>() {
        @Override
        public Octets encode(Octets value) {
            return new MsgpackWriter(value.length() + 5).bytes(value).toOctets();
        }

        @Override
        public Octets decode(Octets body) throws RpcCodecException {
            MsgpackReader reader = new MsgpackReader(body, 0, DEPTH);
            return whole(reader, reader.bytes(Integer.MAX_VALUE), "bytes");
        }
    };

    private static final RpcCodec<String> TEXT = new RpcCodec<>() {
        @Override
        public Octets encode(String value) {
            return new MsgpackWriter(value.length() + 5).text(value).toOctets();
        }

        @Override
        public String decode(Octets body) throws RpcCodecException {
            MsgpackReader reader = new MsgpackReader(body, 0, DEPTH);
            return whole(reader, reader.text(Integer.MAX_VALUE), "text");
        }
    };

    private RpcCodecs() {}

    /** Bytes as they are. */
    public static RpcCodec<Octets> bytes() {
        return BYTES;
    }

    public static RpcCodec<String> text() {
        return TEXT;
    }

    /** Records as msgpack maps; what a component can be is said at {@link io.sotto.wire.record}. */
    public static <R extends Record> RpcCodec<R> records(Class<R> type) {
        return values(Codec.of(type));
    }

    /** Whatever a codec of the wire reads and writes. */
    public static <T> RpcCodec<T> values(Codec<T> codec) {
        return new RpcCodec<>() {
            @Override
            public Octets encode(T value) {
                return codec.encode(value);
            }

            @Override
            public T decode(Octets body) throws RpcCodecException {
                Decoding<T> decoding = codec.decode(body);
                if (decoding instanceof Decoding.Value<T> value) {
                    return value.value();
                }
                throw new RpcCodecException(((Decoding.Undecodable<T>) decoding).reason());
            }
        };
    }

    private static <T> T whole(MsgpackReader reader, T value, String expected) throws RpcCodecException {
        if (reader.hasFailed()) {
            throw new RpcCodecException(
                    "expected " + expected + ", found " + reader.fault().detail());
        }
        if (reader.remaining() > 0) {
            throw new RpcCodecException("expected " + expected + ", found more after it");
        }
        return value;
    }
}
