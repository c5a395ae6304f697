package io.sotto.wire.message;

import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.StructShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The reading half of {@link SerfCodec}, but for the state of a push/pull: see {@link SerfStateDecoder}. */
final class SerfDecoder {
    /** For values that are as long as the message lets them be. */
    static final int ANY_LENGTH = Integer.MAX_VALUE;

    private static final StructShape LEAVE = StructShape.of("LTime", "Node", "Prune");
    private static final StructShape USER_EVENT = StructShape.of("LTime", "Name", "Payload", "CC");
    private static final StructShape QUERY = StructShape.of(
            "LTime",
            "ID",
            "Addr",
            "Port",
            "SourceNode",
            "Filters",
            "Flags",
            "RelayFactor",
            "Timeout",
            "Name",
            "Payload");
    private static final StructShape QUERY_RESPONSE = StructShape.of("LTime", "ID", "From", "Flags", "Payload");
    private static final StructShape MEMBER = StructShape.of(
            "Name",
            "Addr",
            "Port",
            "Tags",
            "Status",
            "ProtocolMin",
            "ProtocolMax",
            "ProtocolCur",
            "DelegateMin",
            "DelegateMax",
            "DelegateCur");
    private static final StructShape KEY_REQUEST = StructShape.of("Key");
    private static final StructShape KEY_RESPONSE = StructShape.of("Result", "Message", "Keys", "PrimaryKey");
    private static final StructShape RELAY = StructShape.of("DestAddr", "DestName");
    private static final StructShape DESTINATION = StructShape.of("IP", "Port", "Zone");
    private static final long U8_MAX = 0xff;

    /** Far more than fit into a query that any member sends. */
    private static final int FILTERS_MAX = 1_024;

    private SerfDecoder() {}

    static DecodedSerf decode(Octets body, Limits limits) {
        if (body.isEmpty()) {
            return new DecodedSerf.Malformed(Reason.TYPE, "missing Serf type byte");
        }
        int type = body.at(0);
        MsgpackReader in = new MsgpackReader(body, 1, limits.msgpackMaxDepth());
        @Nullable
        SerfMessage message = switch (type) {
            case 0 -> leave(in, limits);
            case 1 -> join(in, limits);
            case 2 -> SerfStateDecoder.decode(in, limits);
            case 3 -> userEvent(in);
            case 4 -> query(in, limits);
            case 5 -> queryResponse(in, limits);
            case 6 -> conflictResponse(in, limits);
            case 7 -> keyRequest(in);
            case 8 -> keyResponse(in, limits);
            case 9 -> relay(in, limits, body);
            default -> null;
        };
        if (message == null) {
            return new DecodedSerf.Malformed(Reason.TYPE, "Serf message type " + type + " is not known");
        }
        return in.hasFailed()
                ? new DecodedSerf.Malformed(
                        SwimDecoder.reason(in.fault()),
                        "Serf message of type " + type + ": " + in.fault().detail())
                : new DecodedSerf.Message(message);
    }

    /** A map from text to text. Entries read before something is wrong are kept. */
    static Map<String, String> tags(MsgpackReader in) {
        Map<String, String> tags = new LinkedHashMap<>();
        int count = in.beginMap(ANY_LENGTH);
        for (int i = 0; i < count; i++) {
            String name = in.text(ANY_LENGTH);
            String value = in.text(ANY_LENGTH);
            if (in.hasFailed()) {
                break;
            }
            tags.put(name, value);
        }
        return tags;
    }

