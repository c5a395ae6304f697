package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import io.sotto.wire.NodeState;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A healthy member is not suspected, and even less reported failed, without a cause; nor is a probe of anybody in vain.
 *
 * <p>A new suspicion, the first of a member at its present incarnation, needs somebody whose probe of it may have failed
 * within {@link Bounds#accusationWindow}; see {@link Causes}. A death needs the same within {@link Bounds#deathWindow}, or
 * an observer who was disturbed itself: whoever has had that long without disturbance has had the time to contradict.
 * A probe in vain needs the same as a suspicion, even if a stream was answered or the prober blamed itself. Source: SWIM, section 4; Lifeguard, section IV; gossip specification, 11.
 */
final class CausedAccusations implements Invariant {
    private final Bounds bounds;
    private final Disturbances disturbances;
    private final Causes causes;
    private final Set<Accused> accused = new HashSet<>();
    private final Map<Life, Long> probesMissed = new HashMap<>();

    CausedAccusations(Bounds bounds, Disturbances disturbances) {
        this.bounds = bounds;
        this.disturbances = disturbances;
        this.causes = new Causes(bounds.swim().indirectChecks(), disturbances);
    }

    @Override
    public String claim() {
        return "a healthy member is not accused without a cause";
    }

    @Override
    public void changed(Change change, Report report) {
        causes.remember(change);
        MemberRecord after = change.after().filter(MemberRecord::pooled).orElse(null);
        if (after == null || change.isAboutItself()) {
            return;
        }
        boolean died = change.became(NodeState.DEAD);
        if (!died && !change.became(NodeState.SUSPECT)) {
            return;
        }
        boolean first = accused.add(new Accused(Owner.of(after), after.incarnation()));
        Optional<Sight> owner = change.moment().owner(Owner.of(after));
        if (owner.isEmpty() || owner.get().picture().self().state().isGone()) {
            return;
        }
        if (first && owner.get().picture().self().incarnation() == after.incarnation()) {
            requireCause(change, bounds.accusationWindow(poolSize(change)), "was accused", report);
        }
        if (died) {
            requireCause(change, bounds.deathWindow(poolSize(change)), "failed", report);
        }
    }

    @Override
    public void counted(Moment moment, Sight sight, Tally tally, Report report) {
        long missed = tally.probesFailed() + tally.probesMissed();
        long before = probesMissed.getOrDefault(sight.life(), 0L);
        probesMissed.put(sight.life(), missed);
        if (missed > before) {
            Duration window = bounds.accusationWindow(sight.picture().poolSize());
            if (!causes.mayHaveMissedSomebody(sight, moment, moment.at().minus(window))) {
                report.violated(
                        this, sight.life() + " has probed in vain, and nothing was amiss for " + window + ": " + tally);
            }
        }
    }

    private void requireCause(Change change, Duration window, String what, Report report) {
        Duration since = change.moment().at().minus(window);
        boolean observerDisturbed =
                disturbances.isMemberDisturbed(change.observer().name(), since);
        if (!observerDisturbed && !causes.mayHaveMissed(change.name(), change.moment(), since)) {
            report.violated(this, change + ": it " + what + ", and nothing was amiss for " + window);
        }
    }

    private static int poolSize(Change change) {
        return change.observer().picture().poolSize();
    }

    /** What an accusation is about: the same again is no new one. */
    private record Accused(Owner owner, long incarnation) {}
}
