package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.json.Json;
import io.sotto.cluster.MemberTraffic;
import io.sotto.cluster.PlaintextPhase;
import io.sotto.cluster.Pool;
import io.sotto.cluster.UpshiftStatus;
import io.sotto.membership.upshift.MemberEvidence;
import io.sotto.membership.upshift.Obstacle;
import io.sotto.membership.upshift.SelfReport;
import io.sotto.membership.upshift.Verdict;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;

/**
 * {@code /v1/agent/gossip/status}: what is known of each member's encryption, and whether the pool may go on to the next
 * step of an upshift. {@code /v1/agent/gossip/plaintext}: the time in which plaintext is taken in though there is a key, or
 * null. Both are ours: Consul's agents answer 404.
 */
public final class UpshiftApi extends ApiPart {
    private final Pool lan;
    private final Optional<Pool> wan;

    /** @param wan the WAN pool, which {@code ?wan=1} asks for; empty for agents that are no members of one */
    public UpshiftApi(Pool lan, Optional<Pool> wan) {
        this.lan = lan;
        this.wan = wan;
    }

    @Override
    protected List<Route> routes() {
        return List.of(
                Route.getLater("v1/agent/gossip/status", Access.OPERATOR_READ, this::status),
                Route.get(
                        "v1/agent/gossip/plaintext",
                        Access.AGENT_READ,
                        request -> Wan.asked(request, lan, wan)
                                .map(pool -> Answer.json(plaintext(pool), request.layout()))
                                .orElseGet(() -> Answer.text(500, Wan.NONE))));
    }

    private CompletionStage<Answer> status(Request request) {
        return Wan.asked(request, lan, wan)
                .map(pool -> pool.upshift().thenApply(status -> Answer.json(shape(pool, status), request.layout())))
                .orElseGet(() -> Route.now(Answer.text(500, Wan.NONE)));
    }

    private static Json shape(Pool pool, UpshiftStatus status) {
        SortedMap<String, MemberTraffic> traffic = pool.evidence();
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("At", Json.of(status.at().toString()));
        fields.put("Plaintext", plaintext(pool));
        fields.put(
                "Members",
                new Json.Elements(status.members().stream()
                        .map(member -> member(member, Optional.ofNullable(traffic.get(member.name()))))
                        .toList()));
        fields.put(
                "Steps",
                new Json.Elements(
                        status.verdicts().stream().map(UpshiftApi::verdict).toList()));
        return new Json.Fields(fields);
    }

    private static Json plaintext(Pool pool) {
        return pool.plaintext().map(UpshiftApi::phase).orElse(Json.Nothing.INSTANCE);
    }

    private static Json phase(PlaintextPhase phase) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Since", Json.of(phase.since().toString()));
        fields.put("Until", instant(phase.deadline()));
        fields.put("OverdueSeconds", Json.of(phase.overdue().toSeconds()));
        return new Json.Fields(fields);
    }

    private static Json member(MemberEvidence member, Optional<MemberTraffic> traffic) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Name", Json.of(member.name()));
        fields.put("Presence", word(member.presence()));
        fields.put("Sotto", Json.of(member.gives() == MemberEvidence.Gives.REPORTS));
        fields.put("Report", member.report().map(UpshiftApi::report).orElse(Json.Nothing.INSTANCE));
        fields.put("LastSealed", instant(member.lastSealed()));
        fields.put("SealedWith", Json.of(member.sealedWith().orElse("")));
        fields.put("LastPlain", instant(member.lastPlain()));
        Map<String, Json> rejected = new LinkedHashMap<>();
        traffic.ifPresent(seen -> seen.rejected().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(count -> rejected.put(count.getKey(), Json.of(count.getValue()))));
        fields.put("Rejected", new Json.Fields(rejected));
        return new Json.Fields(fields);
    }

    private static Json report(SelfReport report) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Primary", Json.of(report.primary()));
        fields.put(
                "Keys", new Json.Elements(report.keys().stream().map(Json::of).toList()));
        fields.put("VerifyIncoming", Json.of(report.verifyIncoming()));
        fields.put("VerifyOutgoing", Json.of(report.verifyOutgoing()));
        fields.put("Label", Json.of(report.label()));
        fields.put("LabelEnforced", Json.of(report.labelEnforced()));
        fields.put("LastPlaintext", instant(report.lastPlaintext()));
        fields.put("Version", Json.of(report.version()));
        return new Json.Fields(fields);
    }

    private static Json verdict(Verdict verdict) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Step", Json.of(verdict.step().label()));
        fields.put("Key", Json.of(verdict.key()));
        fields.put("Answer", Json.of(verdict.answer().label()));
        fields.put(
                "Obstacles",
                new Json.Elements(
                        verdict.obstacles().stream().map(UpshiftApi::obstacle).toList()));
        fields.put(
                "OnHints",
                new Json.Elements(verdict.onHints().stream().map(Json::of).toList()));
        return new Json.Fields(fields);
    }

    private static Json obstacle(Obstacle obstacle) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Member", Json.of(obstacle.member()));
        fields.put("Ground", word(obstacle.ground()));
        fields.put("Why", Json.of(obstacle.why()));
        return new Json.Fields(fields);
    }

    private static Json instant(Optional<Instant> at) {
        return Json.of(at.map(Instant::toString).orElse(""));
    }

    private static Json word(Enum<?> constant) {
        return Json.of(constant.name().toLowerCase(Locale.ROOT));
    }
}
