package io.sotto.membership.rotation;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * All that the next life of a node must know of a rotation that it drives: phase, ids of keys, names. Never a key.
 *
 * @param newKey the id of the new key; empty before it was drawn
 * @param oldKey the id of the key that was the primary when it began
 * @param retired the ids of all keys that were on rings then, and go in the end
 * @param reach how far the new key has got
 * @param waitUntil when the grace of the old key ends, once every member seals with the new one
 * @param expected the members that were listed; in a new life they count as away until they are seen
 * @param without the members without which the operator wants it done
 */
public record RotationRecord(
        RotationCause cause,
        RotationCourse course,
        RotationPhase phase,
        String newKey,
        String oldKey,
        SortedSet<String> retired,
        RotationReach reach,
        Optional<Instant> waitUntil,
        SortedSet<String> expected,
        SortedSet<String> without) {
    public RotationRecord {
        retired = Collections.unmodifiableSortedSet(new TreeSet<>(retired));
        expected = Collections.unmodifiableSortedSet(new TreeSet<>(expected));
        without = Collections.unmodifiableSortedSet(new TreeSet<>(without));
    }

    static RotationRecord surveying(RotationCause cause, String oldKey) {
        return new RotationRecord(
                cause,
                RotationCourse.FORWARD,
                RotationPhase.SURVEYING,
                "",
                oldKey,
                new TreeSet<>(),
                RotationReach.INSTALLED,
                Optional.empty(),
                new TreeSet<>(),
                new TreeSet<>());
    }

    /** The key that all members are to get, and to seal with. */
    String target() {
        return course == RotationCourse.FORWARD ? newKey : oldKey;
    }

    /** The keys that no member is to have in the end. */
    SortedSet<String> leaving() {
        if (course == RotationCourse.BACK) {
            return new TreeSet<>(List.of(newKey));
        }
        SortedSet<String> leaving = new TreeSet<>(retired);
        leaving.remove(newKey);
        return leaving;
    }

    boolean hasReached(RotationReach that) {
        return reach.compareTo(that) >= 0;
    }

    /** Called off before any member was told to seal with the new key: nobody has to be told to go back. */
    boolean isUndone() {
        return course == RotationCourse.BACK && !hasReached(RotationReach.USED);
    }

    RotationRecord at(RotationPhase newPhase) {
        return new RotationRecord(
                cause, course, newPhase, newKey, oldKey, retired, reach, waitUntil, expected, without);
    }

    RotationRecord heading(RotationCourse newCourse) {
        return new RotationRecord(
                cause, newCourse, phase, newKey, oldKey, retired, reach, Optional.empty(), expected, without);
    }

    RotationRecord drawn(String key) {
        return new RotationRecord(cause, course, phase, key, oldKey, retired, reach, waitUntil, expected, without);
    }

    RotationRecord retiring(SortedSet<String> keys) {
        return new RotationRecord(cause, course, phase, newKey, oldKey, keys, reach, waitUntil, expected, without);
    }

    RotationRecord reaching(RotationReach that) {
        return new RotationRecord(
                cause,
                course,
                phase,
                newKey,
                oldKey,
                retired,
                hasReached(that) ? reach : that,
                waitUntil,
                expected,
                without);
    }

    RotationRecord waitingUntil(Instant until) {
        return new RotationRecord(
                cause, course, phase, newKey, oldKey, retired, reach, Optional.of(until), expected, without);
    }

    RotationRecord expecting(SortedSet<String> names) {
        return new RotationRecord(cause, course, phase, newKey, oldKey, retired, reach, waitUntil, names, without);
    }

    RotationRecord without(SortedSet<String> names) {
        SortedSet<String> all = new TreeSet<>(without);
        all.addAll(names);
        return new RotationRecord(cause, course, phase, newKey, oldKey, retired, reach, waitUntil, expected, all);
    }
}
