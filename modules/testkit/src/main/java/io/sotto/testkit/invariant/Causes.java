package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Who may have probed a member in vain, judged by what was disturbed.
 *
 * <p>A probe cannot fail if nothing disturbed the prober, the target, and the way between them; nor if only that way was
 * disturbed and the helpers are good: at least one member must be a good helper, and fewer than the number of helpers asked
 * may be bad ones, so that no choice of helpers is without a good one. A helper is good if it and its ways to both are
 * undisturbed, it knows both, and the prober has known it alive all the time. Source: gossip specification, 11.1.
 */
final class Causes {
    private final int indirectChecks;
    private final Disturbances disturbances;
    private final Map<Life, Map<String, Duration>> lastChange = new HashMap<>();

    Causes(int indirectChecks, Disturbances disturbances) {
        this.indirectChecks = indirectChecks;
        this.disturbances = disturbances;
    }

    /** To be told of every change. */
    void remember(Change change) {
        lastChange
                .computeIfAbsent(change.observer().life(), life -> new HashMap<>())
                .put(change.name(), change.moment().at());
    }

    /** Whether there is anybody whose probe of {@code target} may have failed at any time since. */
    boolean mayHaveMissed(String target, Moment moment, Duration since) {
        if (disturbances.isMemberDisturbed(target, since) || disturbances.hasAnybodyStopped(since)) {
            return true;
        }
        for (Sight prober : moment.sights()) {
            if (!prober.name().equals(target) && mayMiss(prober, target, moment, since)) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is anybody whom {@code prober} may have probed in vain at any time since. */
    boolean mayHaveMissedSomebody(Sight prober, Moment moment, Duration since) {
        if (disturbances.isMemberDisturbed(prober.name(), since) || disturbances.hasAnybodyStopped(since)) {
            return true;
        }
        for (MemberRecord record : prober.picture().records()) {
            boolean probed = record.pooled() && !record.state().isGone();
            if (!record.name().equals(prober.name())
                    && (probed || !isSteady(prober, record, since))
                    && (isDeserted(record, moment) || mayMiss(prober, record.name(), moment, since))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether no process bears this name at this address: of two that claim a name, each observer keeps the one that it heard
     * of first, and goes on probing that address when its process has ended. Disturbances are told by name, and the other
     * one of that name may be well. Source: gossip specification, sections 10.1 and 11.1.
     */
    private static boolean isDeserted(MemberRecord record, Moment moment) {
        return moment.owner(Owner.of(record)).isEmpty();
    }

    private boolean mayMiss(Sight prober, String target, Moment moment, Duration since) {
        return disturbances.isWayDisturbed(prober.name(), target, since)
                && (disturbances.isMemberDisturbed(prober.name(), since)
                        || disturbances.isMemberDisturbed(target, since)
                        || !isHelped(prober, target, moment, since));
    }

    private boolean isHelped(Sight prober, String target, Moment moment, Duration since) {
        int good = 0;
        int bad = 0;
        for (MemberRecord record : prober.picture().records()) {
            boolean eligible =
                    !record.name().equals(prober.name()) && !record.name().equals(target);
            boolean steady = isSteady(prober, record, since);
            if (eligible && (record.isAlive() || !steady)) {
                if (record.isAlive() && steady && canHelp(record, prober, target, moment, since)) {
                    good++;
                } else {
                    bad++;
                }
            }
        }
        return good > 0 && bad < indirectChecks;
    }

    /** Whether the prober has had this record, alive or not, all the time. */
    private boolean isSteady(Sight prober, MemberRecord record, Duration since) {
        Duration changed = lastChange.getOrDefault(prober.life(), Map.of()).getOrDefault(record.name(), Duration.ZERO);
        return changed.compareTo(since) < 0;
    }

    private boolean canHelp(MemberRecord helper, Sight prober, String target, Moment moment, Duration since) {
        return !disturbances.isWayDisturbed(helper.name(), prober.name(), since)
                && !disturbances.isWayDisturbed(helper.name(), target, since)
                && moment.owner(Owner.of(helper))
                        .filter(sight -> knows(sight, prober.name()) && knows(sight, target))
                        .isPresent();
    }

    private static boolean knows(Sight sight, String name) {
        return sight.picture().find(name).filter(MemberRecord::pooled).isPresent();
    }
}
