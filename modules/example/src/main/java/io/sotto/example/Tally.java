package io.sotto.example;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many visitors came in through each gate. Immutable; also what gates say to each other, as a msgpack map.
 *
 * <p>Each count has one writer and only grows, so of two that differ the greater one is the later one. That is why {@link #merge}
 * may meet the same news twice, late, or in any order, and after any partition ends with the same numbers everywhere: a
 * grow-only counter.
 *
 * @param counts by gate and life, such as {@code north/1}: a gate that starts anew begins a count of its own, since it has
 *     forgotten how far the one before had got
 */
record Tally(Map<String, Long> counts) {
    private static final char LIFE = '/';

    Tally {
        counts = Map.copyOf(counts);
    }

    static Tally empty() {
        return new Tally(Map.of());
    }

    /** One more or several have come in. */
    Tally plus(String gate, String life, long visitors) {
        if (visitors < 0) {
            throw new IllegalArgumentException("visitors come in, they do not go: " + visitors);
        }
        Map<String, Long> next = new TreeMap<>(counts);
        next.merge(gate + LIFE + life, visitors, Long::sum);
        return new Tally(next);
    }

    /** What is known when one learns what another knows. */
    Tally merge(Tally other) {
        Map<String, Long> next = new TreeMap<>(counts);
        other.counts.forEach((gate, visitors) -> next.merge(gate, visitors, Math::max));
        return new Tally(next);
    }

    long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** By gate alone, whatever the life. */
    SortedMap<String, Long> byGate() {
        SortedMap<String, Long> gates = new TreeMap<>();
        counts.forEach((gate, visitors) -> gates.merge(gate.substring(0, gate.lastIndexOf(LIFE)), visitors, Long::sum));
        return gates;
    }
}
