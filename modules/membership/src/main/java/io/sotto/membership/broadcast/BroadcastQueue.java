package io.sotto.membership.broadcast;

import io.sotto.membership.Formulas;
import io.sotto.wire.Octets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait to be gossiped, each a limited number of times. One owner.
 *
 * <p>Fewest transmissions first, then the longest, then the newest: news spreads before what everybody has heard, and a
 * packet is filled with its big pieces first. Each operation costs the logarithm of the length. The queue has no bound of
 * its own; call {@link #prune} after adding. Source: gossip specification, section 12.1; SWIM, section 4.1.
 *
 * @param <T> what the caller wants back when a message is finished, such as a waiter
 */
public final class BroadcastQueue<T> {
    private final NavigableMap<Place, Waiting<T>> order = new TreeMap<>();
    private final Map<String, Place> byName = new HashMap<>();
    private final IntSupplier retransmitMult;
    private long lastNumber;

    /** What one packet carries, and whose messages are finished by it. */
    public record Taken<T>(List<Octets> messages, List<T> finished) {
        public Taken {
            messages = List.copyOf(messages);
            finished = List.copyOf(finished);
        }
    }

    /** @param retransmitMult gives the one in force; see {@link io.sotto.membership.SwimSettings#retransmitMult} */
    public BroadcastQueue(IntSupplier retransmitMult) {
        this.retransmitMult = retransmitMult;
    }

    /** Queues a message that replaces any other of this name; answers the token of the one replaced. */
    public Optional<T> add(String name, Octets message, T token) {
        return add(name, message, token, 0);
    }

    /**
     * The same for a message that others have transmitted already: it comes after what is fresh, and is sent less often.
     *
     * @param transmits how often it counts as transmitted
     */
    public Optional<T> add(String name, Octets message, T token, int transmits) {
        Place place = new Place(transmits, message.length(), ++lastNumber);
        Place replacedPlace = byName.put(name, place);
        Waiting<T> replaced = replacedPlace == null ? null : order.remove(replacedPlace);
        order.put(place, new Waiting<>(name, message, token));
        return Optional.ofNullable(replaced).map(Waiting::token);
    }

    /** Queues a message that replaces nothing. */
    public void add(Octets message, T token) {
        order.put(new Place(0, message.length(), ++lastNumber), new Waiting<>(null, message, token));
    }

    /**
     * Fills one packet; each message taken counts as transmitted once.
     *
     * @param limitBytes room in the packet
     * @param overheadBytes room that each message takes in addition to its own
     * @param poolSize n of the retransmit limit
     */
    public Taken<T> take(int limitBytes, int overheadBytes, int poolSize) {
        if (order.isEmpty()) {
            return new Taken<>(List.of(), List.of());
        }
        int transmitLimit = transmitLimit(poolSize);
        List<Octets> messages = new ArrayList<>();
        List<T> finished = new ArrayList<>();
        NavigableMap<Place, Waiting<T>> again = new TreeMap<>();
        int tier = order.firstKey().transmits;
        int lastTier = order.lastKey().transmits;
        int used = 0;
        while (tier <= lastTier) {
            int free = limitBytes - used - overheadBytes;
            if (free <= 0) {
                break;
            }
            Place place = firstThatFits(tier, free);
            Waiting<T> next = place == null ? null : order.remove(place);
            if (place == null || next == null) {
                tier++;
                continue;
            }
            used += overheadBytes + place.length;
            messages.add(next.message);
            if (place.transmits + 1 >= transmitLimit) {
                finished.add(finish(next));
            } else {
                again.put(place.afterOneMore(), next);
            }
        }
        again.forEach(this::putBack);
        return new Taken<>(messages, finished);
    }

    /** How often a message is transmitted in a pool of this size. */
    public int transmitLimit(int poolSize) {
        return Formulas.retransmitLimit(retransmitMult.getAsInt(), poolSize);
    }

    /** Drops from the tail (most transmitted, shortest, oldest) until {@code retain} remain; answers their tokens. */
    public List<T> prune(int retain) {
        List<T> dropped = new ArrayList<>();
        while (order.size() > retain) {
            dropped.add(finish(order.pollLastEntry().getValue()));
        }
        return List.copyOf(dropped);
    }

    /** As {@link #prune(int)}, but never drops the message of the name {@code kept}. */
    public List<T> prune(int retain, String kept) {
        Place spared = byName.get(kept);
        List<T> dropped = new ArrayList<>();
        while (order.size() > retain) {
            Place last = order.lastKey();
            Place drop = last.equals(spared) ? order.lowerKey(last) : last;
            if (drop == null) {
                break;
            }
            Waiting<T> waiting = order.remove(drop);
            if (waiting != null) {
                dropped.add(finish(waiting));
            }
        }
        return List.copyOf(dropped);
    }

    /** Drops everything; answers the tokens. */
    public List<T> clear() {
        return prune(0);
    }

    public int size() {
        return order.size();
    }

    /** Whether a message waits that was never transmitted. */
    public boolean hasFresh() {
        return !order.isEmpty() && order.firstKey().transmits == 0;
    }

    public boolean isEmpty() {
        return order.isEmpty();
    }

    private @Nullable Place firstThatFits(int tier, int free) {
        Place found = order.ceilingKey(new Place(tier, free, Long.MAX_VALUE));
        return found == null || found.transmits != tier ? null : found;
    }

    private void putBack(Place place, Waiting<T> waiting) {
        order.put(place, waiting);
        if (waiting.name != null) {
            byName.put(waiting.name, place);
        }
    }

    private T finish(Waiting<T> waiting) {
        if (waiting.name != null) {
            byName.remove(waiting.name);
        }
        return waiting.token;
    }

    /** Where a message stands in the queue. */
    private record Place(int transmits, int length, long number) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            if (transmits != other.transmits) {
                return Integer.compare(transmits, other.transmits);
            }
            return length != other.length ? Integer.compare(other.length, length) : Long.compare(other.number, number);
        }

        Place afterOneMore() {
            return new Place(transmits + 1, length, number);
        }
    }

    private record Waiting<T>(@Nullable String name, Octets message, T token) {}
}
