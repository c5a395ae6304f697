package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeState;
import java.util.HashSet;
import java.util.Set;

/** Only who leaves on purpose is ever seen leaving or as having left. Source: gossip specification, 10.6 and 17.2. */
final class TrueLeaves implements Invariant {
    private final Set<Owner> leavers = new HashSet<>();

    @Override
    public String claim() {
        return "only who leaves is said to";
    }

    @Override
    public void changed(Change change, Report report) {
        MemberRecord after = change.after().orElse(null);
        if (after == null || !speaksOfLeaving(after)) {
            return;
        }
        if (change.isAboutItself()) {
            leavers.add(Owner.of(after));
        } else if (!leavers.contains(Owner.of(after))) {
            report.violated(this, change + ", but it never left");
        }
    }

    private static boolean speaksOfLeaving(MemberRecord record) {
        return record.state() == NodeState.LEFT
                || record.status() == SerfStatus.LEAVING
                || record.status() == SerfStatus.LEFT;
    }
}
