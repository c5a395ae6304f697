package io.sotto.wire.stream;

import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.PushPullCodec;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.message.UserMessageHeader;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.packet.Compression;
import io.sotto.wire.packet.Label;
import java.util.Optional;

/**
 * Writes the one message of one direction of a stream: message, then compression, then seal, then the label header.
 *
 * <pre>
 *  0      1              5           (bytes of a sealed frame)
 *  +------+--------------+----------
 *  |  0a  | length u32   | envelope
 *  +------+--------------+----------
 * </pre>
 *
 * <p>Stateless; the {@link Sealer} has its one owner. Source: gossip specification, section 5.1.
 */
public final class StreamWriter {
    static final int ENCRYPTED = 10;
    static final int FRAME_HEADER_BYTES = 5;

    private static final int USER_HEADER_MAX_BYTES = 24;

    private StreamWriter() {}

    /** All bytes of the direction. Only a request carries the label header. */
    public static byte[] encode(StreamMessage message, StreamRole role, StreamPolicy policy, Sealer sealer) {
        byte[] plain = plain(message);
        byte[] packed = policy.compression() ? Compression.compress(plain, 0, plain.length) : plain;
        Octets header = role == StreamRole.REQUEST ? policy.label() : Octets.empty();
        Optional<GossipKey> key = policy.sealingKey();
        return key.isPresent() ? sealed(packed, header, policy.label(), key.get(), sealer) : Label.add(header, packed);
    }

    /** The frame header and the label: what a frame's seal covers besides its content. */
    static Octets associatedData(int frameBytes, Octets label) {
        byte[] aad = new byte[FRAME_HEADER_BYTES + label.length()];
        writeFrameHeader(frameBytes, aad, 0);
        label.copyTo(aad, FRAME_HEADER_BYTES);
        return Octets.wrap(aad);
    }

    private static byte[] plain(StreamMessage message) {
        if (message instanceof StreamMessage.Exchange exchange) {
            return PushPullCodec.encode(exchange.state());
        }
        SwimMessage swim = ((StreamMessage.Swim) message).message();
        if (swim instanceof SwimMessage.User user) {
            MsgpackWriter out =
                    new MsgpackWriter(USER_HEADER_MAX_BYTES + user.body().length()).octet(SwimMessage.Kind.USER.code());
            return UserMessageHeader.write(out, user.body().length())
                    .append(user.body())
                    .toByteArray();
        }
        return SwimCodec.encode(swim);
    }

    private static byte[] sealed(byte[] packed, Octets header, Octets label, GossipKey key, Sealer sealer) {
        int frameBytes = sealer.sealedLength(packed.length);
        byte[] stream = new byte[Label.overheadBytes(header) + FRAME_HEADER_BYTES + frameBytes];
        int at = Label.write(header, stream, 0);
        at = writeFrameHeader(frameBytes, stream, at);
        sealer.sealInto(key, packed, 0, packed.length, associatedData(frameBytes, label), stream, at);
        return stream;
    }

    private static int writeFrameHeader(int frameBytes, byte[] target, int position) {
        target[position] = ENCRYPTED;
        for (int i = 1; i < FRAME_HEADER_BYTES; i++) {
            target[position + i] = (byte) (frameBytes >>> (8 * (FRAME_HEADER_BYTES - 1 - i)));
        }
        return position + FRAME_HEADER_BYTES;
    }
}
