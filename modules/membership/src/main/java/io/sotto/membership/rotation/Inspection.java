package io.sotto.membership.rotation;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Compares what members were seen to hold with what a phase of a rotation wants of them. Pure. */
record Inspection(RotationRecord record, Attendance attendance, Evidence evidence) {
    /** Who is not where the phase wants all of them, and why. */
    SortedMap<String, Lack> lacks(Instant now) {
        SortedMap<String, Lack> lacks = new TreeMap<>();
        for (String name : record.expected()) {
            Optional<Lack> lack = attendance.alive().contains(name) ? present(name, now) : away(name);
            lack.ifPresent(found -> lacks.put(name, found));
        }
        return lacks;
    }

    /** The primaries that are neither the new key nor one that was there when it began. */
    Set<String> foreignPrimaries(Instant now) {
        return evidence.answers(now)
                .flatMap(answer -> answer.inUse().filter(this::isForeign))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The key of another rotation that began at the same time and goes before this one: all who answered hold it, it was not
     * there when this one began, and its id is lower.
     */
    Optional<String> rival(Instant now) {
        if (record.course() != RotationCourse.FORWARD || record.hasReached(RotationReach.USED)) {
            return Optional.empty();
        }
        return evidence.answers(now)
                .findFirst()
                .flatMap(any -> any.keys().stream()
                        .filter(key -> isForeign(key) && key.compareTo(record.newKey()) < 0)
                        .filter(key -> evidence.answers(now).allMatch(answer -> answer.holds(key)))
                        .findFirst());
    }

    /** Whether whoever is there was seen to hold the key that all are to use. */
    boolean mayUse() {
        return attendance.alive().stream()
                .allMatch(name -> evidence.held(name) || record.without().contains(name));
    }

    /** Whether whoever is listed was seen to seal with the key that all are to use. */
    boolean mayRemove() {
        return record.isUndone()
                || record.expected().stream()
                        .allMatch(
                                name -> evidence.used(name) || record.without().contains(name));
    }

    private boolean isForeign(String key) {
        return !key.equals(record.newKey()) && !record.retired().contains(key);
    }

    private Optional<Lack> present(String name, Instant now) {
        Optional<RingAnswer> seen = evidence.of(name, now);
        if (seen.isEmpty()) {
            return record.without().contains(name) ? Optional.empty() : Optional.of(Lack.SILENT);
        }
        return switch (record.phase()) {
            case CHECKING -> seen.get().holds(record.target()) ? Optional.empty() : Optional.of(Lack.LACKS);
            case CONFIRMING -> primary(seen.get());
            case CLEARING -> {
                Optional<Lack> lack = primary(seen.get());
                boolean isClear = record.leaving().stream().noneMatch(seen.get()::hasSomewhere);
                yield lack.isPresent() || isClear ? lack : Optional.of(Lack.LEFTOVER);
            }
            case IDLE, SURVEYING, MAKING, INSTALLING, USING, WAITING, REMOVING, DONE ->
                throw new IllegalStateException("nobody was asked for a list in " + record.phase());
        };
    }

    private Optional<Lack> primary(RingAnswer answer) {
        if (record.isUndone()) {
            return answer.inUse().anyMatch(record.newKey()::equals) ? Optional.of(Lack.STILL_USES) : Optional.empty();
        }
        if (answer.uses(record.target())) {
            return Optional.empty();
        }
        if (answer.inUse().anyMatch(this::isForeign)) {
            return Optional.of(Lack.FOREIGN_PRIMARY);
        }
        return Optional.of(answer.holds(record.target()) ? Lack.OTHER_PRIMARY : Lack.LACKS);
    }

    /** Who is away may return with what it had: with nothing but the old key before, sealing with it afterwards. */
    private Optional<Lack> away(String name) {
        boolean isNoMatter = record.without().contains(name)
                || record.isUndone()
                || (record.phase() == RotationPhase.CHECKING
                        && (record.course() == RotationCourse.BACK || evidence.held(name)));
        return isNoMatter ? Optional.empty() : Optional.of(Lack.AWAY);
    }
}