    private static SerfMessage leave(MsgpackReader in, Limits limits) {
        long ltime = 0;
        String node = "";
        boolean prune = false;
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, LEAVE)) {
                case 0 -> ltime = in.unsigned64();
                case 1 -> node = in.text(limits.nameMaxBytes());
                case 2 -> prune = in.bool();
                default -> in.skip();
            }
        }
        return new SerfMessage.Leave(ltime, node, prune);
    }

    private static SerfMessage join(MsgpackReader in, Limits limits) {
        SerfMessage.Leave fields = (SerfMessage.Leave) leave(in, limits);
        return new SerfMessage.Join(fields.ltime(), fields.node());
    }

    private static SerfMessage userEvent(MsgpackReader in) {
        long ltime = 0;
        String name = "";
        Octets payload = Octets.empty();
        boolean coalesce = false;
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, USER_EVENT)) {
                case 0 -> ltime = in.unsigned64();
                case 1 -> name = in.text(ANY_LENGTH);
                case 2 -> payload = in.bytes(ANY_LENGTH);
                case 3 -> coalesce = in.bool();
                default -> in.skip();
            }
        }
        return new SerfMessage.UserEvent(ltime, name, payload, coalesce);
    }

    private static SerfMessage query(MsgpackReader in, Limits limits) {
        long ltime = 0;
        long id = 0;
        Octets ip = Octets.empty();
        int port = 0;
        String sourceNode = "";
        List<Octets> filters = List.of();
        long flags = 0;
        int relayFactor = 0;
        long timeoutNanos = 0;
        String name = "";
        Octets payload = Octets.empty();
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, QUERY)) {
                case 0 -> ltime = in.unsigned64();
                case 1 -> id = in.unsigned(SwimDecoder.U32_MAX);
                case 2 -> ip = in.bytes(SwimDecoder.IP_MAX_BYTES);
                case 3 -> port = (int) in.unsigned(SwimDecoder.U16_MAX);
                case 4 -> sourceNode = in.text(limits.nameMaxBytes());
                case 5 -> filters = filters(in);
                case 6 -> flags = in.unsigned(SwimDecoder.U32_MAX);
                case 7 -> relayFactor = (int) in.unsigned(U8_MAX);
                case 8 -> timeoutNanos = in.signed();
                case 9 -> name = in.text(ANY_LENGTH);
                case 10 -> payload = in.bytes(ANY_LENGTH);
                default -> in.skip();
            }
        }
        return new SerfMessage.Query(
                ltime,
                id,
                new NodeAddress(ip, port),
                sourceNode,
                filters,
                flags,
                relayFactor,
                timeoutNanos,
                name,
                payload);
    }

    private static List<Octets> filters(MsgpackReader in) {
        List<Octets> filters = new ArrayList<>();
        int count = in.beginList(FILTERS_MAX);
        for (int i = 0; i < count && !in.hasFailed(); i++) {
            filters.add(in.bytes(ANY_LENGTH));
        }
        return filters;
    }

    private static SerfMessage queryResponse(MsgpackReader in, Limits limits) {
        long ltime = 0;
        long id = 0;
        String from = "";
        long flags = 0;
        Octets payload = Octets.empty();
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, QUERY_RESPONSE)) {
                case 0 -> ltime = in.unsigned64();
                case 1 -> id = in.unsigned(SwimDecoder.U32_MAX);
                case 2 -> from = in.text(limits.nameMaxBytes());
                case 3 -> flags = in.unsigned(SwimDecoder.U32_MAX);
                case 4 -> payload = in.bytes(ANY_LENGTH);
                default -> in.skip();
            }
        }
        return new SerfMessage.QueryResponse(ltime, id, from, flags, payload);
    }

    private static SerfMessage conflictResponse(MsgpackReader in, Limits limits) {
        if (in.takeNil()) {
            return new SerfMessage.ConflictResponse(Optional.empty());
        }
        String name = "";
        Octets ip = Octets.empty();
        int port = 0;
        Map<String, String> tags = Map.of();
        int status = 0;
        int[] versions = new int[6];
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            int field = in.field(header, i, MEMBER);
            switch (field) {
                case 0 -> name = in.text(limits.nameMaxBytes());
                case 1 -> ip = in.bytes(SwimDecoder.IP_MAX_BYTES);
                case 2 -> port = (int) in.unsigned(SwimDecoder.U16_MAX);
                case 3 -> tags = tags(in);
                case 4 -> status = (int) in.unsigned(U8_MAX);
                case 5, 6, 7, 8, 9, 10 -> versions[field - 5] = (int) in.unsigned(U8_MAX);
                default -> in.skip();
            }
        }
        return new SerfMessage.ConflictResponse(Optional.of(new SerfMessage.MemberRecord(
                name,
                new NodeAddress(ip, port),
                tags,
                status,
                versions[0],
                versions[1],
                versions[2],
                versions[3],
                versions[4],
                versions[5])));
    }

    private static SerfMessage keyRequest(MsgpackReader in) {
        Octets key = Octets.empty();
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            if (in.field(header, i, KEY_REQUEST) == 0) {
                key = in.bytes(ANY_LENGTH);
            } else {
                in.skip();
            }
        }
        return new SerfMessage.KeyRequest(key);
    }

    private static SerfMessage keyResponse(MsgpackReader in, Limits limits) {
        boolean result = false;
        String message = "";
        List<String> keys = List.of();
        String primaryKey = "";
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, KEY_RESPONSE)) {
                case 0 -> result = in.bool();
                case 1 -> message = in.text(ANY_LENGTH);
                case 2 -> keys = texts(in, limits.pushPullMaxNodes());
                case 3 -> primaryKey = in.text(ANY_LENGTH);
                default -> in.skip();
            }
        }
        return new SerfMessage.KeyResponse(result, message, keys, primaryKey);
    }

    private static SerfMessage relay(MsgpackReader in, Limits limits, Octets body) {
        Octets ip = Octets.empty();
        int port = 0;
        String zone = "";
        String node = "";
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, RELAY)) {
                case 0 -> {
                    int inner = in.beginStruct();
                    for (int j = 0; j < MsgpackReader.entries(inner); j++) {
                        switch (in.field(inner, j, DESTINATION)) {
                            case 0 -> ip = in.bytes(SwimDecoder.IP_MAX_BYTES);
                            case 1 -> port = (int) in.unsigned(SwimDecoder.U16_MAX);
                            case 2 -> zone = in.text(limits.nameMaxBytes());
                            default -> in.skip();
                        }
                    }
                }
                case 1 -> node = in.text(limits.nameMaxBytes());
                default -> in.skip();
            }
        }
        int rest = in.remaining();
        Octets relayed = Octets.copyOf(body.array(), body.arrayOffset() + body.length() - rest, rest);
        return new SerfMessage.Relay(new NodeAddress(ip, port), zone, node, relayed);
    }

    /** A list of text, of at most {@code maxCount} elements. */
    static List<String> texts(MsgpackReader in, int maxCount) {
        int count = in.beginList(maxCount);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count && !in.hasFailed(); i++) {
            texts.add(in.text(ANY_LENGTH));
        }
        return texts;
    }
}
