package io.sotto.wire.message;

import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackReader.Fault;
import io.sotto.wire.msgpack.StructShape;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The reading half of {@link SwimCodec}. */
final class SwimDecoder {
    static final long U16_MAX = 0xffff;
    static final long U32_MAX = 0xffff_ffffL;
    static final int IP_MAX_BYTES = 16;

    /** Six are meant; a few more do no harm and are the business of a later version. */
    static final int VSN_MAX_BYTES = 32;

    // The orders of declaration: what a struct given as a list goes by.
    private static final StructShape PING = StructShape.of("SeqNo", "Node", "SourceAddr", "SourcePort", "SourceNode");
    private static final StructShape INDIRECT_PING =
            StructShape.of("SeqNo", "Target", "Port", "Node", "Nack", "SourceAddr", "SourcePort", "SourceNode");
    private static final StructShape ACK = StructShape.of("SeqNo", "Payload");
    private static final StructShape NACK = StructShape.of("SeqNo");
    private static final StructShape ERR = StructShape.of("Error");
    private static final StructShape ACCUSATION = StructShape.of("Incarnation", "Node", "From");
    private static final StructShape ALIVE = StructShape.of("Incarnation", "Node", "Addr", "Port", "Meta", "Vsn");

    private SwimDecoder() {}

    static Decoded decode(int type, MsgpackReader in, Limits limits) {
        @Nullable
        SwimMessage message = switch (type) {
            case 0 -> ping(in, limits);
            case 1 -> indirectPing(in, limits);
            case 2 -> ack(in, limits);
            case 3, 5 -> accusation(type, in, limits);
            case 4 -> alive(in, limits);
            case 11 -> nack(in);
            case 13 -> err(in, limits);
            default -> null;
        };
        if (message == null) {
            return new Decoded.Malformed(Reason.TYPE, "message type " + type + " is not known here");
        }
        return in.hasFailed() ? malformed(type, in.fault()) : new Decoded.Message(message);
    }

    /** What a fault of the reader counts as. */
    static Reason reason(Fault fault) {
        return switch (fault) {
            case RANGE -> Reason.BOUNDS;
            case DEPTH -> Reason.NESTING;
            case NONE, TRUNCATED, TYPE -> Reason.MALFORMED;
        };
    }

    private static Decoded malformed(int type, Fault fault) {
        return new Decoded.Malformed(reason(fault), "message of type " + type + ": " + fault.detail());
    }

    private static SwimMessage ping(MsgpackReader in, Limits limits) {
        long seqNo = 0;
        String node = "";
        Octets sourceIp = Octets.empty();
        int sourcePort = 0;
        String sourceNode = "";
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, PING)) {
                case 0 -> seqNo = in.unsigned(U32_MAX);
                case 1 -> node = in.text(limits.nameMaxBytes());
                case 2 -> sourceIp = in.bytes(IP_MAX_BYTES);
                case 3 -> sourcePort = (int) in.unsigned(U16_MAX);
                case 4 -> sourceNode = in.text(limits.nameMaxBytes());
                default -> in.skip();
            }
        }
        return new SwimMessage.Ping(seqNo, node, asker(sourceIp, sourcePort, sourceNode));
    }

    private static SwimMessage indirectPing(MsgpackReader in, Limits limits) {
        long seqNo = 0;
        Octets target = Octets.empty();
        int port = 0;
        String node = "";
        boolean nack = false;
        Octets sourceIp = Octets.empty();
        int sourcePort = 0;
        String sourceNode = "";
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, INDIRECT_PING)) {
                case 0 -> seqNo = in.unsigned(U32_MAX);
                case 1 -> target = in.bytes(IP_MAX_BYTES);
                case 2 -> port = (int) in.unsigned(U16_MAX);
                case 3 -> node = in.text(limits.nameMaxBytes());
                case 4 -> nack = in.bool();
                case 5 -> sourceIp = in.bytes(IP_MAX_BYTES);
                case 6 -> sourcePort = (int) in.unsigned(U16_MAX);
                case 7 -> sourceNode = in.text(limits.nameMaxBytes());
                default -> in.skip();
            }
        }
        return new SwimMessage.IndirectPing(
                seqNo, new NodeAddress(target, port), node, nack, asker(sourceIp, sourcePort, sourceNode));
    }

    private static Optional<SwimMessage.Asker> asker(Octets ip, int port, String node) {
        return ip.isEmpty() && port == 0 && node.isEmpty()
                ? Optional.empty()
                : Optional.of(new SwimMessage.Asker(new NodeAddress(ip, port), node));
    }

    private static SwimMessage ack(MsgpackReader in, Limits limits) {
        long seqNo = 0;
        Octets payload = Octets.empty();
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, ACK)) {
                case 0 -> seqNo = in.unsigned(U32_MAX);
                case 1 -> payload = in.bytes(limits.unpackedDatagramMaxBytes());
                default -> in.skip();
            }
        }
        return new SwimMessage.Ack(seqNo, payload);
    }

    private static SwimMessage nack(MsgpackReader in) {
        long seqNo = 0;
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            if (in.field(header, i, NACK) == 0) {
                seqNo = in.unsigned(U32_MAX);
            } else {
                in.skip();
            }
        }
        return new SwimMessage.Nack(seqNo);
    }

    private static SwimMessage err(MsgpackReader in, Limits limits) {
        String error = "";
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            if (in.field(header, i, ERR) == 0) {
                error = in.text(limits.unpackedDatagramMaxBytes());
            } else {
                in.skip();
            }
        }
        return new SwimMessage.Err(error);
    }

    private static SwimMessage accusation(int type, MsgpackReader in, Limits limits) {
        long incarnation = 0;
        String node = "";
        String from = "";
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, ACCUSATION)) {
                case 0 -> incarnation = in.unsigned(U32_MAX);
                case 1 -> node = in.text(limits.nameMaxBytes());
                case 2 -> from = in.text(limits.nameMaxBytes());
                default -> in.skip();
            }
        }
        return type == SwimMessage.Kind.SUSPECT.code()
                ? new SwimMessage.Suspect(incarnation, node, from)
                : new SwimMessage.Dead(incarnation, node, from);
    }

    private static SwimMessage alive(MsgpackReader in, Limits limits) {
        long incarnation = 0;
        String node = "";
        Octets ip = Octets.empty();
        int port = 0;
        Octets meta = Octets.empty();
        Octets vsn = Octets.empty();
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, ALIVE)) {
                case 0 -> incarnation = in.unsigned(U32_MAX);
                case 1 -> node = in.text(limits.nameMaxBytes());
                case 2 -> ip = in.bytes(IP_MAX_BYTES);
                case 3 -> port = (int) in.unsigned(U16_MAX);
                case 4 -> meta = in.bytes(limits.metaMaxBytes());
                case 5 -> vsn = in.bytes(VSN_MAX_BYTES);
                default -> in.skip();
            }
        }
        return new SwimMessage.Alive(incarnation, node, new NodeAddress(ip, port), meta, vsn);
    }
}
