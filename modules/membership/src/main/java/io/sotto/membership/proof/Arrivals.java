package io.sotto.membership.proof;

import io.sotto.wire.message.SwimMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Those who joined by a stream that came from elsewhere than they say they are. Each is kept until somebody has answered at
 * the one place or the other: a stream that was recorded and is sent again names a place that would answer whoever asked,
 * though nobody there wants to join. Bounded; of too many the eldest is forgotten. One owner. Source: ours; security rules,
 * "Keys", on what counts after a start.
 */
public final class Arrivals {
    /**
     * Somebody's own record, as it came.
     *
     * @param at where it says that it is
     * @param from where its stream came from
     */
    public record Arrival(SwimMessage.Alive self, InetSocketAddress at, InetAddress from) {}

    private record Key(String node, InetSocketAddress at, InetAddress from) {
        static Key of(Arrival arrival) {
            return new Key(arrival.self.node(), arrival.at, arrival.from);
        }
    }

    private final int max;
    private final Map<Key, Arrival> eldestFirst = new LinkedHashMap<>();

    /** @param max how many are kept */
    public Arrivals(int max) {
        this.max = max;
    }

    /** Keeps it, unless a later record of the same is kept. Whether another had to go for it. */
    public boolean keep(Arrival arrival) {
        Key key = Key.of(arrival);
        Arrival known = eldestFirst.get(key);
        if (known == null || known.self.incarnation() < arrival.self.incarnation()) {
            eldestFirst.put(key, arrival);
        }
        if (eldestFirst.size() <= max) {
            return false;
        }
        Iterator<Key> keys = eldestFirst.keySet().iterator();
        keys.next();
        keys.remove();
        return true;
    }

    /** Somebody answered there. Whoever waited for it, and waits no longer, eldest first. */
    public List<SwimMessage.Alive> answered(InetSocketAddress source) {
        List<SwimMessage.Alive> here = new ArrayList<>();
        Collection<Arrival> all = eldestFirst.values();
        all.removeIf(arrival ->
                (arrival.at.equals(source) || arrival.from.equals(source.getAddress())) && here.add(arrival.self));
        return List.copyOf(here);
    }

    /** The hosts from which they would be heard. */
    public Set<InetAddress> hosts() {
        return eldestFirst.values().stream()
                .flatMap(arrival -> Stream.of(arrival.at.getAddress(), arrival.from))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** How many are kept. */
    public int size() {
        return eldestFirst.size();
    }
}
