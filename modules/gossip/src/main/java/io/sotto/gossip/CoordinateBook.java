package io.sotto.gossip;

import io.sotto.membership.coordinate.Coordinate;
import io.sotto.membership.coordinate.CoordinateCodec;
import io.sotto.wire.Octets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a pool publishes of coordinates: written by {@link Coordinates} only, read by anybody without asking.
 *
 * <p>A snapshot is made when one is asked for, and serves until something changes: a probe must not cost more the more
 * members there are. It outlives its writer.
 */
final class CoordinateBook {
    private record Made(long version, CoordinatesView view) {}

    private final String self;
    private final Map<String, Coordinate> others = new ConcurrentHashMap<>();
    private final AtomicLong version = new AtomicLong();
    private volatile Coordinate own = Coordinate.initial();
    private volatile Octets ackPayload = Octets.empty();
    private volatile Made latest;

    CoordinateBook(String self) {
        this.self = self;
        this.latest = new Made(0, new CoordinatesView(self, own, others));
    }

    /** All of it at this moment. Takes time in proportion to the number of members, unless nothing has changed. */
    CoordinatesView view() {
        Made made = latest;
        // Read first: what changes while the snapshot is made outdates it.
        long present = version.get();
        if (made.version != present) {
            made = new Made(present, new CoordinatesView(self, own, others));
            latest = made;
        }
        return made.view;
    }

    /** What our acks carry; empty where coordinates are off. */
    Octets ackPayload() {
        return ackPayload;
    }

    int known() {
        return others.size();
    }

    /** This node is there, and says so in its acks from now on. */
    void move(Coordinate newOwn) {
        own = newOwn;
        ackPayload = CoordinateCodec.encode(newOwn);
        version.incrementAndGet();
    }

    /** A member told where it is. */
    void put(String member, Coordinate coordinate) {
        others.put(member, coordinate);
        version.incrementAndGet();
    }

    void remove(String member) {
        others.remove(member);
        version.incrementAndGet();
    }
}
