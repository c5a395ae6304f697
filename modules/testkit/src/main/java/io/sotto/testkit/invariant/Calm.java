package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Once all agree and nothing is done to them, nothing happens: no record changes but by being forgotten in time, no probe
 * fails, no exchange of views fails except with a member that is listed as failed; and everybody probes everybody, each in
 * its turn. To be watched only then. Source: gossip specification, 11.1; SWIM, section 4.3.
 */
public final class Calm implements Invariant {
    private final Bounds bounds;
    private final Map<Life, Seen> first = new HashMap<>();

    /** What was counted first, and when. */
    private record Seen(Duration at, Tally tally, Map<String, Optional<?>> answers) {}

    public Calm(Bounds bounds) {
        this.bounds = bounds;
    }

    @Override
    public String claim() {
        return "nothing happens in a healthy pool but probes, each in turn";
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
        Seen before = first.get(sight.life());
        if (before == null) {
            first.put(sight.life(), new Seen(moment.at(), tally, answers(moment, sight, tally)));
            return;
        }
        if (tally.probesFailed() + tally.probesMissed() > before.tally.probesFailed() + before.tally.probesMissed()) {
            report.violated(this, sight.life() + " has probed somebody in vain: " + before.tally + ", then " + tally);
        }
        boolean anyFailed = sight.picture().records().stream().anyMatch(record -> record.status() == SerfStatus.FAILED);
        if (tally.exchangesFailed() > before.tally.exchangesFailed() && !anyFailed) {
            report.violated(this, sight.life() + " has tried to exchange views in vain: " + tally);
        }
        if (moment.at().minus(before.at).compareTo(bounds.turns(moment.sights().size())) >= 0) {
            answers(moment, sight, tally).forEach((name, answer) -> {
                if (isSame(answer, before.answers.getOrDefault(name, Optional.empty()))) {
                    report.violated(this, sight.life() + " has had no answer of " + name + " since " + before.at);
                }
            });
        }
    }

    /** Each answer brings an object of its own. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Optional<?> one, Optional<?> other) {
        return one.isEmpty() ? other.isEmpty() : other.isPresent() && one.get() == other.get();
    }

    private static Map<String, Optional<?>> answers(Moment moment, Sight sight, Tally tally) {
        Map<String, Optional<?>> answers = new HashMap<>();
        for (Sight other : moment.sights()) {
            if (!other.name().equals(sight.name())) {
                answers.put(other.name(), tally.answerOf().apply(other.name()));
            }
        }
        return answers;
    }
}
