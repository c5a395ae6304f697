package io.sotto.cluster.upshift;

import io.sotto.membership.upshift.drive.Stand;
import io.sotto.membership.upshift.drive.UpshiftCourse;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftOutcome;
import io.sotto.membership.upshift.drive.UpshiftPlan;
import io.sotto.membership.upshift.drive.UpshiftPlanner;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftStage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How an upshift stands for whoever does not drive it: by its own record, what members say, and whether the driver that the last
 * record names says that it drives it still. Immutable.
 *
 * @param record the last one that anybody keeps; one that began in the future is left aside, so that nobody can use up the time
 */
record Standing(UpshiftKind kind, Census.Seen seen, Optional<UpshiftRecord> record) {
    private static final Duration AHEAD_MAX = Duration.ofMinutes(5);

    static Standing of(UpshiftKind kind, Census.Seen seen, Optional<UpshiftRecord> own, Instant now) {
        return new Standing(
                kind,
                seen,
                Stream.concat(own.stream(), seen.records(kind).values().stream())
                        .filter(record -> record.began().isBefore(now.plus(AHEAD_MAX)))
                        .max(UpshiftRecord.PRECEDENCE));
    }

    /** Whether one began and has not ended. */
    boolean isUnderWay() {
        return record.filter(last -> last.outcome().isEmpty()).isPresent();
    }

    /** The key that it is about, while it is under way. */
    Optional<String> keyId() {
        return record.filter(last -> last.outcome().isEmpty())
                .map(UpshiftRecord::keyId)
                .filter(id -> !id.isEmpty());
    }

    /**
     * Why none may begin now, whatever its key; one that is under way goes on. Beside a rotation, one of the two would give members
     * the key that the other takes from them.
     */
    Optional<String> hindrance(boolean isForced) {
        List<String> bare = seen.refusingTls();
        return kind == UpshiftKind.GOSSIP && !isUnderWay() && !bare.isEmpty() && !isForced
                ? Optional.of("upshift tls comes first: no key can be sent to " + String.join(", ", bare))
                : rotation();
    }

    private Optional<String> rotation() {
        return kind == UpshiftKind.GOSSIP && !isUnderWay()
                ? seen.rotation().map(rotation -> rotation + ": wait for its end")
                : Optional.empty();
    }

    UpshiftProgress progress(String likelyKeyId, Instant now) {
        SortedMap<String, Stand> stands = new TreeMap<>(seen.stands(kind, keyId().orElse(likelyKeyId), now));
        if (record.isEmpty()) {
            return new UpshiftProgress(Optional.empty(), false, false, 0, stands, new TreeMap<>(), "none was begun");
        }
        UpshiftRecord last = record.get();
        Optional<MemberReport.Driven> driven = Optional.ofNullable(
                        seen.reports().get(last.driver()))
                .map(report -> report.driven().get(kind));
        boolean isDriven = isUnderWay() && driven.isPresent();
        SortedMap<String, String> waitingFor = new TreeMap<>();
        String text = "";
        if (isDriven) {
            waitingFor.putAll(driven.get().waitingFor());
            text = driven.get().text();
        } else if (isUnderWay()) {
            String why = seen.reports().containsKey(last.driver())
                    ? "does not drive it any more"
                    : "drove it, and does not answer";
            waitingFor.put(last.driver(), why);
            text = "nobody drives it now: " + last.driver() + " " + why + "; run it here, and it goes on";
        }
        return new UpshiftProgress(
                record,
                isDriven,
                isDriven && driven.get().isWaitingForNext(),
                done(last, stands),
                stands,
                waitingFor,
                text);
    }

    UpshiftPlan plan(String likelyKeyId, Instant now) {
        Map<String, Stand> stands = seen.stands(kind, keyId().orElse(likelyKeyId), now);
        UpshiftPlan plan = UpshiftPlanner.plan(kind, stands, seen.attendance());
        SortedMap<String, String> obstacles = new TreeMap<>(plan.obstacles());
        rotation().ifPresent(why -> obstacles.merge("", why, (known, other) -> known + "; " + other));
        return new UpshiftPlan(kind, plan.members(), plan.steps(), obstacles);
    }

    private static int done(UpshiftRecord record, Map<String, Stand> stands) {
        return (int) stands.entrySet().stream()
                .filter(member -> !record.without().containsKey(member.getKey()))
                .filter(member -> {
                    UpshiftStage at = member.getValue().ground() == Stand.Ground.UNKNOWN
                            ? record.vouched().getOrDefault(member.getKey(), UpshiftStage.NONE)
                            : member.getValue().stage();
                    return record.course() == UpshiftCourse.FORWARD ? at.isAtLeast(record.goal()) : at == record.goal();
                })
                .count();
    }

    /** One that does not begin. */
    UpshiftProgress refused(String self, String id, String why, Instant now) {
        UpshiftRecord refused =
                UpshiftRecord.fresh(id, kind, self, "", false, now).ended(UpshiftOutcome.REFUSED);
        SortedMap<String, Stand> stands = new TreeMap<>(seen.stands(kind, keyId().orElse(""), now));
        return new UpshiftProgress(Optional.of(refused), false, false, 0, stands, new TreeMap<>(), why);
    }
}
