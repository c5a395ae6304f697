package io.sotto.cluster.upshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.cluster.UpshiftRequest;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftOutcome;
import io.sotto.membership.upshift.drive.UpshiftPlan;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.virtualtime.Recorder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an upshift while a member replaces the key of the pool. */
@DisplayName("beside a rotation, an upshift")
class BesideRotationTest {
    private static final long SEED = 44;

    @TempDir
    private Path directory;

    private MemoryPool pool;

    @BeforeEach
    void setUp() {
        pool = new MemoryPool(directory, SEED);
        List.of("a", "b", "c").forEach(pool::add);
    }

    @AfterEach
    void tearDown() {
        pool.close();
    }

    @Test
    void ofGossipIsRefusedWhoeverDrivesTheRotationUntilThatIsOver() {
        for (String driver : List.of("a", "b")) {
            pool.member(driver).rotation = Optional.of(new MemberReport.Rotating("1c0216e1"));
            for (UpshiftRequest request : List.of(
                    UpshiftRequest.of(UpshiftKind.GOSSIP),
                    UpshiftRequest.of(UpshiftKind.GOSSIP).withForce())) {
                Recorder<UpshiftProgress> told = pool.time.recorder();
                pool.driver("a", UpshiftKind.GOSSIP).tell(new Upshift.Run(request, told.ref()));
                pool.until("an answer", () -> isOver(told));

                assertThat(outcome(told)).isEqualTo(UpshiftOutcome.REFUSED);
                assertThat(last(told).text())
                        .isEqualTo(
                                "a rotation to key 1c0216e1 is under way, driven by " + driver + ": wait for its end");
            }
            pool.member(driver).rotation = Optional.empty();
        }
        assertThat(pool.allAt(UpshiftKind.GOSSIP, UpshiftStage.NONE)).isTrue();
        assertThat(directory.resolve("a/gossip.journal")).doesNotExist();
        assertThat(directory.resolve("a/gossip.driving")).doesNotExist();

        Recorder<UpshiftProgress> told = pool.run("a", UpshiftKind.GOSSIP);
        pool.until("the end", () -> isOver(told));
        assertThat(outcome(told)).isEqualTo(UpshiftOutcome.FINISHED);
    }

    @Test
    void ofGossipHasItInItsPlanAlsoBeforeThereIsAKey() {
        pool.member("b").rotation = Optional.of(new MemberReport.Rotating(""));
        Recorder<UpshiftPlan> plan = pool.time.recorder();
        pool.driver("a", UpshiftKind.GOSSIP).tell(new Upshift.Plan(plan.ref()));
        pool.until("a plan", () -> !plan.all().isEmpty());

        assertThat(plan.all().get(0).obstacles())
                .containsEntry("", "a rotation is under way, driven by b: wait for its end");
    }

    @Test
    void ofCallsIsNotConcerned() {
        pool.member("b").rotation = Optional.of(new MemberReport.Rotating("1c0216e1"));

        Recorder<UpshiftProgress> told = pool.run("a", UpshiftKind.TLS);
        pool.until("the end", () -> isOver(told));

        assertThat(outcome(told)).isEqualTo(UpshiftOutcome.FINISHED);
    }

    @Test
    void thatIsUnderWayCanStillBeTakenOver() {
        pool.run("a", UpshiftKind.GOSSIP);
        pool.until("b to be ready", () -> pool.stage("b", UpshiftKind.GOSSIP) == UpshiftStage.READY);
        pool.kill("a");
        pool.member("c").rotation = Optional.of(new MemberReport.Rotating("1c0216e1"));

        Recorder<UpshiftProgress> told = pool.run("b", UpshiftKind.GOSSIP);
        pool.time.run(Duration.ofSeconds(30));
        pool.start("a");
        pool.until("the end", () -> isOver(told));

        assertThat(outcome(told)).isEqualTo(UpshiftOutcome.FINISHED);
    }

    private static boolean isOver(Recorder<UpshiftProgress> told) {
        return !told.all().isEmpty() && !last(told).isUnderWay();
    }

    private static UpshiftProgress last(Recorder<UpshiftProgress> told) {
        return told.all().get(told.all().size() - 1);
    }

    private static UpshiftOutcome outcome(Recorder<UpshiftProgress> told) {
        return last(told).record().flatMap(UpshiftRecord::outcome).orElseThrow();
    }
}
