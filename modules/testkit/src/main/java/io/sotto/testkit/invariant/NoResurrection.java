package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import io.sotto.wire.NodeState;

/**
 * Who was suspected, dead or gone comes back only by a higher incarnation, which only it can give itself. Excepted is a
 * name that another address takes over lawfully, and what the pool has forgotten. Source: gossip specification, 10.1.
 */
final class NoResurrection implements Invariant {
    private final Bounds bounds;

    NoResurrection(Bounds bounds) {
        this.bounds = bounds;
    }

    @Override
    public String claim() {
        return "no resurrection without a higher incarnation";
    }

    @Override
    public void changed(Change change, Report report) {
        MemberRecord before = change.before().filter(MemberRecord::pooled).orElse(null);
        MemberRecord after = change.after().filter(MemberRecord::pooled).orElse(null);
        if (before == null
                || after == null
                || OneIdentity.isLawfulSuccessor(before, after, bounds.swim())
                || OneIdentity.wasForgettable(before, after, bounds.swim())) {
            return;
        }
        boolean back = before.state().isGone()
                ? !after.state().isGone()
                : before.state() == NodeState.SUSPECT && after.state() == NodeState.ALIVE;
        if (back && after.incarnation() <= before.incarnation()) {
            report.violated(this, change.toString());
        }
    }
}
