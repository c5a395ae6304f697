package io.sotto.membership.upshift.drive;

import io.sotto.membership.rotation.Attendance;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the answers to one question say of those that were listed when they had come in. Immutable; made for one question.
 *
 * @param record of the upshift at that moment
 * @param stands what came back, by name
 * @param attendance who was listed then
 */
record Survey(UpshiftRecord record, Map<String, Stand> stands, Attendance attendance) {
    Survey {
        stands = Map.copyOf(stands);
    }

    /** Everybody who has to be where a gate wants all: listed, alive or failed, and not excluded by name. */
    SortedSet<String> counted() {
        SortedSet<String> counted = new TreeSet<>(attendance.counted());
        counted.removeAll(record.without().keySet());
        return counted;
    }

    /**
     * Whether it has said itself where it stands, over a connection that proved who it is; so it can be ordered too, also when its
     * gossip is not understood.
     */
    boolean reports(String name) {
        Stand stand = stands.get(name);
        return stand != null
                && stand.ground() == Stand.Ground.REPORT
                && attendance.counted().contains(name);
    }

    /** Where it is known to be: by its own report, or else by what its traffic shows and an operator has vouched for. */
    Optional<UpshiftStage> stage(String name) {
        if (reports(name)) {
            return Optional.of(stand(name).stage());
        }
        Optional<UpshiftStage> vouched = Optional.ofNullable(record.vouched().get(name));
        Optional<UpshiftStage> seen = Optional.ofNullable(stands.get(name))
                .filter(stand -> stand.ground() == Stand.Ground.TRAFFIC
                        && attendance.alive().contains(name))
                .map(Stand::stage);
        return seen.filter(stage -> vouched.isEmpty() || stage.isAtLeast(vouched.get()))
                .or(() -> vouched);
    }

    boolean isKnown(String name) {
        return stage(name).isPresent();
    }

    boolean isAtLeast(String name, UpshiftStage stage) {
        return stage(name).filter(at -> at.isAtLeast(stage)).isPresent();
    }

    /** Whether it is where this record wants it. */
    boolean isThere(String name, UpshiftRecord wanted) {
        return wanted.course() == UpshiftCourse.FORWARD
                ? isAtLeast(name, wanted.goal())
                : stage(name).equals(Optional.of(wanted.goal()));
    }

    /** How many of those that count are where this record wants them. */
    int there(UpshiftRecord wanted) {
        return (int) counted().stream().filter(name -> isThere(name, wanted)).count();
    }

    /** Those of whom it is not known where they are, and why not. */
    SortedMap<String, String> unknown() {
        SortedMap<String, String> unknown = new TreeMap<>();
        for (String name : counted()) {
            if (stage(name).isEmpty()) {
                unknown.put(name, hindrance(name, "does not answer"));
            }
        }
        return unknown;
    }

    /** Those that are taken for failed, and that nobody has vouched for: gates wait for them, wherever they stand. */
    SortedMap<String, String> away() {
        SortedMap<String, String> away = new TreeMap<>();
        for (String name : counted()) {
            if (!attendance.alive().contains(name) && (reports(name) || !isKnown(name))) {
                away.put(name, hindrance(name, ""));
            }
        }
        return away;
    }

    /** Those that are not known to be at this stage or above, and why. */
    SortedMap<String, String> below(UpshiftStage stage) {
        SortedMap<String, String> below = new TreeMap<>(unknown());
        for (String name : counted()) {
            stage(name).filter(at -> !at.isAtLeast(stage)).ifPresent(at -> below.put(name, behind(name, at, stage)));
        }
        return below;
    }

    /** Those that are not known to be at exactly this stage, and why. */
    SortedMap<String, String> apart(UpshiftStage stage) {
        SortedMap<String, String> apart = new TreeMap<>(unknown());
        for (String name : counted()) {
            stage(name).filter(at -> at != stage).ifPresent(at -> apart.put(name, behind(name, at, stage)));
        }
        return apart;
    }

