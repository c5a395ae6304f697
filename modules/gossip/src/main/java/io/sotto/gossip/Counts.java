package io.sotto.gossip;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** One counter for each constant of an enum. They only grow; any thread may count and read, and neither takes a lock. */
final class Counts<E extends Enum<E>> {
    private final Map<E, LongAdder> counts;

    private Counts(Map<E, LongAdder> counts) {
        this.counts = counts;
    }

    static <E extends Enum<E>> Counts<E> of(Class<E> kinds) {
        Map<E, LongAdder> counts = new EnumMap<>(kinds);
        for (E kind : kinds.getEnumConstants()) {
            counts.put(kind, new LongAdder());
        }
        return new Counts<>(counts);
    }

    void increment(E kind) {
        add(kind, 1);
    }

    void add(E kind, long more) {
        adder(kind).add(more);
    }

    long count(E kind) {
        return adder(kind).sum();
    }

    private LongAdder adder(E kind) {
        return Objects.requireNonNull(counts.get(kind), "every constant has a count");
    }
}
