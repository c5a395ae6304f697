package io.sotto.gossip.datapath;

import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.crypto.GossipKey;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What came from each address: the last packet that was sealed, and with which key; the last that was plain; and how often
 * something was refused, by reason.
 *
 * <p>A hint and no proof, since whoever sends a datagram can write any address on it. The table has a fixed size; of the
 * addresses that share a set, those from which nothing good has come make room first, then the one silent for longest. So
 * strangers do not displace the members of a sealed pool. Datagrams and dialled streams are noted under address and port; streams that others opened under port 0, since
 * their port says nothing, and so is what was refused of any stream.
 *
 * <p>Safe to call from any thread. Source: ours; the issue of evidence is in the security rules, "Keys".
 */
public final class Evidence {
    /** Addresses remembered at a time. */
    static final int PLACES = 8_192;

    private static final int WAYS = 8;
    private static final int SET_BITS = Integer.numberOfTrailingZeros(PLACES / WAYS);
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;
    private static final long NEVER = Long.MIN_VALUE;

    private final LongSupplier wallMillis;
    private final @Nullable Place[] places = new @Nullable Place[PLACES];
    private long plainCount;
    private long lastPlainMillis = NEVER;

    /**
     * What came from one address.
     *
     * @param lastSealed when the last authentic packet came
     * @param keyId the id of the key that opened it
     * @param lastPlain when the last plaintext packet came that was taken in
     * @param rejections how often something from there was refused; only reasons that occurred
     */
    public record Traffic(
            Optional<Instant> lastSealed,
            Optional<String> keyId,
            Optional<Instant> lastPlain,
            Map<Reason, Long> rejections) {
        public Traffic {
            rejections = Map.copyOf(rejections);
        }

        /** Nothing came. */
        public static Traffic none() {
            return new Traffic(Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
        }

        /** Whether nothing good ever came from there. */
        public boolean isSilent() {
            return lastSealed.isEmpty() && lastPlain.isEmpty();
        }

        /** The latest of both, and the sum of what was refused. */
        public Traffic and(Traffic other) {
            boolean otherIsLater = other.lastSealed.isPresent()
                    && (lastSealed.isEmpty() || other.lastSealed.get().isAfter(lastSealed.get()));
            Map<Reason, Long> sum = new EnumMap<>(Reason.class);
            sum.putAll(rejections);
            other.rejections.forEach((reason, count) -> sum.merge(reason, count, Long::sum));
            return new Traffic(
                    otherIsLater ? other.lastSealed : lastSealed,
                    otherIsLater ? other.keyId : keyId,
                    later(lastPlain, other.lastPlain),
                    sum);
        }

        private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
            return one.isEmpty() || (other.isPresent() && other.get().isAfter(one.get())) ? other : one;
        }
    }

    private static final class Place {
        InetSocketAddress address;
        long lastSealedMillis = NEVER;
        long lastPlainMillis = NEVER;
        long lastRefusedMillis = NEVER;
        String keyId = "";
        /** One number for each reason that occurred. */
        final Map<Reason, long[]> refused = new EnumMap<>(Reason.class);

        Place(InetSocketAddress address) {
            this.address = address;
        }

        long lastGoodMillis() {
            return Math.max(lastSealedMillis, lastPlainMillis);
        }

        void become(InetSocketAddress other) {
            address = other;
            lastSealedMillis = NEVER;
            lastPlainMillis = NEVER;
            lastRefusedMillis = NEVER;
            keyId = "";
            refused.values().forEach(count -> count[0] = 0);
        }
    }

    /** A table without addresses; {@code wallMillis} is the pool's wall clock. */
    public Evidence(LongSupplier wallMillis) {
        this.wallMillis = wallMillis;
    }

    /** All that came from {@code address}; see above for streams. */
    public synchronized Traffic of(InetSocketAddress address) {
        Place place = find(address);
        if (place == null) {
            return Traffic.none();
        }
        Map<Reason, Long> rejections = new EnumMap<>(Reason.class);
        place.refused.forEach((reason, count) -> {
            if (count[0] != 0) {
                rejections.put(reason, count[0]);
            }
        });
        return new Traffic(
                instant(place.lastSealedMillis),
                place.lastSealedMillis == NEVER ? Optional.empty() : Optional.of(place.keyId),
                instant(place.lastPlainMillis),
                rejections);
    }

    /** Datagrams and stream messages that were taken in though nothing had sealed them. */
    public synchronized long plainCount() {
        return plainCount;
    }

    /** When the last of them came. */
    public synchronized Optional<Instant> lastPlain() {
        return instant(lastPlainMillis);
    }

    /** Notes a message that came whole over a stream, from {@code address}. */
    public void stream(InetSocketAddress address, Optional<GossipKey> key) {
        long now = wallMillis.getAsLong();
        synchronized (this) {
            note(address, key.orElse(null), now);
        }
    }

    /** Notes datagrams that are through the stages. */
    void datagrams(List<Frame> frames) {
        if (frames.isEmpty()) {
            return;
        }
        long now = wallMillis.getAsLong();
        synchronized (this) {
            for (int i = 0; i < frames.size(); i++) {
                Frame frame = frames.get(i);
                if (frame.sealed() || frame.isAccepted()) {
                    note(frame.source(), frame.key(), now);
                }
            }
        }
    }

    /** Notes that something from {@code address} was refused. */
    synchronized void refused(InetSocketAddress address, Reason reason, long nowMillis) {
        Place place = place(address);
        place.refused.computeIfAbsent(reason, first -> new long[1])[0]++;
        place.lastRefusedMillis = nowMillis;
    }

    private void note(InetSocketAddress address, @Nullable GossipKey key, long now) {
        Place place = place(address);
        if (key == null) {
            plainCount++;
            lastPlainMillis = now;
            place.lastPlainMillis = now;
        } else {
            place.lastSealedMillis = now;
            place.keyId = key.id();
        }
    }

    private @Nullable Place find(InetSocketAddress address) {
        int first = firstOf(address);
        for (int i = first; i < first + WAYS; i++) {
            Place place = places[i];
            if (place != null && place.address.equals(address)) {
                return place;
            }
        }
        return null;
    }

    private Place place(InetSocketAddress address) {
        Place known = find(address);
        return known == null ? taken(address) : known;
    }

    /** A place for an address that has none. */
    private Place taken(InetSocketAddress address) {
        int first = firstOf(address);
        Place worst = null;
        for (int i = first; i < first + WAYS; i++) {
            Place place = places[i];
            if (place == null) {
                Place fresh = new Place(address);
                places[i] = fresh;
                return fresh;
            }
            if (worst == null || isWorse(place, worst)) {
                worst = place;
            }
        }
        if (worst == null) {
            throw new IllegalStateException("a set without places");
        }
        worst.become(address);
        return worst;
    }

    private static boolean isWorse(Place place, Place other) {
        return place.lastGoodMillis() != other.lastGoodMillis()
                ? place.lastGoodMillis() < other.lastGoodMillis()
                : place.lastRefusedMillis < other.lastRefusedMillis;
    }

    private int firstOf(InetSocketAddress address) {
        long number = ((long) address.getAddress().hashCode() << Short.SIZE) ^ address.getPort();
        return (int) ((number * SPREAD) >>> (Long.SIZE - SET_BITS)) * WAYS;
    }

    private static Optional<Instant> instant(long millis) {
        return millis == NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }
}
