package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Once all agree and nothing is done to them, nothing happens: no record changes but by being forgotten in time, no probe
 * fails, and no exchange of views fails except with a member that is listed as failed. To be watched only then.
 */
public final class Calm implements Invariant {
    private final Map<Life, Tally> first = new HashMap<>();

    @Override
    public String claim() {
        return "nothing happens in a healthy pool";
    }

    @Override
    public void changed(Change change, Report report) {
        boolean appeared =
                change.before().isEmpty() && first.containsKey(change.observer().life());
        Optional<MemberRecord> before = change.before();
        Optional<MemberRecord> after = change.after();
        boolean changed = before.isPresent()
                && after.isPresent()
                && !(before.get().state() == after.get().state()
                        && before.get().incarnation() == after.get().incarnation()
                        && (before.get().status() == after.get().status()
                                || !after.get().isListed()));
        if (appeared || changed) {
            report.violated(this, change.toString());
        }
    }

    @Override
    public void counted(Moment moment, Sight sight, Tally tally, Report report) {
        Tally before = first.putIfAbsent(sight.life(), tally);
        if (before == null) {
            return;
        }
        if (tally.probesFailed() > before.probesFailed()) {
            report.violated(this, sight.life() + " has probed somebody in vain: " + before + ", then " + tally);
        }
        boolean anyFailed = sight.picture().records().stream().anyMatch(record -> record.status() == SerfStatus.FAILED);
        if (tally.exchangesFailed() > before.exchangesFailed() && !anyFailed) {
            report.violated(this, sight.life() + " has tried to exchange views in vain: " + tally);
        }
    }
}
