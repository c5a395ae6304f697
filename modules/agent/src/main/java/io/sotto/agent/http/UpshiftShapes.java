package io.sotto.agent.http;

import io.sotto.agent.json.Json;
import io.sotto.membership.upshift.drive.Stand;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftOutcome;
import io.sotto.membership.upshift.drive.UpshiftPlan;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Upshifts as the API tells of them. Holds no secret: of a key its id only. Pure. Source: ours. */
final class UpshiftShapes {
    private UpshiftShapes() {}

    /** Where one stands. The fields of a record are empty where there is none. */
    static Json progress(UpshiftKind kind, UpshiftProgress progress) {
        Optional<UpshiftRecord> record = progress.record();
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Kind", word(kind));
        fields.put("Id", Json.of(record.map(UpshiftRecord::id).orElse("")));
        fields.put("Epoch", Json.of(record.map(UpshiftRecord::epoch).orElse(0L)));
        fields.put("Driver", Json.of(record.map(UpshiftRecord::driver).orElse("")));
        fields.put("Goal", record.map(kept -> word(kept.goal())).orElse(Json.of("")));
        fields.put("Confirmed", record.map(kept -> word(kept.confirmed())).orElse(Json.of("")));
        fields.put("Course", record.map(kept -> word(kept.course())).orElse(Json.of("")));
        fields.put("Stepwise", Json.of(record.map(UpshiftRecord::isStepwise).orElse(false)));
        fields.put("KeyId", Json.of(record.map(UpshiftRecord::keyId).orElse("")));
        fields.put("Began", Json.of(record.map(kept -> kept.began().toString()).orElse("")));
        fields.put("UnderWay", Json.of(progress.isUnderWay()));
        fields.put("WaitingForNext", Json.of(progress.isWaitingForNext()));
        fields.put("Done", Json.of(progress.done()));
        fields.put("Of", Json.of(counted(progress)));
        fields.put("Members", members(progress.members()));
        fields.put("WaitingFor", Json.of(progress.waitingFor()));
        fields.put(
                "Without",
                Json.of(record.<Map<String, String>>map(UpshiftRecord::without).orElse(Map.of())));
        Map<String, Json> vouched = new LinkedHashMap<>();
        record.ifPresent(kept -> kept.vouched().forEach((name, stage) -> vouched.put(name, word(stage))));
        fields.put("Vouched", new Json.Fields(vouched));
        fields.put("Outcome", outcome(progress));
        fields.put("Text", Json.of(isClosing(progress) ? "" : progress.text()));
        return new Json.Fields(fields);
    }

    private static Json outcome(UpshiftProgress progress) {
        return isClosing(progress)
                ? Json.of("")
                : progress.record()
                        .flatMap(UpshiftRecord::outcome)
                        .map(UpshiftShapes::word)
                        .orElse(Json.of(""));
    }

    /** While members are still being told how it ended, and why, it has not. */
    private static boolean isClosing(UpshiftProgress progress) {
        return progress.isUnderWay()
                && progress.record().flatMap(UpshiftRecord::outcome).isPresent();
    }

    /** What one would do. */
    static Json plan(UpshiftPlan plan) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Kind", word(plan.kind()));
        fields.put("Members", members(plan.members()));
        fields.put(
                "Steps",
                new Json.Elements(plan.steps().stream().map(UpshiftShapes::step).toList()));
        fields.put("Obstacles", Json.of(plan.obstacles()));
        return new Json.Fields(fields);
    }

    /** One as a section of {@code info}: as this agent knows it by itself, all values as strings. */
    static Json section(UpshiftRecord record) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("confirmed", word(record.confirmed()));
        fields.put("course", word(record.course()));
        fields.put("driver", Json.of(record.driver()));
        fields.put("goal", word(record.goal()));
        fields.put("id", Json.of(record.id()));
        fields.put("kind", word(record.kind()));
        fields.put("outcome", record.outcome().map(UpshiftShapes::word).orElse(Json.of("")));
        fields.put("under_way", Json.of(Boolean.toString(record.outcome().isEmpty())));
        return new Json.Fields(fields);
    }

    /** Whether nothing was begun, or nothing is there to be changed. */
    static boolean isRefused(UpshiftProgress progress) {
        return progress.record()
                .map(record ->
                        record.outcome().filter(UpshiftOutcome.REFUSED::equals).isPresent())
                .orElse(!progress.isUnderWay());
    }

    private static Json step(UpshiftPlan.Step step) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Stage", word(step.stage()));
        fields.put("Changes", Json.of(step.changes()));
        fields.put("ByHand", Json.of(step.byHand()));
        return new Json.Fields(fields);
    }

    private static Json members(SortedMap<String, Stand> stands) {
        Map<String, Json> members = new LinkedHashMap<>();
        stands.forEach((name, stand) -> members.put(name, stand(stand)));
        return new Json.Fields(members);
    }

    private static Json stand(Stand stand) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Stage", word(stand.stage()));
        fields.put("Ground", word(stand.ground()));
        fields.put(
                "QuietSeconds",
                stand.quiet().<Json>map(quiet -> Json.of(quiet.toSeconds())).orElse(Json.Nothing.INSTANCE));
        fields.put("Hindrance", Json.of(stand.hindrance().orElse("")));
        fields.put("Mend", Json.of(stand.mend().orElse("")));
        return new Json.Fields(fields);
    }

    /** Of how many members {@code Done} is counted. */
    private static long counted(UpshiftProgress progress) {
        return progress.members().keySet().stream()
                .filter(name -> progress.record()
                        .filter(record -> record.without().containsKey(name))
                        .isEmpty())
                .count();
    }

    static Json word(Enum<?> constant) {
        return Json.of(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
