package io.sotto.membership.upshift.drive;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decides what follows from a survey: whom to order where, whom to wait for. Pure; made for one survey.
 *
 * @param fenced those that have taken an order of this epoch and course
 * @param floors the highest stage that each was known to be on
 */
record Judgement(UpshiftRecord record, Survey survey, Set<String> fenced, Map<String, UpshiftStage> floors) {
    enum Kind {
        /** Have these members take this stage. */
        ORDER,
        /** Ask again in a while. */
        AGAIN,
        /** All are where they are to be. */
        REACHED
    }

    /** What to do; a field that does not belong to the kind has no meaning. */
    record Step(Kind kind, SortedSet<String> members, UpshiftStage stage, SortedMap<String, String> waitingFor) {
        private static Step order(SortedSet<String> members, UpshiftStage stage, SortedMap<String, String> waitingFor) {
            return new Step(Kind.ORDER, members, stage, waitingFor);
        }

        private static Step again(SortedMap<String, String> waitingFor) {
            return new Step(Kind.AGAIN, new TreeSet<>(), UpshiftStage.NONE, waitingFor);
        }

        private static Step reached() {
            return new Step(Kind.REACHED, new TreeSet<>(), UpshiftStage.NONE, new TreeMap<>());
        }

        boolean isReached() {
            return kind == Kind.REACHED;
        }
    }

    /** All take the record, and nothing else. */
    Step fence() {
        SortedSet<String> unfenced = survey.reporting();
        unfenced.removeAll(fenced);
        if (!unfenced.isEmpty()) {
            SortedMap<String, String> lacking = survey.unknown();
            unfenced.forEach(name -> lacking.put(name, "has not taken the record of it"));
            return Step.order(unfenced, record.goal(), lacking);
        }
        return waitFor(survey.unknown());
    }

    /** Towards the goal. */
    Step next() {
        if (record.course() == UpshiftCourse.FORWARD) {
            Step raise = raise();
            return raise.isReached() ? climb() : raise;
        }
        Step lower = lower();
        Step raise = lower.isReached() ? raise() : lower;
        return raise.isReached() ? unite() : raise;
    }

    /** Where to begin: at what all have confirmed, and not further below the first than a neighbour. */
    UpshiftStage base() {
        UpshiftStage highest = UpshiftStage.NONE;
        UpshiftStage lowest = UpshiftStage.ENFORCED;
        for (String name : survey.counted()) {
            UpshiftStage stage = survey.stage(name).orElse(lowest);
            highest = stage.isAtLeast(highest) ? stage : highest;
            lowest = lowest.isAtLeast(stage) ? stage : lowest;
        }
        // Before it was known where all are, nothing was confirmed, whatever they had reached before.
        boolean isFromLowest = record.course() == UpshiftCourse.FORWARD || lowest.isAtLeast(record.confirmed());
        UpshiftStage base = isFromLowest ? lowest : record.confirmed();
        UpshiftStage least = highest.below();
        return !base.isAtLeast(least) ? least : base.isAtLeast(highest) ? highest : base;
    }

    /** Those below what all had confirmed, the lowest first, as long as nobody could be left still further behind. */
    private Step raise() {
        for (UpshiftStage stage = UpshiftStage.NONE; stage != record.confirmed(); stage = stage.above()) {
            SortedSet<String> there = survey.reportingAt(stage);
            if (!there.isEmpty()) {
                UpshiftStage step = stage;
                SortedMap<String, String> lower = survey.below(stage);
                lower.keySet().removeIf(name -> isFloor(name, step));
                SortedMap<String, String> behind = survey.below(record.confirmed());
                return lower.isEmpty() ? Step.order(there, stage.above(), behind) : Step.again(behind);
            }
        }
        return Step.reached();
    }

    private boolean isFloor(String name, UpshiftStage stage) {
        UpshiftStage floor = floors.getOrDefault(name, UpshiftStage.NONE);
        return survey.stage(name).isEmpty() && floors.containsKey(name) && floor.isAtLeast(stage);
    }

    private Step climb() {
        SortedMap<String, String> behind = survey.away();
        behind.putAll(survey.below(record.confirmed()));
        if (!behind.isEmpty()) {
            return Step.again(behind);
        }
        SortedMap<String, String> missing = survey.below(record.goal());
        SortedSet<String> orderable = survey.reportingAt(record.confirmed());
        if (missing.isEmpty() || orderable.isEmpty()) {
            return waitFor(missing);
        }
        orderable.addAll(survey.forcedAt(record.confirmed()));
        return Step.order(orderable, record.goal(), missing);
    }

    /** The highest first, as long as nobody could be left still further above. */
    private Step lower() {
        UpshiftStage goal = record.goal();
        for (UpshiftStage stage = UpshiftStage.ENFORCED; stage != goal; stage = stage.below()) {
            SortedSet<String> above = survey.reportingAt(stage);
            if (!above.isEmpty()) {
                SortedMap<String, String> apart = survey.apart(goal);
                return mayBeHigher(stage) ? Step.again(apart) : Step.order(above, stage.below(), apart);
            }
        }
        return Step.reached();
    }

    private boolean mayBeHigher(UpshiftStage stage) {
        return survey.unknown().keySet().stream()
                .anyMatch(name -> !stage.isAtLeast(floors.getOrDefault(name, UpshiftStage.ENFORCED)));
    }

    /** Reached once all are at the stage that is gone back to, and have taken the record of it. */
    private Step unite() {
        SortedSet<String> unfenced = survey.reportingAt(record.goal());
        unfenced.removeAll(fenced);
        SortedMap<String, String> apart = survey.apart(record.goal());
        return unfenced.isEmpty() ? waitFor(apart) : Step.order(unfenced, record.goal(), apart);
    }

    private static Step waitFor(SortedMap<String, String> names) {
        return names.isEmpty() ? Step.reached() : Step.again(names);
    }
}
