package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import io.sotto.wire.NodeState;
import java.util.HashMap;
import java.util.Map;

/**
 * In the eyes of each process the incarnation of a member only grows, until the pool has forgotten it or another address
 * has taken the name over; and it is never above what the member itself has said, since only the owner raises it. Of who has
 * taken a name over, accusations may be about who had it before: they carry no address. Source: gossip specification, 10 and
 * 10.4; SWIM, section 4.2.
 */
final class MonotoneIncarnations implements Invariant {
    /** The highest that each owner has given itself in any of its lives. */
    private final Map<Owner, Long> own = new HashMap<>();

    private final Map<String, Long> ofName = new HashMap<>();

    @Override
    public String claim() {
        return "incarnations only grow, and only their owner raises them";
    }

    @Override
    public void changed(Change change, Report report) {
        MemberRecord after = change.after().filter(MemberRecord::pooled).orElse(null);
        if (after == null) {
            return;
        }
        MemberRecord before = change.before().filter(MemberRecord::pooled).orElse(null);
        if (before != null && before.address().equals(after.address()) && after.incarnation() < before.incarnation()) {
            report.violated(this, change.toString());
        }
        if (change.isAboutItself()) {
            own.merge(Owner.of(after), after.incarnation(), Math::max);
            ofName.merge(after.name(), after.incarnation(), Math::max);
            return;
        }
        long said = own.getOrDefault(Owner.of(after), -1L);
        if (said >= 0 && after.state() != NodeState.ALIVE) {
            said = ofName.getOrDefault(after.name(), said);
        }
        if (said < 0) {
            report.violated(this, change + ", and there never was such a member");
        } else if (after.incarnation() > said) {
            report.violated(this, change + ", but the member itself has never gone above " + said);
        }
    }
}
