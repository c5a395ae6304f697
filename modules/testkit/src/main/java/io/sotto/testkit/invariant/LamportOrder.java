package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import java.util.HashMap;
import java.util.Map;

/**
 * Lamport's order of intents: the clock of a process is above every time that it has witnessed, and never goes back; and
 * what it lists of a member is never replaced by an older intent. Source: gossip specification, 17.1 and 17.2.
 */
final class LamportOrder implements Invariant {
    private final Map<Life, Picture> pictures = new HashMap<>();

    @Override
    public String claim() {
        return "Lamport clocks are above all that was witnessed";
    }

    @Override
    public void looked(Moment moment, Report report) {
        for (Sight sight : moment.sights()) {
            Picture before = pictures.put(sight.life(), sight.picture());
            if (before != sight.picture()) {
                check(sight, before == null ? 0 : before.clock(), report);
            }
        }
    }

    @Override
    public void changed(Change change, Report report) {
        MemberRecord before = change.before().filter(MemberRecord::isListed).orElse(null);
        MemberRecord after = change.after().filter(MemberRecord::isListed).orElse(null);
        if (before != null && after != null && Long.compareUnsigned(after.statusLTime(), before.statusLTime()) < 0) {
            report.violated(
                    this, change + " goes back from time " + before.statusLTime() + " to " + after.statusLTime());
        }
    }

    private void check(Sight sight, long clockBefore, Report report) {
        long clock = sight.picture().clock();
        if (Long.compareUnsigned(clock, clockBefore) < 0) {
            report.violated(this, "the clock of " + sight.life() + " went back from " + clockBefore + " to " + clock);
        }
        for (MemberRecord record : sight.picture().records()) {
            if (Long.compareUnsigned(record.statusLTime(), clock) >= 0) {
                report.violated(
                        this,
                        sight.life() + " lists " + record.name() + " by an intent of time " + record.statusLTime()
                                + ", and its own clock is at " + clock);
            }
        }
    }
}