    /** Those that took in something insecure too lately for it to be refused. */
    SortedMap<String, String> loud(Duration quiet) {
        SortedMap<String, String> loud = new TreeMap<>();
        for (String name : counted()) {
            Optional<Duration> since = stands.containsKey(name) ? stand(name).quiet() : Optional.empty();
            since.filter(time -> time.compareTo(quiet) < 0)
                    .ifPresent(time -> loud.put(
                            name, "took in what is not secured " + time.toSeconds() + " s ago, from somebody"));
        }
        return loud;
    }

    /** Those that report, are at this stage and are counted. */
    SortedSet<String> reportingAt(UpshiftStage stage) {
        SortedSet<String> those = new TreeSet<>();
        for (String name : counted()) {
            if (reports(name) && stand(name).stage() == stage) {
                those.add(name);
            }
        }
        return those;
    }

    /** Those that report and are counted. */
    SortedSet<String> reporting() {
        SortedSet<String> those = counted();
        those.removeIf(name -> !reports(name));
        return those;
    }

    /** Those of these that report, are counted, and are taken for alive. */
    SortedSet<String> thereOf(Set<String> names) {
        SortedSet<String> there = reporting();
        there.retainAll(names);
        there.retainAll(attendance.alive());
        return there;
    }

    /** Those that report and are at this stage, though the upshift goes on without them. */
    SortedSet<String> forcedAt(UpshiftStage stage) {
        SortedSet<String> those = new TreeSet<>();
        for (String name : record.forced()) {
            if (reports(name) && stand(name).stage() == stage) {
                those.add(name);
            }
        }
        return those;
    }

    /** What has to be done before anything is begun, if some say so of themselves. */
    Optional<String> needs() {
        SortedMap<UpshiftKind, SortedSet<String>> needing = new TreeMap<>();
        for (String name : counted()) {
            if (reports(name)) {
                stand(name)
                        .needs()
                        .ifPresent(kind -> needing.computeIfAbsent(kind, missing -> new TreeSet<>())
                                .add(name));
            }
        }
        return needing.entrySet().stream()
                .map(need -> "upshift " + need.getKey().name().toLowerCase(Locale.ROOT) + " comes first, for "
                        + String.join(", ", need.getValue()))
                .findFirst();
    }

    /** All for showing: what came back, and what an operator vouched for. */
    SortedMap<String, Stand> shown() {
        SortedMap<String, Stand> shown = new TreeMap<>();
        SortedSet<String> names = new TreeSet<>(attendance.counted());
        names.addAll(record.without().keySet());
        for (String name : names) {
            if (attendance.left().contains(name)) {
                continue;
            }
            Stand seen = stands.getOrDefault(name, Stand.unknown(hindrance(name, "does not answer")));
            Optional<UpshiftStage> vouched =
                    Optional.ofNullable(record.vouched().get(name)).filter(stage -> !reports(name));
            shown.put(
                    name,
                    vouched.filter(stage -> stage(name).equals(vouched))
                            .map(seen::vouched)
                            .orElse(seen));
        }
        return shown;
    }

    private String behind(String name, UpshiftStage at, UpshiftStage wanted) {
        String is = "is at " + at.word() + ", not at " + wanted.word();
        String hindrance = hindrance(name, "");
        String vouched = !reports(name) && record.vouched().containsKey(name) ? " as far as was vouched for" : "";
        return is + vouched + (hindrance.isEmpty() ? "" : ": " + hindrance);
    }

    private String hindrance(String name, String otherwise) {
        if (!attendance.alive().contains(name)) {
            return reports(name) ? "answers, and is taken for failed" : "is away";
        }
        Stand stand = stands.get(name);
        return stand == null ? otherwise : stand.hindrance().orElse(otherwise);
    }

    private Stand stand(String name) {
        return stands.getOrDefault(name, Stand.unknown(""));
    }
}
