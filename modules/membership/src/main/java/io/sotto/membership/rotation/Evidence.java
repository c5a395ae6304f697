package io.sotto.membership.rotation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What members themselves said of their rings, and for how long that counts. Of listed members only, so it is bounded. */
final class Evidence {
    private record Seen(RingAnswer answer, Instant at) {}

    private final Duration fresh;
    private final Map<String, Seen> seen = new HashMap<>();
    private final Set<String> holders = new HashSet<>();
    private final Set<String> users = new HashSet<>();
    /** How many listings in a row a member did not answer. */
    private final Map<String, Integer> silences = new HashMap<>();

    Evidence(Duration fresh) {
        this.fresh = fresh;
    }

    /** Takes in a listing; {@code target} is the key that all are to end with. */
    void add(RingReport report, Attendance attendance, String target, Instant now) {
        report.answers().forEach((name, answer) -> {
            if (attendance.alive().contains(name)) {
                seen.put(name, new Seen(answer, now));
                note(holders, name, answer.holds(target));
                note(users, name, answer.uses(target));
            }
        });
        for (String name : attendance.alive()) {
            if (report.answers().containsKey(name)) {
                silences.remove(name);
            } else {
                silences.merge(name, 1, Integer::sum);
            }
        }
    }

    private static void note(Set<String> names, String name, boolean belongs) {
        if (belongs) {
            names.add(name);
        } else {
            names.remove(name);
        }
    }

    /** Who is not there any more is asked anew when it returns; that it had the key is remembered while it is listed. */
    void attend(Attendance attendance) {
        seen.keySet().retainAll(attendance.alive());
        users.retainAll(attendance.alive());
        silences.keySet().retainAll(attendance.alive());
        holders.removeIf(name ->
                !attendance.alive().contains(name) && !attendance.failed().contains(name));
    }

    /** What was said counts no more; who was seen to hold the key is remembered. */
    void askAnew() {
        seen.clear();
    }

    /** Another key is the target from now on. */
    void forget() {
        seen.clear();
        holders.clear();
        users.clear();
        silences.clear();
    }

    Optional<RingAnswer> of(String name, Instant now) {
        return Optional.ofNullable(seen.get(name))
                .filter(known -> !now.isAfter(known.at.plus(fresh)))
                .map(Seen::answer);
    }

    /** Every answer that still counts. */
    Stream<RingAnswer> answers(Instant now) {
        return seen.values().stream()
                .filter(known -> !now.isAfter(known.at.plus(fresh)))
                .map(Seen::answer);
    }

    /** How many listings in a row it did not answer. */
    int silences(String name) {
        return silences.getOrDefault(name, 0);
    }

    /** Whether the last that was heard of it is that it holds the target. */
    boolean held(String name) {
        return holders.contains(name);
    }

    /** Whether the last that was heard of it is that it seals with the target. */
    boolean used(String name) {
        return users.contains(name);
    }
}
