package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.NodeState;
import java.time.Duration;

/**
 * In the eyes of each process a name has one living owner: its address does not change while it lives, nor after it failed
 * unless names may be reclaimed; and no two living members have one address. Source: gossip specification, 10.1 and 14.
 */
final class OneIdentity implements Invariant {
    private final Bounds bounds;

    OneIdentity(Bounds bounds) {
        this.bounds = bounds;
    }

    /**
     * Whether a name went over to another address as it may. A process that stood still may forget the old owner and learn
     * of the new one in one moment.
     */
    static boolean isLawfulSuccessor(MemberRecord before, MemberRecord after, SwimSettings swim) {
        boolean free = before.state() == NodeState.LEFT
                || (before.state() == NodeState.DEAD
                        && (!swim.deadNodeReclaimTime().isZero() || wasForgettable(before, after, swim)));
        return free && !before.address().equals(after.address());
    }

    /** Whether who failed had been gone for so long that a process may have forgotten it before it heard anew. */
    static boolean wasForgettable(MemberRecord before, MemberRecord after, SwimSettings swim) {
        return before.state().isGone()
                && Duration.between(before.changedAt(), after.changedAt()).compareTo(swim.gossipToTheDeadTime()) > 0;
    }

    @Override
    public String claim() {
        return "at most one live identity per name";
    }

    @Override
    public void changed(Change change, Report report) {
        MemberRecord after = change.after().filter(MemberRecord::pooled).orElse(null);
        if (after == null) {
            return;
        }
        MemberRecord before = change.before().filter(MemberRecord::pooled).orElse(null);
        if (before != null
                && !before.address().equals(after.address())
                && !isLawfulSuccessor(before, after, bounds.swim())) {
            report.violated(this, change.toString());
        }
        if (!after.state().isGone() && (before == null || before.state().isGone())) {
            requireAddressOfItsOwn(change, after, report);
        }
    }

    private void requireAddressOfItsOwn(Change change, MemberRecord after, Report report) {
        for (MemberRecord other : change.observer().picture().records()) {
            if (other.pooled()
                    && !other.state().isGone()
                    && !other.name().equals(after.name())
                    && other.address().equals(after.address())) {
                report.violated(this, change + ", where " + other.name() + " lives");
            }
        }
    }
}
