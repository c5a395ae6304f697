package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether all who run agree, and are right: each knows each of the others as alive, at its own incarnation and address;
 * nobody who is gone is taken for alive, and whether it left or failed all say alike; nothing waits to be told; and
 * everybody is at full health. That is what {@link Bounds#convergence} is the time for. Stateless.
 */
public final class Agreement {
    private Agreement() {}

    /**
     * What is not as it should be, each in a line; empty for agreement.
     *
     * @param leavers names that left in undisturbed conditions, so that everybody must know that they did not fail
     */
    public static List<String> objections(Moment moment, Set<String> leavers) {
        List<String> objections = new ArrayList<>();
        Map<String, Sight> running = new TreeMap<>();
        for (Sight sight : moment.sights()) {
            if (!sight.picture().self().state().isGone()) {
                running.put(sight.name(), sight);
            }
        }
        Map<String, SerfStatus> endings = new HashMap<>();
        for (Sight observer : running.values()) {
            itself(observer, objections);
            for (Sight other : running.values()) {
                if (!other.name().equals(observer.name())) {
                    alive(observer, other, objections);
                }
            }
            for (MemberRecord record : observer.picture().records()) {
                if (!running.containsKey(record.name())) {
                    gone(observer, record, leavers, endings, objections);
                }
            }
        }
        return objections;
    }

    private static void itself(Sight observer, List<String> objections) {
        if (observer.picture().healthScore() != 0) {
            objections.add(observer.life() + " has the health score "
                    + observer.picture().healthScore());
        }
        if (observer.claimsQueued() + observer.intentsQueued() != 0) {
            objections.add(observer.life() + " has " + observer.claimsQueued() + " claims and "
                    + observer.intentsQueued() + " intents to tell");
        }
        if (observer.picture().self().status() != SerfStatus.ALIVE) {
            objections.add(observer.life() + " says of itself that it is "
                    + observer.picture().self().status());
        }
    }

    private static void alive(Sight observer, Sight other, List<String> objections) {
        MemberRecord truth = other.picture().self();
        MemberRecord known = observer.picture().find(other.name()).orElse(null);
        if (known == null
                || !known.isAlive()
                || known.status() != SerfStatus.ALIVE
                || known.incarnation() != truth.incarnation()
                || !known.address().equals(truth.address())
                || !known.meta().equals(truth.meta())) {
            objections.add(observer.life() + " knows " + other.life() + ", which is alive(" + truth.incarnation()
                    + ") at " + truth.address() + ", as " + text(known));
        }
    }

    private static void gone(
            Sight observer,
            MemberRecord record,
            Set<String> leavers,
            Map<String, SerfStatus> endings,
            List<String> objections) {
        boolean isGone = !record.pooled() || record.state().isGone();
        boolean listedAsGone = !record.isListed() || record.status().isGone();
        if (!isGone || !listedAsGone) {
            objections.add(observer.life() + " knows " + record.name() + ", which is gone, as " + text(record));
            return;
        }
        if (leavers.contains(record.name())
                && ((record.isListed() && record.status() != SerfStatus.LEFT)
                        || (record.pooled() && record.state() != NodeState.LEFT))) {
            objections.add(observer.life() + " knows " + record.name() + ", which left, as " + text(record));
        }
        if (record.isListed()) {
            SerfStatus others = endings.putIfAbsent(record.name(), record.status());
            if (others != null && others != record.status()) {
                objections.add(observer.life() + " says that " + record.name() + " has " + record.status()
                        + ", and others that it has " + others);
            }
        }
    }

    private static String text(@Nullable MemberRecord record) {
        return record == null
                ? "nobody"
                : (record.pooled() ? "" : "forgotten by the pool, ") + record.state() + "(" + record.incarnation()
                        + ") " + record.status() + " at " + record.address();
    }
}
