package io.sotto.membership.rotation;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Decides what follows from a listing. Pure; made for one listing. */
record Judgement(RotationRecord record, RotationRules rules, Inspection inspection, int rounds, int rescues) {
    enum Kind {
        /** All are where the phase wants them. */
        ENTER,
        /** Not all are: go on with this phase in a while. */
        AGAIN,
        /** All seal with the key. */
        SETTLE,
        RESCUE,
        BACK,
        END
    }

    /** What to do; a field that does not belong to the kind has no meaning. */
    record Step(Kind kind, RotationPhase phase, RotationOutcome outcome, String text) {
        private static Step enter(RotationPhase phase) {
            return new Step(Kind.ENTER, phase, RotationOutcome.FINISHED, "");
        }

        private static Step again(RotationPhase phase) {
            return new Step(Kind.AGAIN, phase, RotationOutcome.FINISHED, "");
        }

        private static Step end(RotationOutcome outcome, String text) {
            return new Step(Kind.END, RotationPhase.DONE, outcome, text);
        }
    }

    Step of(SortedMap<String, Lack> found, Instant now) {
        SortedMap<String, Lack> lacks = new TreeMap<>(found);
        if (mayPassOverTheSilent()) {
            lacks.entrySet().removeIf(this::isTooSilent);
        }
        return switch (record.phase()) {
            case CHECKING -> checked(lacks, now);
            case CONFIRMING -> confirmed(lacks, now);
            case CLEARING -> cleared(lacks);
            case IDLE, SURVEYING, MAKING, INSTALLING, USING, WAITING, REMOVING, DONE ->
                throw new IllegalStateException("nobody was asked for a list in " + record.phase());
        };
    }

    /** Whether the silent do not keep it from going back: to a key that they had, or from one that nobody ever used. */
    private boolean mayPassOverTheSilent() {
        return record.isUndone()
                || (record.course() == RotationCourse.BACK && record.phase() == RotationPhase.CHECKING);
    }

    private Step checked(SortedMap<String, Lack> lacks, Instant now) {
        Optional<String> rival = inspection.rival(now);
        if (rival.isPresent()) {
            return new Step(
                    Kind.BACK,
                    RotationPhase.CHECKING,
                    RotationOutcome.ABORTED,
                    "another rotation, to key " + rival.get() + ", goes first");
        }
        if (lacks.isEmpty()) {
            return Step.enter(RotationPhase.USING);
        }
        return lacks.containsValue(Lack.LACKS) || isAnyTooSilent(lacks)
                ? rescueOr(RotationPhase.INSTALLING, lacks, now)
                : Step.again(RotationPhase.CHECKING);
    }

    private Step confirmed(SortedMap<String, Lack> lacks, Instant now) {
        if (lacks.isEmpty()) {
            return new Step(Kind.SETTLE, RotationPhase.CONFIRMING, RotationOutcome.FINISHED, "");
        }
        if (lacks.containsValue(Lack.STILL_USES)) {
            return Step.end(
                    RotationOutcome.ABORTED, "key " + record.newKey() + " stays: it is in use at " + lacks.firstKey());
        }
        if (lacks.containsValue(Lack.FOREIGN_PRIMARY) && givesWay(now)) {
            return Step.end(RotationOutcome.SUPERSEDED, "another key became the primary meanwhile");
        }
        if (lacks.containsValue(Lack.LACKS)) {
            return rescueOr(RotationPhase.INSTALLING, lacks, now);
        }
        RotationPhase tellAgain = inspection.mayUse() ? RotationPhase.USING : RotationPhase.CONFIRMING;
        if (lacks.containsValue(Lack.OTHER_PRIMARY) || lacks.containsValue(Lack.FOREIGN_PRIMARY)) {
            return Step.again(tellAgain);
        }
        return isAnyTooSilent(lacks) ? rescueOr(tellAgain, lacks, now) : Step.again(RotationPhase.CONFIRMING);
    }

    private Step cleared(SortedMap<String, Lack> lacks) {
        if (lacks.isEmpty()) {
            return Step.end(
                    record.course() == RotationCourse.BACK ? RotationOutcome.ABORTED : RotationOutcome.FINISHED, "");
        }
        if (lacks.containsValue(Lack.OTHER_PRIMARY)
                || lacks.containsValue(Lack.FOREIGN_PRIMARY)
                || lacks.containsValue(Lack.LACKS)) {
            return Step.again(RotationPhase.CONFIRMING);
        }
        return inspection.mayRemove() && (lacks.containsValue(Lack.LEFTOVER) || isAnyTooSilent(lacks))
                ? Step.again(RotationPhase.REMOVING)
                : Step.again(RotationPhase.CLEARING);
    }

    /** To a primary that was not expected: ours came first and was in force, or its key goes before ours. */
    private boolean givesWay(Instant now) {
        return record.hasReached(RotationReach.CONFIRMED)
                || inspection.foreignPrimaries(now).stream().anyMatch(key -> key.compareTo(record.target()) < 0);
    }

    private boolean isAnyTooSilent(SortedMap<String, Lack> lacks) {
        return lacks.entrySet().stream().anyMatch(this::isTooSilent);
    }

    /** Chance alone does not explain that it never answered. */
    private boolean isTooSilent(Map.Entry<String, Lack> lack) {
        return lack.getValue() == Lack.SILENT && inspection.evidence().silences(lack.getKey()) >= rules.patience();
    }

    private Step rescueOr(RotationPhase otherwise, SortedMap<String, Lack> lacks, Instant now) {
        return needsRescue(lacks, now)
                ? new Step(
                        Kind.RESCUE,
                        RotationPhase.INSTALLING,
                        RotationOutcome.FINISHED,
                        "a member lacks the new key: the old one is used until it has it")
                : Step.again(otherwise);
    }

    /** Somebody seems unable to read the new key, which is in use, and all others can still read the old one. */
    private boolean needsRescue(SortedMap<String, Lack> lacks, Instant now) {
        return record.course() == RotationCourse.FORWARD
                && record.hasReached(RotationReach.USED)
                && !record.hasReached(RotationReach.REMOVING)
                && rescues < rules.rescuesMax()
                && lacks.entrySet().stream()
                        .anyMatch(lack -> (lack.getValue() == Lack.LACKS && rounds >= rules.patience())
                                || (isTooSilent(lack) && !inspection.evidence().held(lack.getKey())))
                && inspection.evidence().answers(now).allMatch(answer -> answer.holds(record.oldKey()));
    }
}
