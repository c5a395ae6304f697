package io.sotto.testkit.fuzz;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A message that is a struct: its type byte and its fields in the order of their declaration.
 *
 * <p>Source: gossip specification, sections 3, 5.2 and 16.
 */
record Shape(int type, String name, List<Field> fields) {
    /** One field. */
    record Field(String name, FieldType type) {}

    static final Shape PING = of(0, "ping", "SeqNo U32 Node NAME SourceAddr ADDRESS SourcePort PORT SourceNode NAME");
    static final Shape INDIRECT_PING = of(
            1,
            "indirect ping",
            "SeqNo U32 Target ADDRESS Port PORT Node NAME Nack BOOL SourceAddr ADDRESS SourcePort PORT SourceNode NAME");
    static final Shape ACK = of(2, "ack", "SeqNo U32 Payload BYTES");
    static final Shape SUSPECT = of(3, "suspect", "Incarnation U32 Node NAME From NAME");
    static final Shape ALIVE = of(4, "alive", "Incarnation U32 Node NAME Addr ADDRESS Port PORT Meta META Vsn VSN");
    static final Shape DEAD = of(5, "dead", "Incarnation U32 Node NAME From NAME");
    static final Shape NACK = of(11, "nack", "SeqNo U32");
    static final Shape ERR = of(13, "err", "Error TEXT");

    /** A record of a push/pull; it has no type byte. */
    static final Shape RECORD =
            of(-1, "record", "Name NAME Addr ADDRESS Port PORT Meta META Incarnation U32 State STATE Vsn VSN");

    static final Shape SERF_STATE = of(
            2, "state", "LTime U64 StatusLTimes TIMES LeftMembers TEXTS EventLTime U64 Events EVENTS QueryLTime U64");

    private static final Shape[] DATAGRAM_MESSAGES = {
        PING, PING, INDIRECT_PING, INDIRECT_PING, ACK, SUSPECT, SUSPECT, ALIVE, ALIVE, ALIVE, ALIVE, DEAD, DEAD, NACK
    };

    private static final Shape[] SERF_MESSAGES = {
        of(0, "leave", "LTime U64 Node NAME Prune BOOL"),
        of(1, "join", "LTime U64 Node NAME"),
        SERF_STATE,
        of(3, "user event", "LTime U64 Name TEXT Payload BYTES CC BOOL"),
        of(
                4,
                "query",
                "LTime U64 ID U32 Addr ADDRESS Port PORT SourceNode NAME Filters FILTERS Flags U32 RelayFactor U8"
                        + " Timeout INT Name TEXT Payload BYTES"),
        of(5, "query response", "LTime U64 ID U32 From NAME Flags U32 Payload BYTES"),
        of(
                6,
                "conflict response",
                "Name NAME Addr ADDRESS Port PORT Tags TAGS Status U8 ProtocolMin U8 ProtocolMax U8 ProtocolCur U8"
                        + " DelegateMin U8 DelegateMax U8 DelegateCur U8"),
        of(7, "key request", "Key BYTES"),
        of(8, "key response", "Result BOOL Message TEXT Keys TEXTS PrimaryKey TEXT"),
        of(9, "relay", "DestAddr DESTINATION DestName NAME")
    };

    static Shape datagramMessage(Chance chance) {
        return chance.pick(DATAGRAM_MESSAGES);
    }

    static Shape serfMessage(Chance chance) {
        return chance.pick(SERF_MESSAGES);
    }

    /** The fields as a real writer orders them: ascending. */
    List<Field> ascending() {
        List<Field> sorted = new ArrayList<>(fields);
        sorted.sort(Comparator.comparing(Field::name));
        return sorted;
    }

    private static Shape of(int type, String name, String fields) {
        String[] words = fields.split(" ", -1);
        List<Field> parsed = new ArrayList<>();
        for (int i = 0; i < words.length; i += 2) {
            parsed.add(new Field(words[i], FieldType.valueOf(words[i + 1])));
        }
        return new Shape(type, name, List.copyOf(parsed));
    }
}
