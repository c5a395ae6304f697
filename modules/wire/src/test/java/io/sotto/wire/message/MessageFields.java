package io.sotto.wire.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.Vectors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes messages of the fields that vector files describe them with. A field that is not there is zero. */
public final class MessageFields {
    private final JsonNode fields;

    private MessageFields(JsonNode fields) {
        this.fields = fields;
    }

    /** A memberlist message, by the name of its type. */
    public static SwimMessage swim(String type, JsonNode json) {
        MessageFields f = new MessageFields(json);
        return switch (type) {
            case "ping" -> new SwimMessage.Ping(f.number("SeqNo"), f.text("Node"), f.asker());
            case "indirectPing" ->
                new SwimMessage.IndirectPing(
                        f.number("SeqNo"), f.address("Target", "Port"), f.text("Node"), f.flag("Nack"), f.asker());
            case "ackResp" -> new SwimMessage.Ack(f.number("SeqNo"), f.bytes("Payload"));
            case "nackResp" -> new SwimMessage.Nack(f.number("SeqNo"));
            case "suspect" -> new SwimMessage.Suspect(f.number("Incarnation"), f.text("Node"), f.text("From"));
            case "dead" -> new SwimMessage.Dead(f.number("Incarnation"), f.text("Node"), f.text("From"));
            case "alive" ->
                new SwimMessage.Alive(
                        f.number("Incarnation"),
                        f.text("Node"),
                        f.address("Addr", "Port"),
                        f.bytes("Meta"),
                        f.bytes("Vsn"));
            case "err", "errResp" -> new SwimMessage.Err(f.text("Error"));
            default -> throw new IllegalArgumentException("no memberlist message " + type);
        };
    }

    public static PushPullCodec.Header header(JsonNode json) {
        MessageFields f = new MessageFields(json);
        return new PushPullCodec.Header(f.number("Nodes"), f.number("UserStateLen"), f.flag("Join"));
    }

    /** A record of a push/pull, as messages spell its fields or as pool states do. */
    public static PushPull.Node node(JsonNode json) {
        MessageFields f = new MessageFields(json);
        return json.has("name")
                ? new PushPull.Node(
                        f.text("name"),
                        f.address("addr", "port"),
                        f.bytes("meta"),
                        f.number("incarnation"),
                        f.state("state"),
                        f.bytes("vsn"))
                : new PushPull.Node(
                        f.text("Name"),
                        f.address("Addr", "Port"),
                        f.bytes("Meta"),
                        f.number("Incarnation"),
                        f.state("State"),
                        f.bytes("Vsn"));
    }

    /** A Serf message, by the name of its type. */
    public static SerfMessage serf(String type, JsonNode json) {
        MessageFields f = new MessageFields(json);
        return switch (type) {
            case "leave" -> new SerfMessage.Leave(f.number("LTime"), f.text("Node"), f.flag("Prune"));
            case "join" -> new SerfMessage.Join(f.number("LTime"), f.text("Node"));
            case "pushPull" ->
                new SerfMessage.PushPullState(
                        f.number("LTime"),
                        f.times("StatusLTimes"),
                        f.texts("LeftMembers"),
                        f.number("EventLTime"),
                        f.slots(),
                        f.number("QueryLTime"));
            case "userEvent" ->
                new SerfMessage.UserEvent(f.number("LTime"), f.text("Name"), f.bytes("Payload"), f.flag("CC"));
            case "query" ->
                new SerfMessage.Query(
                        f.number("LTime"),
                        f.number("ID"),
                        f.address("Addr", "Port"),
                        f.text("SourceNode"),
                        Vectors.byteStrings(f.get("Filters")),
                        f.number("Flags"),
                        (int) f.number("RelayFactor"),
                        f.number("Timeout"),
                        f.text("Name"),
                        f.bytes("Payload"));
            case "queryResponse" ->
                new SerfMessage.QueryResponse(
                        f.number("LTime"), f.number("ID"), f.text("From"), f.number("Flags"), f.bytes("Payload"));
            case "conflictResponse" ->
                new SerfMessage.ConflictResponse(json.isObject() ? Optional.of(f.member()) : Optional.empty());
            case "keyRequest" -> new SerfMessage.KeyRequest(f.bytes("Key"));
            case "keyResponse" ->
                new SerfMessage.KeyResponse(f.flag("Result"), f.text("Message"), f.texts("Keys"), f.text("PrimaryKey"));
            default -> throw new IllegalArgumentException("no Serf message " + type);
        };
    }

    private SerfMessage.MemberRecord member() {
        Map<String, String> tags = new LinkedHashMap<>();
        get("Tags").properties().forEach(tag -> tags.put(tag.getKey(), Vectors.text(tag.getValue())));
        return new SerfMessage.MemberRecord(
                text("Name"),
                address("Addr", "Port"),
                tags,
                (int) number("Status"),
                (int) number("ProtocolMin"),
                (int) number("ProtocolMax"),
                (int) number("ProtocolCur"),
                (int) number("DelegateMin"),
                (int) number("DelegateMax"),
                (int) number("DelegateCur"));
    }

    /** A list of slots; or, in captured traffic, how many there are and those that are not nil, in their order. */
    private List<Optional<SerfMessage.EventSlot>> slots() {
        List<Optional<SerfMessage.EventSlot>> slots = new ArrayList<>();
        for (JsonNode slot : get("Events")) {
            if (slot.isNull()) {
                slots.add(Optional.empty());
                continue;
            }
            List<SerfMessage.Event> events = new ArrayList<>();
            for (JsonNode event : slot.path("Events")) {
                MessageFields f = new MessageFields(event);
                events.add(new SerfMessage.Event(f.text("Name"), f.bytes("Payload")));
            }
            slots.add(Optional.of(new SerfMessage.EventSlot(new MessageFields(slot).number("LTime"), events)));
        }
        return slots;
    }

    private Optional<SwimMessage.Asker> asker() {
        NodeAddress address = address("SourceAddr", "SourcePort");
        String node = text("SourceNode");
        return address.ip().isEmpty() && address.port() == 0 && node.isEmpty()
                ? Optional.empty()
                : Optional.of(new SwimMessage.Asker(address, node));
    }

    private JsonNode get(String key) {
        return fields.path(key);
    }

    private NodeAddress address(String ipKey, String portKey) {
        return new NodeAddress(bytes(ipKey), (int) number(portKey));
    }

    private NodeState state(String key) {
        return NodeState.ofCode(number(key)).orElseThrow();
    }

    private Octets bytes(String key) {
        return Vectors.bytes(get(key));
    }

    private String text(String key) {
        // Where both forms are given, the bytes are the truth.
        JsonNode hex = fields.path(key + "_hex");
        return hex instanceof MissingNode ? Vectors.text(get(key)) : io.sotto.wire.WireText.decode(Vectors.bytes(hex));
    }

    private List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        get(key).forEach(text -> texts.add(Vectors.text(text)));
        return texts;
    }

    private Map<String, Long> times(String key) {
        Map<String, Long> times = new LinkedHashMap<>();
        get(key).properties().forEach(time -> times.put(time.getKey(), unsigned(time.getValue())));
        return times;
    }

    private long number(String key) {
        return unsigned(get(key));
    }

    private static long unsigned(JsonNode value) {
        return value.isNumber() ? value.bigIntegerValue().longValue() : 0;
    }

    private boolean flag(String key) {
        return get(key).asBoolean();
    }
}
