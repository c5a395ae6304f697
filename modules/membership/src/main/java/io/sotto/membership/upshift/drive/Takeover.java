package io.sotto.membership.upshift.drive;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What becomes of the record of an upshift when this node begins to drive it. Anybody who is let into the pool may report a record, so
 * of one that this node was not told of by an order only its names and numbers are believed: no exclusion, no vouching, and
 * of its stages no more than members confirm of themselves.
 *
 * @param fresh what this node would begin with
 * @param keysHere the ids of the keys that this node has
 */
record Takeover(UpshiftRecord fresh, Set<String> keysHere) {
    /** No clock is ahead by more; what claims to be is left aside, so that nobody can use up the time. */
    private static final Duration AHEAD_MAX = Duration.ofDays(1);

    Takeover {
        keysHere = Set.copyOf(keysHere);
    }

    /** Whether it is one that could be driven or given way to. */
    boolean isSensible(UpshiftRecord other, Instant now) {
        return other.kind() == fresh.kind()
                && other.epoch() < UpshiftRecord.EPOCH_MAX
                && other.began().isBefore(now.plus(AHEAD_MAX));
    }

    /** Whether what is entered is somebody else's, and not the fresh one. */
    boolean isTakeover(UpshiftRecord current) {
        return !current.id().equals(fresh.id());
    }

    /** What is entered, once these records are known: what is under way, or else the fresh one, so that it goes before what ended. */
    UpshiftRecord entered(UpshiftRecord current, Collection<UpshiftRecord> records, Instant now) {
        UpshiftRecord latest = records.stream()
                .filter(other -> isSensible(other, now))
                .max(UpshiftRecord.PRECEDENCE)
                .orElse(current);
        boolean isPassed = isTakeover(current) && UpshiftRecord.PRECEDENCE.compare(latest, current) <= 0;
        if (isPassed || latest.equals(current)) {
            return current;
        }
        if (latest.outcome().isEmpty() || latest.id().equals(current.id())) {
            return adopted(latest, current, false);
        }
        UpshiftRecord own = isTakeover(current) ? fresh.expecting(current.expected()) : current;
        return own.began().isAfter(latest.began())
                ? own
                : own.beginning(latest.began().plusMillis(1));
    }

    /** Whoever a record of the same upshift expects is waited for, also if that record is known only once this one is driven. */
    UpshiftRecord expectingAll(UpshiftRecord current, Collection<UpshiftRecord> records) {
        SortedSet<String> expected = new TreeSet<>(current.expected());
        records.stream()
                .filter(other -> other.id().equals(current.id()))
                .forEach(other -> expected.addAll(other.expected()));
        return current.expecting(expected);
    }

    /** The one that this node drives from now on, in the next epoch. */
    UpshiftRecord adopted(UpshiftRecord other, UpshiftRecord current, boolean isTrusted) {
        UpshiftRecord told = isTrusted ? other : current;
        boolean isSame = isTakeover(current) && other.id().equals(current.id());
        String keyId = isSame ? current.keyId() : keysHere.contains(other.keyId()) ? other.keyId() : fresh.keyId();
        SortedSet<String> expected = new TreeSet<>(current.expected());
        expected.addAll(other.expected());
        return new UpshiftRecord(
                other.id(),
                other.kind(),
                other.epoch() + 1,
                fresh.driver(),
                0,
                other.goal(),
                other.confirmed(),
                UpshiftCourse.FORWARD,
                true,
                current.isStepwise(),
                keyId,
                expected,
                told.without(),
                told.forced(),
                told.vouched(),
                other.began(),
                Optional.empty());
    }
}
