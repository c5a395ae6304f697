package io.sotto.wire.message;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.StructShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads Serf's part of a push/pull: the one Serf message that can be long, so its lists are bounded. */
final class SerfStateDecoder {
    private static final StructShape STATE =
            StructShape.of("LTime", "StatusLTimes", "LeftMembers", "EventLTime", "Events", "QueryLTime");
    private static final StructShape SLOT = StructShape.of("LTime", "Events");
    private static final StructShape EVENT = StructShape.of("Name", "Payload");

    /** The real ring buffer has 512 slots; a configured one may have more, but a byte can stand for a slot. */
    private static final int SLOTS_MAX = 65_536;

    /** Of all slots together: an event can be one byte on the wire and takes some hundred times that in memory. */
    private static final int EVENTS_MAX = 65_536;

    private SerfStateDecoder() {}

    static SerfMessage decode(MsgpackReader in, Limits limits) {
        long ltime = 0;
        Map<String, Long> statusLTimes = Map.of();
        List<String> leftMembers = List.of();
        long eventLTime = 0;
        List<Optional<SerfMessage.EventSlot>> events = List.of();
        long queryLTime = 0;
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, STATE)) {
                case 0 -> ltime = in.unsigned64();
                case 1 -> statusLTimes = statusLTimes(in, limits);
                case 2 -> leftMembers = SerfDecoder.texts(in, limits.pushPullMaxNodes());
                case 3 -> eventLTime = in.unsigned64();
                case 4 -> events = slots(in);
                case 5 -> queryLTime = in.unsigned64();
                default -> in.skip();
            }
        }
        return new SerfMessage.PushPullState(ltime, statusLTimes, leftMembers, eventLTime, events, queryLTime);
    }

    private static Map<String, Long> statusLTimes(MsgpackReader in, Limits limits) {
        Map<String, Long> times = new LinkedHashMap<>();
        int count = in.beginMap(limits.pushPullMaxNodes());
        for (int i = 0; i < count && !in.hasFailed(); i++) {
            String node = in.text(limits.nameMaxBytes());
            times.put(node, in.unsigned64());
        }
        return times;
    }

    private static List<Optional<SerfMessage.EventSlot>> slots(MsgpackReader in) {
        List<Optional<SerfMessage.EventSlot>> slots = new ArrayList<>();
        int events = 0;
        int count = in.beginList(SLOTS_MAX);
        for (int i = 0; i < count && !in.hasFailed(); i++) {
            if (in.takeNil()) {
                slots.add(Optional.empty());
            } else {
                SerfMessage.EventSlot slot = slot(in, EVENTS_MAX - events);
                events += slot.events().size();
                slots.add(Optional.of(slot));
            }
        }
        return slots;
    }

    private static SerfMessage.EventSlot slot(MsgpackReader in, int maxEvents) {
        long ltime = 0;
        List<SerfMessage.Event> events = List.of();
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, SLOT)) {
                case 0 -> ltime = in.unsigned64();
                case 1 -> events = events(in, maxEvents);
                default -> in.skip();
            }
        }
        return new SerfMessage.EventSlot(ltime, events);
    }

    private static List<SerfMessage.Event> events(MsgpackReader in, int max) {
        List<SerfMessage.Event> events = new ArrayList<>();
        int count = in.beginList(max);
        for (int i = 0; i < count && !in.hasFailed(); i++) {
            events.add(event(in));
        }
        return events;
    }

    private static SerfMessage.Event event(MsgpackReader in) {
        String name = "";
        Octets payload = Octets.empty();
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, EVENT)) {
                case 0 -> name = in.text(SerfDecoder.ANY_LENGTH);
                case 1 -> payload = in.bytes(SerfDecoder.ANY_LENGTH);
                default -> in.skip();
            }
        }
        return new SerfMessage.Event(name, payload);
    }
}
