package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Only who leaves on purpose is ever seen leaving or as having left; and of one who leaves while nothing is amiss, at most
 * half of the others ever say that it failed, namely those whom neither its leave intent nor its farewell reached by chance.
 * Source: gossip specification, 10.6 and 17.2.
 */
public final class TrueLeaves implements Invariant {
    private final Set<Owner> leavers = new HashSet<>();
    private final Set<String> names = new HashSet<>();
    private final Map<Owner, Set<Life>> sayFailed = new HashMap<>();
    private final Map<Owner, Set<Life>> sayGone = new HashMap<>();

    /** What is wrong with the leaves of these, who left and did not come back while nothing else was amiss. */
    public List<String> objections(Set<String> peacefulLeavers, Moment moment) {
        List<String> objections = new ArrayList<>();
        sayFailed.forEach((owner, observers) -> {
            // Some of those who saw it go may have stopped since.
            int others = Math.max(
                    moment.sights().size(),
                    sayGone.getOrDefault(owner, Set.of()).size());
            if (peacefulLeavers.contains(owner.name()) && leavers.contains(owner) && 2 * observers.size() > others) {
                objections.add(observers.size() + " processes said that " + owner + " failed, which left in peace");
            }
        });
        return objections;
    }

    @Override
    public String claim() {
        return "only who leaves is said to";
    }

    @Override
    public void changed(Change change, Report report) {
        MemberRecord after = change.after().orElse(null);
        if (after == null) {
            return;
        }
        if (leavers.contains(Owner.of(after)) && after.status().isGone()) {
            sayGone.computeIfAbsent(Owner.of(after), owner -> new HashSet<>())
                    .add(change.observer().life());
        }
        if (leavers.contains(Owner.of(after))
                && (after.status() == SerfStatus.FAILED || (after.pooled() && after.state() == NodeState.DEAD))) {
            sayFailed
                    .computeIfAbsent(Owner.of(after), owner -> new HashSet<>())
                    .add(change.observer().life());
        }
        if (!speaksOfLeaving(after)) {
            return;
        }
        if (change.isAboutItself()) {
            leavers.add(Owner.of(after));
            names.add(after.name());
        } else if (!names.contains(after.name())) {
            // By name: neither intents nor farewells know addresses, and a late one may be about who had the name
            // before.
            report.violated(this, change + ", but it never left");
        }
    }

    private static boolean speaksOfLeaving(MemberRecord record) {
        return record.state() == NodeState.LEFT
                || record.status() == SerfStatus.LEAVING
                || record.status() == SerfStatus.LEFT;
    }
}
