package io.sotto.membership.upshift.drive;

import io.sotto.membership.rotation.Attendance;
import io.sotto.membership.upshift.drive.Stand.Ground;
import io.sotto.membership.upshift.drive.UpshiftPlan.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What an upshift would do, from where members stand now. Stateless; source: ours. */
public final class UpshiftPlanner {
    private UpshiftPlanner() {}

    /**
     * The plan.
     *
     * @param stands where members stand, by name
     * @param attendance who is listed
     */
    public static UpshiftPlan plan(UpshiftKind kind, Map<String, Stand> stands, Attendance attendance) {
        UpshiftRecord none = UpshiftRecord.fresh("", kind, "", "", false, Instant.EPOCH);
        Survey survey = new Survey(none, stands, attendance);
        SortedMap<String, Stand> members = survey.shown();
        NavigableSet<UpshiftStage> known = new TreeSet<>();
        survey.counted().forEach(name -> survey.stage(name).ifPresent(known::add));
        UpshiftStage lowest = known.isEmpty() ? UpshiftStage.NONE : known.first();
        List<Step> steps = new ArrayList<>();
        for (UpshiftStage at = lowest; at != UpshiftStage.ENFORCED; at = at.above()) {
            steps.add(step(kind, at.above(), members));
        }
        return new UpshiftPlan(kind, members, steps, obstacles(survey, lowest));
    }

    private static SortedMap<String, String> obstacles(Survey survey, UpshiftStage lowest) {
        SortedMap<String, String> obstacles = new TreeMap<>(survey.unknown());
        survey.needs().ifPresent(need -> obstacles.put("", need));
        survey.shown().forEach((name, stand) -> {
            Optional<String> why = stand.hindrance();
            if (stand.ground() == Ground.REPORT && stand.stage() == lowest && why.isPresent()) {
                obstacles.putIfAbsent(name, why.get());
            }
        });
        return obstacles;
    }

    private static Step step(UpshiftKind kind, UpshiftStage stage, SortedMap<String, Stand> members) {
        SortedMap<String, String> changes = new TreeMap<>();
        SortedMap<String, String> byHand = new TreeMap<>();
        members.forEach((name, stand) -> {
            if (stand.stage().isAtLeast(stage) && stand.ground() != Ground.UNKNOWN) {
                return;
            }
            // Who takes no orders is to be mended, also where it cannot be seen from here.
            if (stand.ground() == Ground.TRAFFIC || stand.mend().isPresent()) {
                boolean isNext = stand.stage().above() == stage;
                byHand.put(name, stand.mend().filter(mend -> isNext).orElse(change(kind, stage)));
            } else {
                changes.put(name, change(kind, stage));
            }
        });
        return new Step(stage, changes, byHand);
    }

    /** What a stage changes on a member, in words that follow its name. */
    static String change(UpshiftKind kind, UpshiftStage stage) {
        boolean isGossip = kind == UpshiftKind.GOSSIP;
        return switch (stage) {
            case NONE -> isGossip ? "has no key" : "has no certificate";
            case READY -> isGossip ? "gets the key, and opens what is sealed" : "takes calls by TLS too";
            case SENDING ->
                isGossip ? "seals all it sends (encrypt_verify_outgoing)" : "calls by TLS only (verify_outgoing)";
            case ENFORCED ->
                isGossip
                        ? "refuses plaintext (encrypt_verify_incoming)"
                        : "refuses plain calls and callers without a certificate (verify_incoming)";
        };
    }
}
