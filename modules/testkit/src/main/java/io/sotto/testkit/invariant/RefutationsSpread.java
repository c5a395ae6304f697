package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import io.sotto.wire.NodeState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * When a member raises its incarnation and nothing is amiss from then on, most of those who take it for running know the
 * new one within twice the time that news takes: chance may leave out a few, but not the half. Source: gossip specification,
 * 10.4 and 12; SWIM, section 4.2.
 */
final class RefutationsSpread implements Invariant {
    private final Bounds bounds;
    private final Disturbances disturbances;
    private final List<Raised> raised = new ArrayList<>();

    private record Raised(Owner owner, long incarnation, Duration at) {}

    RefutationsSpread(Bounds bounds, Disturbances disturbances) {
        this.bounds = bounds;
        this.disturbances = disturbances;
    }

    @Override
    public String claim() {
        return "what a member says of itself spreads";
    }

    @Override
    public void changed(Change change, Report report) {
        MemberRecord before = change.before().orElse(null);
        MemberRecord after = change.after().orElse(null);
        if (change.isAboutItself()
                && before != null
                && after != null
                && after.state() == NodeState.ALIVE
                && after.incarnation() > before.incarnation()) {
            raised.add(new Raised(
                    Owner.of(after), after.incarnation(), change.moment().at()));
        }
    }

    @Override
    public void looked(Moment moment, Report report) {
        if (raised.isEmpty()) {
            return;
        }
        Duration most = bounds.dissemination(moment.sights().size()).multipliedBy(2);
        for (Iterator<Raised> all = raised.iterator(); all.hasNext(); ) {
            Raised one = all.next();
            boolean disturbed = disturbances.lastAnywhere(moment.at()).compareTo(one.at) > 0;
            boolean over = moment.at().minus(one.at).compareTo(most) >= 0;
            if (disturbed || over) {
                all.remove();
            }
            if (over && !disturbed) {
                requireKnown(one, moment, most, report);
            }
        }
    }

    private void requireKnown(Raised one, Moment moment, Duration most, Report report) {
        int knowing = 0;
        int ignorant = 0;
        for (Sight sight : moment.sights()) {
            MemberRecord record = sight.picture().find(one.owner.name()).orElse(null);
            if (!Owner.of(sight.life()).equals(one.owner)
                    && record != null
                    && record.pooled()
                    && Owner.of(record).equals(one.owner)) {
                if (record.incarnation() >= one.incarnation) {
                    knowing++;
                } else {
                    ignorant++;
                }
            }
        }
        if (ignorant > 1 && ignorant > knowing) {
            report.violated(
                    this,
                    one.owner + " raised its incarnation to " + one.incarnation + " at " + one.at + ", and after "
                            + most + " only " + knowing + " know, and " + ignorant + " do not");
        }
    }
}
