package io.sotto.wire.message;

import io.sotto.wire.Octets;
import io.sotto.wire.WireText;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The writing half of {@link SerfCodec}: every struct is a map with its keys in ascending order. */
final class SerfEncoder {
    private static final int EXPECTED_BYTES = 256;
    private static final Comparator<String> BYTE_ORDER = (a, b) -> Arrays.compareUnsigned(
            WireText.encode(a).toArray(), WireText.encode(b).toArray());

    private SerfEncoder() {}

    static byte[] encode(SerfMessage message) {
        MsgpackWriter out =
                new MsgpackWriter(EXPECTED_BYTES).octet(message.kind().code());
        return switch (message.kind()) {
            case LEAVE -> leave(out, (SerfMessage.Leave) message).toByteArray();
            case JOIN -> join(out, (SerfMessage.Join) message).toByteArray();
            case PUSH_PULL -> pushPull(out, (SerfMessage.PushPullState) message).toByteArray();
            case USER_EVENT -> userEvent(out, (SerfMessage.UserEvent) message).toByteArray();
            case QUERY -> query(out, (SerfMessage.Query) message).toByteArray();
            case QUERY_RESPONSE ->
                queryResponse(out, (SerfMessage.QueryResponse) message).toByteArray();
            case CONFLICT_RESPONSE ->
                conflictResponse(out, (SerfMessage.ConflictResponse) message).toByteArray();
            case KEY_REQUEST ->
                out.map(1)
                        .key("Key")
                        .bytes(((SerfMessage.KeyRequest) message).key())
                        .toByteArray();
            case KEY_RESPONSE ->
                keyResponse(out, (SerfMessage.KeyResponse) message).toByteArray();
            case RELAY -> relay(out, (SerfMessage.Relay) message).toByteArray();
        };
    }

    static MsgpackWriter tags(MsgpackWriter out, Map<String, String> tags) {
        out.map(tags.size());
        tags.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(BYTE_ORDER))
                .forEach(tag -> out.key(tag.getKey()).text(tag.getValue()));
        return out;
    }

    private static MsgpackWriter leave(MsgpackWriter out, SerfMessage.Leave leave) {
        out.map(3);
        out.key("LTime").unsigned(leave.ltime());
        out.key("Node").text(leave.node());
        return out.key("Prune").bool(leave.prune());
    }

    private static MsgpackWriter join(MsgpackWriter out, SerfMessage.Join join) {
        out.map(2);
        out.key("LTime").unsigned(join.ltime());
        return out.key("Node").text(join.node());
    }

    private static MsgpackWriter pushPull(MsgpackWriter out, SerfMessage.PushPullState state) {
        out.map(6);
        out.key("EventLTime").unsigned(state.eventLTime());
        out.key("Events").list(state.events().size());
        for (Optional<SerfMessage.EventSlot> slot : state.events()) {
            if (slot.isPresent()) {
                eventSlot(out, slot.get());
            } else {
                out.nil();
            }
        }
        out.key("LTime").unsigned(state.ltime());
        texts(out.key("LeftMembers"), state.leftMembers());
        out.key("QueryLTime").unsigned(state.queryLTime());
        out.key("StatusLTimes").map(state.statusLTimes().size());
        state.statusLTimes().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(BYTE_ORDER))
                .forEach(status -> out.key(status.getKey()).unsigned(status.getValue()));
        return out;
    }

    private static void eventSlot(MsgpackWriter out, SerfMessage.EventSlot slot) {
        out.map(2);
        out.key("Events").list(slot.events().size());
        for (SerfMessage.Event event : slot.events()) {
            out.map(2);
            out.key("Name").text(event.name());
            out.key("Payload").bytesOrNil(event.payload());
        }
        out.key("LTime").unsigned(slot.ltime());
    }

    private static MsgpackWriter userEvent(MsgpackWriter out, SerfMessage.UserEvent event) {
        out.map(4);
        out.key("CC").bool(event.coalesce());
        out.key("LTime").unsigned(event.ltime());
        out.key("Name").text(event.name());
        return out.key("Payload").bytesOrNil(event.payload());
    }

    private static MsgpackWriter query(MsgpackWriter out, SerfMessage.Query query) {
        out.map(11);
        out.key("Addr").bytesOrNil(query.asker().ip());
        out.key("Filters");
        if (query.filters().isEmpty()) {
            out.nil();
        } else {
            out.list(query.filters().size());
            for (Octets filter : query.filters()) {
                out.bytes(filter);
            }
        }
        out.key("Flags").unsigned(query.flags());
        out.key("ID").unsigned(query.id());
        out.key("LTime").unsigned(query.ltime());
        out.key("Name").text(query.name());
        out.key("Payload").bytesOrNil(query.payload());
        out.key("Port").unsigned(query.asker().port());
        out.key("RelayFactor").unsigned(query.relayFactor());
        out.key("SourceNode").text(query.sourceNode());
        return out.key("Timeout").signed(query.timeoutNanos());
    }

    private static MsgpackWriter queryResponse(MsgpackWriter out, SerfMessage.QueryResponse response) {
        out.map(5);
        out.key("Flags").unsigned(response.flags());
        out.key("From").text(response.from());
        out.key("ID").unsigned(response.id());
        out.key("LTime").unsigned(response.ltime());
        return out.key("Payload").bytesOrNil(response.payload());
    }

    private static MsgpackWriter conflictResponse(MsgpackWriter out, SerfMessage.ConflictResponse response) {
        if (response.member().isEmpty()) {
            return out.nil();
        }
        SerfMessage.MemberRecord member = response.member().get();
        out.map(11);
        out.key("Addr").bytesOrNil(member.address().ip());
        out.key("DelegateCur").unsigned(member.delegateCur());
        out.key("DelegateMax").unsigned(member.delegateMax());
        out.key("DelegateMin").unsigned(member.delegateMin());
        out.key("Name").text(member.name());
        out.key("Port").unsigned(member.address().port());
        out.key("ProtocolCur").unsigned(member.protocolCur());
        out.key("ProtocolMax").unsigned(member.protocolMax());
        out.key("ProtocolMin").unsigned(member.protocolMin());
        out.key("Status").signed(member.status());
        return tags(out.key("Tags"), member.tags());
    }

    private static MsgpackWriter keyResponse(MsgpackWriter out, SerfMessage.KeyResponse response) {
        out.map(4);
        out.key("Keys");
        if (response.keys().isEmpty()) {
            out.nil();
        } else {
            texts(out, response.keys());
        }
        out.key("Message").text(response.message());
        out.key("PrimaryKey").text(response.primaryKey());
        return out.key("Result").bool(response.result());
    }

    private static MsgpackWriter relay(MsgpackWriter out, SerfMessage.Relay relay) {
        out.map(2);
        out.key("DestAddr").map(3);
        out.key("IP").bytesOrNil(relay.destination().ip());
        out.key("Port").signed(relay.destination().port());
        out.key("Zone").text(relay.zone());
        out.key("DestName").text(relay.destinationNode());
        return out.append(relay.inner());
    }

    private static void texts(MsgpackWriter out, List<String> texts) {
        out.list(texts.size());
        for (String text : texts) {
            out.text(text);
        }
    }
}
