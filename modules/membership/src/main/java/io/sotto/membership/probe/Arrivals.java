package io.sotto.membership.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who came into the pool lately, so that a {@link ProbeRing} need not look through all members at each turn. Immutable.
 *
 * <p>It remembers a limited number of names; who looks so seldom that it missed some looks through all members instead.
 * Source: ours.
 */
public final class Arrivals {
    private static final int KEPT_MAX = 64;
    private static final Arrivals NONE = new Arrivals(0, List.of());

    private final long count;
    private final List<String> latest;

    private Arrivals(long count, List<String> latest) {
        this.count = count;
        this.latest = latest;
    }

    public static Arrivals none() {
        return NONE;
    }

    /** One more, whether for the first time or after an absence. */
    public Arrivals plus(String name) {
        List<String> kept = new ArrayList<>(latest.size() == KEPT_MAX ? latest.subList(1, KEPT_MAX) : latest);
        kept.add(name);
        return new Arrivals(count + 1, List.copyOf(kept));
    }

    /** How many there ever were. */
    public long count() {
        return count;
    }

    /** Those after the first {@code seen}, in the order in which they came; empty when not all are remembered. */
    public Optional<List<String>> since(long seen) {
        long missed = count - seen;
        return missed < 0 || missed > latest.size()
                ? Optional.empty()
                : Optional.of(latest.subList(latest.size() - (int) missed, latest.size()));
    }
}
