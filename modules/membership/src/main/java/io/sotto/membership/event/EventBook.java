package io.sotto.membership.event;

import io.sotto.membership.Claims;
import io.sotto.membership.EventSettings;
import io.sotto.membership.LamportFloors;
import io.sotto.wire.Octets;
import io.sotto.wire.WireText;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The user events of a pool as one member sees them: which are new, what is sent of its own, and what it tells others in
 * an exchange of views. Nothing that a peer said makes it throw. One owner.
 *
 * <p>Source: gossip specification, sections 17.1, 17.4 and 17.5.
 */
public final class EventBook {
    /** Counted for each event on top of its bytes: objects, and its place in the set. */
    private static final int OVERHEAD_BYTES = 128;

    private final EventSettings settings;
    private final Claims claims;
    private final LamportWindow<Seen> window;

    /** @param memoryMaxBytes what all events that are remembered may take together */
    public EventBook(EventSettings settings, int memoryMaxBytes, Claims claims) {
        this.settings = settings;
        this.claims = claims;
        this.window = new LamportWindow<>(settings.eventSlots(), memoryMaxBytes, claims);
    }

    /** What came of an attempt to send an event. */
    public sealed interface Sending {
        /** Deliver {@code event} here if {@code isNew}, and gossip {@code body}. */
        record Stamped(UserEvent event, Octets body, boolean isNew) implements Sending {}

        /** It is longer than events may be; the reason is the real one's, for the caller. */
        record Refused(String reason) implements Sending {}
    }

    /** The time of the next event of ours. */
    public long time() {
        return window.time();
    }

    /** An event of our own. It is not sent if it is too long. */
    public Sending send(String name, Octets payload, boolean coalesce) {
        int bare = Octets.utf8(name).length() + payload.length();
        int limit = settings.userEventMaxBytes();
        if (bare > limit) {
            return new Sending.Refused("user event exceeds configured limit of " + limit + " bytes before encoding");
        }
        var message = new SerfMessage.UserEvent(window.time(), name, payload, coalesce);
        Octets body = Octets.wrap(SerfCodec.encode(message));
        if (body.length() > limit) {
            return new Sending.Refused(
                    "encoded user event exceeds configured limit of " + limit + " bytes after encoding");
        }
        window.increment();
        Sighting seen = see(message.ltime(), name, payload);
        return new Sending.Stamped(event(message), body, seen == Sighting.NEW);
    }

    /** An event came by gossip. Only a new one is delivered and gossiped on. */
    public Sighting hear(SerfMessage.UserEvent message) {
        return see(message.ltime(), message.name(), message.payload());
    }

    /** What applications are told of it. */
    public static UserEvent event(SerfMessage.UserEvent message) {
        return new UserEvent(message.ltime(), message.name(), message.payload(), message.coalesce());
    }

    /**
     * The events of another member's view. Answers those that are new, in the order in which they are to be delivered; none
     * of them is gossiped on.
     *
     * @param eventLTime the time of that member's next event
     * @param ignoreOld whether whatever is older than that is not wanted: so it is when we join
     */
    public List<UserEvent> merge(long eventLTime, List<Optional<SerfMessage.EventSlot>> slots, boolean ignoreOld) {
        if (window.witnessNext(eventLTime) && ignoreOld) {
            window.startAt(eventLTime);
        }
        List<UserEvent> fresh = new ArrayList<>();
        for (Optional<SerfMessage.EventSlot> slot : slots) {
            if (slot.isPresent()) {
                long ltime = slot.get().ltime();
                for (SerfMessage.Event event : slot.get().events()) {
                    if (see(ltime, event.name(), event.payload()) == Sighting.NEW) {
                        fresh.add(new UserEvent(ltime, event.name(), event.payload(), false));
                    }
                }
            }
        }
        return fresh;
    }

    /** Goes on after an earlier life of this node: nothing up to its last event is delivered again. */
    public void resume(LamportFloors floors) {
        window.resume(floors.event(), floors.eventMinTime());
    }

    /** All that is remembered, by slot, as it goes into an exchange of views. */
    public List<Optional<SerfMessage.EventSlot>> slots() {
        List<Optional<SerfMessage.EventSlot>> slots = new ArrayList<>(settings.eventSlots());
        for (LamportWindow.Slot<Seen> slot : window.slots()) {
            slots.add(
                    slot == null
                            ? Optional.empty()
                            : Optional.of(new SerfMessage.EventSlot(
                                    slot.ltime,
                                    slot.keys.stream()
                                            .map(seen -> new SerfMessage.Event(seen.name, seen.payload))
                                            .toList())));
        }
        return slots;
    }

    private Sighting see(long ltime, String name, Octets payload) {
        int bytes = WireText.encodedLength(name) + payload.length();
        if (claims == Claims.GUARDED && bytes > EventSettings.USER_EVENT_HARD_MAX_BYTES) {
            return Sighting.OVERSIZE;
        }
        return window.see(ltime, new Seen(name, payload), bytes + OVERHEAD_BYTES);
    }

    private record Seen(String name, Octets payload) implements Comparable<Seen> {
        @Override
        public int compareTo(Seen other) {
            int byName = name.compareTo(other.name);
            return byName != 0
                    ? byName
                    : Arrays.compareUnsigned(
                            payload.array(),
                            payload.arrayOffset(),
                            payload.arrayOffset() + payload.length(),
                            other.payload.array(),
                            other.payload.arrayOffset(),
                            other.payload.arrayOffset() + other.payload.length());
        }
    }
}
