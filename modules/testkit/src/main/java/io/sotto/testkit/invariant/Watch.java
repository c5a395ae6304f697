package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Shows a simulation to the invariants, step by step, and keeps what they object to. A picture that is the same object as
 * a moment ago costs a comparison of references. One owner.
 */
public final class Watch {
    private final List<Invariant> invariants;
    private final Map<Life, Picture> pictures = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();
    private long changes;

    private Watch(List<Invariant> invariants) {
        this.invariants = List.copyOf(invariants);
    }

    public static Watch of(List<Invariant> invariants) {
        return new Watch(invariants);
    }

    /** Every invariant there is, for a pool of these settings. */
    public static Watch all(Bounds bounds, Disturbances disturbances, TrueLeaves leaves) {
        return of(List.of(
                new NoResurrection(bounds),
                new MonotoneIncarnations(),
                new OneIdentity(bounds),
                new BoundedQueues(bounds),
                new BoundedTransmissions(bounds),
                new Remembered(bounds),
                new LamportOrder(),
                new CausedAccusations(bounds, disturbances),
                new DeathsTakeTime(bounds, disturbances),
                new TimelyDetection(bounds, disturbances),
                leaves,
                new RefutationsSpread(bounds, disturbances),
                new SilenceToTheGone(bounds, disturbances)));
    }

    /** Call after each step, when nothing is left to do at that moment. */
    public void look(Moment moment) {
        Invariant.Report report = report(moment);
        List<Change> about = new ArrayList<>();
        List<Change> aboutThemselves = new ArrayList<>();
        for (Sight sight : moment.sights()) {
            Picture before = pictures.put(sight.life(), sight.picture());
            if (sight.picture() != before) {
                compare(moment, sight, Optional.ofNullable(before), aboutThemselves, about);
            }
        }
        if (pictures.size() > moment.sights().size()) {
            Set<Life> running = new HashSet<>();
            moment.sights().forEach(sight -> running.add(sight.life()));
            pictures.keySet().retainAll(running);
        }
        aboutThemselves.addAll(about);
        changes += aboutThemselves.size();
        for (Change change : aboutThemselves) {
            invariants.forEach(invariant -> invariant.changed(change, report));
        }
        invariants.forEach(invariant -> invariant.looked(moment, report));
    }

    /** Call now and then for each process. */
    public void count(Moment moment, Sight sight, Tally tally) {
        Invariant.Report report = report(moment);
        invariants.forEach(invariant -> invariant.counted(moment, sight, tally, report));
    }

    /** What was violated so far, in order. */
    public List<Violation> violations() {
        return List.copyOf(violations);
    }

    public boolean isQuiet() {
        return violations.isEmpty();
    }

    /** How many records have changed so far; a run without a change of this number in between was calm. */
    public long changes() {
        return changes;
    }

    private Invariant.Report report(Moment moment) {
        return (invariant, detail) -> violations.add(new Violation(moment.at(), invariant.claim(), detail));
    }

    @SuppressWarnings("ReferenceEquality") // A record that was not published anew is the same object.
    private static void compare(
            Moment moment, Sight sight, Optional<Picture> before, List<Change> aboutThemselves, List<Change> about) {
        for (MemberRecord record : sight.picture().records()) {
            Optional<MemberRecord> known = before.flatMap(picture -> picture.find(record.name()));
            if (known.isEmpty() || known.get() != record) {
                Change change = new Change(moment, sight, record.name(), known, Optional.of(record));
                (change.isAboutItself() ? aboutThemselves : about).add(change);
            }
        }
        before.ifPresent(picture -> {
            for (MemberRecord record : picture.records()) {
                if (sight.picture().find(record.name()).isEmpty()) {
                    about.add(new Change(moment, sight, record.name(), Optional.of(record), Optional.empty()));
                }
            }
        });
    }
}
