package io.sotto.membership.upshift.drive;

import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What has to outlive the driver of an upshift: kept by the driver before it acts on it, and by every member with the order that
 * it came with, so that any of them can tell how it stands and go on with it. Holds no secret.
 *
 * @param id of this upshift; drawn when it begins
 * @param kind what it secures
 * @param epoch how often a member began to drive it: 1, then one more with each takeover; orders of a lower one are refused
 * @param driver the name of the member that drives it in this epoch
 * @param revision how often this driver has written it down: orders that were overtaken by a later one are refused
 * @param goal the stage that members are being brought to
 * @param confirmed the highest stage that all have confirmed: where an abort goes back to
 * @param course which way it goes
 * @param isFencing whether all are still to take this record, after a takeover or since nobody knows yet where some members are;
 *     until then orders change no stage
 * @param isStepwise whether it stops after each stage until it is told to go on
 * @param keyId the key of a gossip upshift by its id; empty where it has none yet, and for TLS
 * @param expected the names of everybody who was seen to belong to it
 * @param without those that it goes on without, by name, each with who said so and when
 * @param forced those of them that were there when that was said; they count again only once they have caught up
 * @param vouched those that cannot be seen from here and that an operator has vouched for, by name, each with the stage
 * @param began when it began, by the clock of its first driver
 * @param outcome how it ended, once it did
 */
public record UpshiftRecord(
        String id,
        UpshiftKind kind,
        long epoch,
        String driver,
        long revision,
        UpshiftStage goal,
        UpshiftStage confirmed,
        UpshiftCourse course,
        boolean isFencing,
        boolean isStepwise,
        String keyId,
        SortedSet<String> expected,
        SortedMap<String, String> without,
        SortedSet<String> forced,
        SortedMap<String, UpshiftStage> vouched,
        Instant began,
        Optional<UpshiftOutcome> outcome) {
    /** No upshift is driven more often; what claims to be is not taken over, so that nobody can use up the numbers. */
    public static final long EPOCH_MAX = 1_000_000_000L;

    /** The later of two of one kind is the greater: who began last, then who drives it, then what it wrote last. */
    public static final Comparator<UpshiftRecord> PRECEDENCE = Comparator.comparing(UpshiftRecord::began)
            .thenComparing(UpshiftRecord::id)
            .thenComparingLong(UpshiftRecord::epoch)
            .thenComparing(UpshiftRecord::driver)
            .thenComparingLong(UpshiftRecord::revision);

    public UpshiftRecord {
        if (epoch < 1 || epoch > EPOCH_MAX || revision < 0) {
            throw new IllegalArgumentException("epoch " + epoch + ", revision " + revision);
        }
        expected = Collections.unmodifiableSortedSet(new TreeSet<>(expected));
        without = Collections.unmodifiableSortedMap(new TreeMap<>(without));
        forced = Collections.unmodifiableSortedSet(new TreeSet<>(forced));
        vouched = Collections.unmodifiableSortedMap(new TreeMap<>(vouched));
    }

    /** One that is about to begin; {@code keyId} is empty for TLS. */
    public static UpshiftRecord fresh(
            String id, UpshiftKind kind, String driver, String keyId, boolean isStepwise, Instant now) {
        return new UpshiftRecord(
                id,
                kind,
                1,
                driver,
                0,
                UpshiftStage.NONE,
                UpshiftStage.NONE,
                UpshiftCourse.FORWARD,
                false,
                isStepwise,
                keyId,
                new TreeSet<>(),
                new TreeMap<>(),
                new TreeSet<>(),
                new TreeMap<>(),
                now,
                Optional.empty());
    }

    /** Whether nobody has taken it over yet. */
    boolean isFirstEpoch() {
        return epoch == 1;
    }

    /** Whether somebody else drives the same upshift, or another one of this kind, that goes before this. */
    boolean yieldsTo(UpshiftRecord other) {
        boolean isOwn = id.equals(other.id) && epoch == other.epoch && driver.equals(other.driver);
        return !isOwn && PRECEDENCE.compare(other, this) > 0;
    }

    /** Who drives it, in words for people who know of the other one. */
    String drivenInsteadOf(UpshiftRecord other) {
        return driver + " drives it now, in epoch " + epoch + (id.equals(other.id) ? "" : " of the upshift " + id);
    }

    UpshiftRecord at(UpshiftStage newConfirmed, UpshiftStage newGoal) {
        return with(draft -> {
            draft.confirmed = newConfirmed;
            draft.goal = newGoal;
        });
    }

    UpshiftRecord back() {
        return with(draft -> {
            draft.goal = confirmed;
            draft.course = UpshiftCourse.BACK;
        });
    }

    /** The same, of which all are to take the record before any is ordered to a stage. */
    UpshiftRecord fencing() {
        return with(draft -> draft.isFencing = true);
    }

    UpshiftRecord fenced() {
        return with(draft -> draft.isFencing = false);
    }

    UpshiftRecord stepwise(boolean newStepwise) {
        return with(draft -> draft.isStepwise = newStepwise);
    }

    UpshiftRecord revised() {
        return with(draft -> draft.revision = revision + 1);
    }

    UpshiftRecord expecting(SortedSet<String> names) {
        return with(draft -> draft.expected = names);
    }

    UpshiftRecord without(SortedMap<String, String> newWithout, SortedSet<String> newForced) {
        SortedSet<String> those = new TreeSet<>(newForced);
        those.retainAll(newWithout.keySet());
        return with(draft -> {
            draft.without = newWithout;
            draft.forced = those;
        });
    }

    UpshiftRecord vouching(Set<String> names, UpshiftStage stage) {
        SortedMap<String, UpshiftStage> all = new TreeMap<>(vouched);
        names.forEach(name -> all.put(name, stage));
        return with(draft -> draft.vouched = all);
    }

    UpshiftRecord beginning(Instant newBegan) {
        return with(draft -> draft.began = newBegan);
    }

    /** The same, over. */
    public UpshiftRecord ended(UpshiftOutcome how) {
        return with(draft -> draft.outcome = Optional.of(how));
    }

    private UpshiftRecord with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new UpshiftRecord(
                id,
                kind,
                epoch,
                driver,
                draft.revision,
                draft.goal,
                draft.confirmed,
                draft.course,
                draft.isFencing,
                draft.isStepwise,
                keyId,
                draft.expected,
                draft.without,
                draft.forced,
                draft.vouched,
                draft.began,
                draft.outcome);
    }

    /** What changes while one node drives it. */
    private static final class Draft {
        private long revision;
        private UpshiftStage goal;
        private UpshiftStage confirmed;
        private UpshiftCourse course;
        private boolean isFencing;
        private boolean isStepwise;
        private SortedSet<String> expected;
        private SortedMap<String, String> without;
        private SortedSet<String> forced;
        private SortedMap<String, UpshiftStage> vouched;
        private Instant began;
        private Optional<UpshiftOutcome> outcome;

        private Draft(UpshiftRecord record) {
            revision = record.revision;
            goal = record.goal;
            confirmed = record.confirmed;
            course = record.course;
            isFencing = record.isFencing;
            isStepwise = record.isStepwise;
            expected = record.expected;
            without = record.without;
            forced = record.forced;
            vouched = record.vouched;
            began = record.began;
            outcome = record.outcome;
        }
    }
}
