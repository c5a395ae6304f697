package io.sotto.membership.rotation;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a rotation stands, for people.
 *
 * @param newKey the id of the new key, once there is one
 * @param oldKey the id of the key that was the primary before
 * @param done how many members are where the phase wants all of them
 * @param members how many there are, those that are away among them
 * @param waitingFor the others by name, and what is wrong with each
 * @param outcome how it ended, once it did
 * @param text more about it, or empty
 * @param pools for each pool how far it is, where there is more than the driver's own: how many of how many members, or {@code
 *     done} or {@code waiting} where a pool answers as a whole
 */
public record RotationProgress(
        RotationPhase phase,
        RotationCourse course,
        RotationCause cause,
        Optional<String> newKey,
        Optional<String> oldKey,
        int done,
        int members,
        SortedMap<String, String> waitingFor,
        Optional<RotationOutcome> outcome,
        String text,
        SortedMap<String, String> pools) {
    public RotationProgress {
        waitingFor = Collections.unmodifiableSortedMap(new TreeMap<>(waitingFor));
        pools = Collections.unmodifiableSortedMap(new TreeMap<>(pools));
    }

    /** Whether one began and has not ended. */
    public boolean isUnderWay() {
        return phase != RotationPhase.IDLE && outcome.isEmpty();
    }

    /** Of one pool. */
    public RotationProgress(
            RotationPhase phase,
            RotationCourse course,
            RotationCause cause,
            Optional<String> newKey,
            Optional<String> oldKey,
            int done,
            int members,
            SortedMap<String, String> waitingFor,
            Optional<RotationOutcome> outcome,
            String text) {
        this(phase, course, cause, newKey, oldKey, done, members, waitingFor, outcome, text, new TreeMap<>());
    }

    /** No rotation is under way. */
    public static RotationProgress idle(String text) {
        return new RotationProgress(
                RotationPhase.IDLE,
                RotationCourse.FORWARD,
                RotationCause.ASKED,
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                new TreeMap<>(),
                Optional.empty(),
                text);
    }

    /** A rotation that may not begin. */
    public static RotationProgress refused(RotationCause cause, String reason) {
        return ended(cause, RotationOutcome.REFUSED, reason);
    }

    /** A rotation that was called off before it began. */
    public static RotationProgress neverBegan(RotationCause cause, String reason) {
        return ended(cause, RotationOutcome.ABORTED, reason);
    }

    private static RotationProgress ended(RotationCause cause, RotationOutcome outcome, String reason) {
        return new RotationProgress(
                RotationPhase.DONE,
                RotationCourse.FORWARD,
                cause,
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                new TreeMap<>(),
                Optional.of(outcome),
                reason);
    }
}
