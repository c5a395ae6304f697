package io.sotto.agent.http;

import io.sotto.cluster.UpshiftRequest;
import io.sotto.cluster.Upshifts;
import io.sotto.cluster.upshift.OutsideEvidence;
import io.sotto.cluster.upshift.UpshiftAuthority;
import io.sotto.membership.upshift.drive.Stand;
import io.sotto.membership.upshift.drive.UpshiftCourse;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftOutcome;
import io.sotto.membership.upshift.drive.UpshiftPlan;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.wire.metrics.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** Upshifts of a pool of n1, n2 and srv, a server of another kind, that go as they were told beforehand, and remember who asked. */
public final class ScriptedUpshifts implements Upshifts {
    /** What to do on the server that gives no report. */
    public static final String MEND =
            "in /etc/consul.d/agent.hcl: encrypt_verify_incoming = false\nthen: consul reload";

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<UpshiftProgress> steps = new ArrayList<>();
    private UpshiftProgress standing = UpshiftProgress.none("no upshift is known here");
    private boolean isSilent;
    private List<Metric> figures = List.of();
    private UpshiftPlan plan = new UpshiftPlan(UpshiftKind.TLS, new TreeMap<>(), List.of(), new TreeMap<>());

    /** As new. */
    public void forget() {
        asked.clear();
        steps.clear();
        standing = UpshiftProgress.none("no upshift is known here");
    }

    /** Never tells where it stands. */
    public ScriptedUpshifts silent() {
        isSilent = true;
        return this;
    }

    /** What its figures are. */
    public ScriptedUpshifts counting(Metric... metrics) {
        figures = List.of(metrics);
        return this;
    }

    /** What a run will tell, step by step. */
    public ScriptedUpshifts running(UpshiftProgress... told) {
        steps.clear();
        steps.addAll(List.of(told));
        return this;
    }

    /** What everything else will tell. */
    public ScriptedUpshifts standing(UpshiftProgress told) {
        standing = told;
        return this;
    }

    public ScriptedUpshifts planning(UpshiftPlan told) {
        plan = told;
        return this;
    }

    /** What was asked for, in order, with who asked and by which token. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** An upshift of gossip, third to drive it n2, in which {@code done} of n1, n2 and srv have come to {@code goal}. */
    public static UpshiftProgress at(UpshiftStage goal, int done) {
        return at(goal, done, UpshiftCourse.FORWARD, Optional.empty(), Map.of());
    }

    public static UpshiftProgress at(
            UpshiftStage goal,
            int done,
            UpshiftCourse course,
            Optional<UpshiftOutcome> outcome,
            Map<String, String> without) {
        TreeMap<String, Stand> members = new TreeMap<>();
        TreeMap<String, String> waitingFor = new TreeMap<>();
        int place = 0;
        for (String name : List.of("n1", "n2", "srv")) {
            boolean isThere = place++ < done;
            boolean isOther = name.equals("srv");
            UpshiftStage stage = isThere || course == UpshiftCourse.BACK ? goal : goal.below();
            members.put(
                    name,
                    new Stand(
                            stage,
                            isOther ? Stand.Ground.TRAFFIC : Stand.Ground.REPORT,
                            isOther ? Optional.empty() : Optional.of(Duration.ofSeconds(75)),
                            isThere ? Optional.empty() : Optional.of("has not answered"),
                            Optional.empty(),
                            isOther && !isThere ? Optional.of(MEND) : Optional.empty()));
            if (!isThere && outcome.isEmpty() && !without.containsKey(name)) {
                waitingFor.put(name, "has not answered");
            }
        }
        UpshiftRecord record = new UpshiftRecord(
                "7f3a",
                UpshiftKind.GOSSIP,
                3,
                "n2",
                5,
                goal,
                outcome.isPresent() ? goal : goal.below(),
                course,
                false,
                false,
                "1c0216e1",
                new TreeSet<>(members.keySet()),
                new TreeMap<>(without),
                new TreeSet<>(),
                new TreeMap<>(Map.of("srv", UpshiftStage.READY)),
                Instant.parse("2026-11-23T02:00:00Z"),
                outcome);
        return new UpshiftProgress(Optional.of(record), outcome.isEmpty(), false, done, members, waitingFor, "");
    }

    /** The same, stepwise: it waits to be told. */
    public static UpshiftProgress waiting(UpshiftProgress progress) {
        return new UpshiftProgress(
                progress.record(), true, true, progress.done(), progress.members(), new TreeMap<>(), progress.text());
    }

    /** One whose outcome is settled, and that all members are being told of. */
    public static UpshiftProgress closing(UpshiftProgress ended) {
        return new UpshiftProgress(
                ended.record(), true, false, ended.done(), ended.members(), ended.waitingFor(), ended.text());
    }

    /** One that is as it was, with this said about it. */
    public static UpshiftProgress saying(UpshiftProgress progress, String text) {
        return new UpshiftProgress(
                progress.record(),
                progress.isUnderWay(),
                progress.isWaitingForNext(),
                progress.done(),
                progress.members(),
                progress.waitingFor(),
                text);
    }

    @Override
    public CompletionStage<UpshiftPlan> plan(UpshiftKind kind) {
        asked.add("plan " + kind);
        return CompletableFuture.completedFuture(plan);
    }

    @Override
    public Source<UpshiftProgress, NotUsed> run(UpshiftRequest request) {
        asked.add("run " + request + " token " + request.token());
        return Source.from(List.copyOf(steps));
    }

    @Override
    public CompletionStage<UpshiftProgress> next(UpshiftRequest request) {
        asked.add("next " + request + " token " + request.token());
        return CompletableFuture.completedFuture(steps.isEmpty() ? standing : steps.remove(0));
    }

    @Override
    public CompletionStage<UpshiftProgress> status(UpshiftKind kind) {
        return isSilent ? new CompletableFuture<>() : answer("status " + kind);
    }

    @Override
    public Optional<UpshiftRecord> last(UpshiftKind kind) {
        return standing.record().filter(record -> record.kind() == kind);
    }

    @Override
    public CompletionStage<UpshiftProgress> abort(UpshiftKind kind, String token) {
        return answer("abort " + kind + " token " + token);
    }

    @Override
    public CompletionStage<UpshiftProgress> without(UpshiftKind kind, Set<String> members, String by, String token) {
        return answer("without " + kind + " " + members + " by " + by + " token " + token);
    }

    @Override
    public CompletionStage<UpshiftProgress> vouch(
            UpshiftKind kind, Set<String> members, UpshiftStage stage, String token) {
        return answer("vouch " + kind + " " + members + " " + stage + " token " + token);
    }

    @Override
    public void authorise(UpshiftAuthority authority) {
        throw new UnsupportedOperationException("not asked for by the API");
    }

    @Override
    public void look(OutsideEvidence evidence) {
        throw new UnsupportedOperationException("not asked for by the API");
    }

    @Override
    public List<Metric> metrics() {
        return figures;
    }

    private CompletionStage<UpshiftProgress> answer(String what) {
        asked.add(what);
        return CompletableFuture.completedFuture(standing);
    }
}
