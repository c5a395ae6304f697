package io.sotto.gossip.stream;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The places of accepted connections, in all and of each address, and what they hold: push/pulls being served, bytes.
 *
 * <p>When no place is free, a new connection takes that of another. Who idles or drips holds its place until somebody
 * wants it, and a real request, which is whole within moments, gets through however many of those there are. First those
 * give way that have had their answer, then those whose request is not whole; the eldest first, but among the eldest the
 * one whose address has most places. A request being answered gives way to nobody, nor one of which bytes have come that
 * we have not looked at yet: what is late by our own fault is not the peer's.
 *
 * <p>Safe to call from any thread. Source: security rules, "Figures to hold"; gossip specification, section 5.3; the
 * order of giving way is ours.
 */
final class StreamSlots {
    /** What the holder of a place is doing, in the order in which they give way. */
    enum Standing {
        ANSWERED,
        ASKING,
        ANSWERING
    }

    /** How many of the eldest are looked at for the address with most places. */
    private static final int ELDEST = 32;

    private static final List<Standing> GIVING_WAY = List.of(Standing.ANSWERED, Standing.ASKING);

    /** One connection's place. */
    static final class Place {
        private final InetAddress address;
        private final Runnable whenDisplaced;
        private Standing standing = Standing.ASKING;
        private boolean hasUnread;
        private boolean left;

        private Place(InetAddress address, Runnable whenDisplaced) {
            this.address = address;
            this.whenDisplaced = whenDisplaced;
        }
    }

    private final StreamSettings settings;
    private final StreamCounters counters;
    private final Map<Standing, Set<Place>> places = new EnumMap<>(Standing.class);
    private final Map<InetAddress, Integer> perAddress = new HashMap<>();
    private int total;
    private int pushPulls;
    private long bufferedBytes;

    StreamSlots(StreamSettings settings, StreamCounters counters) {
        this.settings = settings;
        this.counters = counters;
        for (Standing standing : Standing.values()) {
            places.put(standing, new LinkedHashSet<>());
        }
    }

    /**
     * Takes a place, another's if need be; empty if all are held by requests being answered.
     *
     * @param whenDisplaced called, on the thread of the newcomer, when the place is taken by another
     */
    Optional<Place> enter(InetAddress address, Runnable whenDisplaced) {
        Place newcomer = new Place(address, whenDisplaced);
        List<Place> displaced = new ArrayList<>(1);
        boolean entered;
        synchronized (this) {
            entered = makesRoom(address, displaced);
            if (entered) {
                total++;
                perAddress.merge(address, 1, Integer::sum);
                places(Standing.ASKING).add(newcomer);
                counters.open.increment();
            }
        }
        displaced.forEach(place -> place.whenDisplaced.run());
        return entered ? Optional.of(newcomer) : Optional.empty();
    }

    private boolean makesRoom(InetAddress address, List<Place> displaced) {
        boolean addressIsFull = perAddress.getOrDefault(address, 0) >= settings.perAddressMax();
        if (!addressIsFull && total < settings.totalMax()) {
            return true;
        }
        Optional<Place> givesWay = addressIsFull ? eldestOf(address) : eldest();
        givesWay.ifPresent(place -> {
            remove(place);
            displaced.add(place);
        });
        return givesWay.isPresent();
    }

    private Optional<Place> eldestOf(InetAddress address) {
        return GIVING_WAY.stream()
                .flatMap(standing -> places(standing).stream())
                .filter(place -> place.address.equals(address) && !place.hasUnread)
                .findFirst();
    }

    private Optional<Place> eldest() {
        return GIVING_WAY.stream()
                .map(standing -> places(standing).stream()
                        .filter(place -> !place.hasUnread)
                        .limit(ELDEST)
                        .reduce((one, next) -> held(next) > held(one) ? next : one))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private int held(Place place) {
        return perAddress.getOrDefault(place.address, 0);
    }

    /** Says what the holder does now. */
    synchronized void stands(Place place, Standing standing) {
        if (!place.left) {
            places(place.standing).remove(place);
            place.standing = standing;
            places(standing).add(place);
        }
    }

    /** Says whether bytes have come that its holder has still to look at. */
    synchronized void hasUnread(Place place, boolean unread) {
        place.hasUnread = unread;
    }

    /** Gives the place back; once is enough. */
    synchronized void leave(Place place) {
        remove(place);
    }

    private void remove(Place place) {
        if (!place.left) {
            place.left = true;
            places(place.standing).remove(place);
            total--;
            perAddress.computeIfPresent(place.address, (key, mine) -> mine == 1 ? null : mine - 1);
            counters.open.decrement();
        }
    }

    private Set<Place> places(Standing standing) {
        return Objects.requireNonNull(places.get(standing), "every standing has its places");
    }

    synchronized boolean beginPushPull() {
        if (pushPulls >= settings.pushPullMax()) {
            return false;
        }
        pushPulls++;
        return true;
    }

    synchronized void endPushPull() {
        pushPulls--;
    }

    /** Sets {@code bytes} apart, if there is room. */
    synchronized boolean buffer(long bytes) {
        if (bufferedBytes + bytes > settings.bufferedMaxBytes()) {
            return false;
        }
        bufferedBytes += bytes;
        counters.bufferedBytes.add(bytes);
        return true;
    }

    synchronized void release(long bytes) {
        bufferedBytes -= bytes;
        counters.bufferedBytes.add(-bytes);
    }

    synchronized int total() {
        return total;
    }
}
