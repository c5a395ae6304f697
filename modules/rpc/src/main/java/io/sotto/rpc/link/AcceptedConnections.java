package io.sotto.rpc.link;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The connections of one port: how many of each address, how many in all, and how many that have not said what they want.
 * When there are too many of those, the eldest gives way, of those that have said nothing before those in the midst of a
 * handshake: whoever idles holds its place only until somebody wants it. Safe to use from any thread.
 *
 * <p>Source: security rules, "TLS"; the order of giving way is ours.
 */
final class AcceptedConnections {
    /** What became of a newcomer. */
    record Admission(Verdict verdict, Accepted place) {}

    enum Verdict {
        ADMITTED,
        TOO_MANY_OF_ADDRESS,
        TOO_MANY
    }

    private final LinkSettings settings;
    private final LinkCounters counters;
    private final AtomicLong buffered = new AtomicLong();
    private final Map<InetAddress, Integer> perAddress = new HashMap<>();
    private final Set<Accepted> silent = new LinkedHashSet<>();
    private final Set<Accepted> handshaking = new LinkedHashSet<>();
    private final Set<Accepted> served = new LinkedHashSet<>();

    AcceptedConnections(LinkSettings settings, LinkCounters counters) {
        this.settings = settings;
        this.counters = counters;
    }

    synchronized Admission admit(InetSocketAddress source, long tlsGeneration) {
        counters.accepted.increment();
        Accepted place = new Accepted(this, source, tlsGeneration);
        int ofAddress = perAddress.getOrDefault(source.getAddress(), 0);
        if (ofAddress >= settings.maxConnectionsPerAddress()) {
            return new Admission(Verdict.TOO_MANY_OF_ADDRESS, place);
        }
        if (served.size() >= settings.maxConnections()) {
            return new Admission(Verdict.TOO_MANY, place);
        }
        if (silent.size() + handshaking.size() >= settings.maxHandshakes()) {
            Accepted eldest =
                    (silent.isEmpty() ? handshaking : silent).iterator().next();
            remove(eldest);
            counters.refuse(LinkRefusal.DISPLACED);
            eldest.displace();
        }
        perAddress.put(source.getAddress(), ofAddress + 1);
        silent.add(place);
        counters.handshaking.increment();
        return new Admission(Verdict.ADMITTED, place);
    }

    synchronized void hear(Accepted place) {
        if (silent.remove(place)) {
            handshaking.add(place);
        }
    }

    synchronized void serve(Accepted place) {
        if (handshaking.remove(place)) {
            counters.handshaking.decrement();
            served.add(place);
            counters.open.increment();
        }
    }

    synchronized void leave(Accepted place) {
        remove(place);
    }

    /** Those accepted under an older generation than this. */
    synchronized List<Accepted> olderThan(long generation) {
        return Stream.of(silent, handshaking, served)
                .flatMap(Set::stream)
                .filter(place -> place.tlsGeneration() < generation)
                .toList();
    }

    boolean buffer(int change) {
        counters.bufferedBytes.add(change);
        return buffered.addAndGet(change) <= settings.maxBufferedBytes();
    }

    private void remove(Accepted place) {
        boolean wasHandshaking = silent.remove(place) || handshaking.remove(place);
        boolean wasServed = served.remove(place);
        if (wasHandshaking) {
            counters.handshaking.decrement();
        }
        if (wasServed) {
            counters.open.decrement();
        }
        if (wasHandshaking || wasServed) {
            perAddress.computeIfPresent(
                    place.source().getAddress(), (address, count) -> count == 1 ? null : Integer.valueOf(count - 1));
        }
    }
}
