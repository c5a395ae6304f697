package io.sotto.cluster.upshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.cluster.UpshiftRequest;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftOutcome;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.virtualtime.Recorder;
import io.sotto.wire.crypto.GossipKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of an upshift when those who carry it fail, are killed, or are cut off. */
@DisplayName("an upshift")
class UpshiftFaultsTest {
    private static final long SEED = 42;
    private static final List<String> NAMES = List.of("a", "b", "c");

    @TempDir
    private Path directory;

    private MemoryPool pool;

    @BeforeEach
    void setUp() {
        pool = new MemoryPool(directory, SEED);
        NAMES.forEach(pool::add);
    }

    @AfterEach
    void tearDown() {
        pool.close();
    }

    @ParameterizedTest
    @EnumSource
    void comesToItsEnd(UpshiftKind kind) {
        Recorder<UpshiftProgress> told = pool.run("a", kind);

        pool.until("the end", () -> isOver(told));

        assertThat(outcome(told)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(pool.allAt(kind, UpshiftStage.ENFORCED)).isTrue();
        NAMES.forEach(name -> assertThat(pool.member(name).taken)
                .as(name)
                .containsExactlyElementsOf(
                        kind == UpshiftKind.TLS
                                ? List.of("TLS SENDING", "TLS ENFORCED")
                                : List.of("GOSSIP READY", "GOSSIP SENDING", "GOSSIP ENFORCED")));
    }

    @Test
    void isNotTakenOverByWhoLacksItsKeyWhichOthersHave() {
        pool.run("a", UpshiftKind.GOSSIP);
        pool.until("the journal", () -> Files.exists(directory.resolve("a/gossip.journal")));
        pool.cutOff.add("c");
        pool.until("b to be ready", () -> pool.stage("b", UpshiftKind.GOSSIP) == UpshiftStage.READY);
        pool.kill("a");
        pool.cutOff.clear();

        Recorder<UpshiftProgress> refused = pool.run("c", UpshiftKind.GOSSIP);
        pool.until("an answer", () -> isOver(refused));
        assertThat(outcome(refused)).isEqualTo(UpshiftOutcome.REFUSED);
        assertThat(last(refused).text()).contains("which this node lacks", "run it on one that has it: b");

        pool.start("a");
        Recorder<UpshiftProgress> told = pool.run("b", UpshiftKind.GOSSIP);
        pool.until("the end", () -> isOver(told));
        assertThat(pool.allAt(UpshiftKind.GOSSIP, UpshiftStage.ENFORCED)).isTrue();
    }

    @Test
    void givesEverybodyTheKeyThatItsOperatorNamesAndTellsAllWhoFollow() {
        GossipKey key = GossipKey.parse("AAECAwQFBgcICQoLDA0ODw==");
        Recorder<UpshiftProgress> first = pool.time.recorder();
        pool.driver("a", UpshiftKind.GOSSIP)
                .tell(new Upshift.Run(UpshiftRequest.of(UpshiftKind.GOSSIP).withKey(key), first.ref()));
        pool.until("b to be ready", () -> pool.stage("b", UpshiftKind.GOSSIP) == UpshiftStage.READY);
        Recorder<UpshiftProgress> second = pool.run("a", UpshiftKind.GOSSIP);

        pool.until("the end", () -> isOver(first) && isOver(second));

        assertThat(last(second)).isEqualTo(last(first));
        NAMES.forEach(name -> assertThat(pool.member(name).ring()).containsExactly(key));
    }

    @Test
    void goesOnWhenItsDriverAndItsMembersFailOnEveryMessage() {
        FailsOnEach ofDriver = new FailsOnEach();
        FailsOnEach ofMember = new FailsOnEach();
        pool.member("a").faults = ofDriver;
        pool.member("b").faults = ofMember;

        Recorder<UpshiftProgress> told = pool.run("a", UpshiftKind.GOSSIP);
        pool.until("the end", () -> isOver(told));

        assertThat(outcome(told)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(pool.allAt(UpshiftKind.GOSSIP, UpshiftStage.ENFORCED)).isTrue();
        assertThat(ofDriver.fired)
                .contains(
                        "before Run", "after Run", "before Looked", "after Looked", "before Surveyed", "after Surveyed")
                .contains("before Told", "after Told", "before Ordered", "after Ordered", "before Took", "after Took");
        assertThat(ofMember.fired).contains("before Ordered", "after Ordered", "before Took", "after Took");
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void isToldOfTrulyAndTakenOverWhenItsDriverIsKilled(UpshiftStage stage) {
        pool.run("a", UpshiftKind.GOSSIP);
        pool.until("somebody at " + stage, () -> pool.stage("b", UpshiftKind.GOSSIP) == stage);
        pool.kill("a");

        UpshiftProgress left = pool.status("b", UpshiftKind.GOSSIP);
        assertThat(left.isUnderWay()).isFalse();
        assertThat(left.record().orElseThrow().driver()).isEqualTo("a");
        assertThat(left.record().orElseThrow().outcome()).isEmpty();
        assertThat(left.text()).contains("nobody drives it now");

        Recorder<UpshiftProgress> told = pool.run("b", UpshiftKind.GOSSIP);
        pool.time.run(Duration.ofSeconds(30));
        pool.start("a");
        pool.until("the end", () -> isOver(told));

        assertThat(outcome(told)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(last(told).record().orElseThrow().epoch()).isEqualTo(2);
        assertThat(pool.member("b").counters.takeovers(UpshiftKind.GOSSIP)).isEqualTo(1);
        assertThat(pool.allAt(UpshiftKind.GOSSIP, UpshiftStage.ENFORCED)).isTrue();
        assertThat(pool.member("a").ring()).isEqualTo(pool.member("c").ring());
    }

    @Test
    void isToldOfTrulyByADriverThatHasObeyedAnotherOneMeanwhile() {
        pool.run("a", UpshiftKind.GOSSIP);
        pool.until("somebody is ready", () -> pool.stage("b", UpshiftKind.GOSSIP) == UpshiftStage.READY);
        pool.kill("a");
        pool.run("b", UpshiftKind.GOSSIP);
        pool.time.run(Duration.ofSeconds(30));
        // Whoever asks c waits for it, so that a has no answers yet when the order of b comes.
        pool.cutOff.add("c");
        pool.start("a");
        pool.until(
                "a obeys b",
                () -> pool.member("a")
                        .book
                        .last(UpshiftKind.GOSSIP)
                        .filter(record -> record.driver().equals("b"))
                        .isPresent());

        UpshiftProgress told = pool.status("a", UpshiftKind.GOSSIP);
        assertThat(told.record().orElseThrow().driver()).isEqualTo("b");
        assertThat(told.record().orElseThrow().epoch()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void goesOnFromTheJournalWhenItsDriverComesBack(UpshiftStage stage) {
        pool.run("a", UpshiftKind.GOSSIP);
        pool.until("somebody at " + stage, () -> pool.stage("b", UpshiftKind.GOSSIP) == stage);
        pool.kill("a");
        pool.time.run(Duration.ofMinutes(2));
        pool.start("a");

        pool.until(
                "the end",
                () -> pool.member("c")
                        .book
                        .last(UpshiftKind.GOSSIP)
                        .flatMap(UpshiftRecord::outcome)
                        .isPresent());

        assertThat(pool.allAt(UpshiftKind.GOSSIP, UpshiftStage.ENFORCED)).isTrue();
        assertThat(pool.status("c", UpshiftKind.GOSSIP).record().orElseThrow().outcome())
                .contains(UpshiftOutcome.FINISHED);
        assertThat(directory.resolve("a/gossip.driving")).doesNotExist();
        assertThat(directory.resolve("a/gossip.key")).doesNotExist();
    }

    @Test
    void hasTheKeyThatNobodyGotYetWhenItsDriverComesBack() throws Exception {
        pool.run("a", UpshiftKind.GOSSIP);
        pool.until("the journal", () -> Files.exists(directory.resolve("a/gossip.journal")));
        assertThat(pool.member("a").ring()).isEmpty();
        String journal = Files.readString(directory.resolve("a/gossip.journal"));
        pool.kill("a");
        pool.time.run(Duration.ofSeconds(5));
        assertThat(Files.getPosixFilePermissions(directory.resolve("a/gossip.key")))
                .hasSize(2);
        pool.start("a");

        pool.until("the end", () -> pool.allAt(UpshiftKind.GOSSIP, UpshiftStage.ENFORCED));

        assertThat(journal).contains("key " + pool.member("b").ring().get(0).id());
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void waitsForAMemberThatIsKilledBetweenWritingAndAnswering(UpshiftStage stage) {
        Recorder<UpshiftProgress> told = pool.run("a", UpshiftKind.GOSSIP);
        pool.until("b to have written", () -> pool.member("b").taken.contains("GOSSIP " + stage));
        pool.kill("b");
        pool.time.run(Duration.ofMinutes(3));
        assertThat(isOver(told)).isFalse();
        assertThat(last(told).waitingFor()).containsKey("b");
        assertThat(List.of(pool.stage("a", UpshiftKind.GOSSIP), pool.stage("c", UpshiftKind.GOSSIP)))
                .containsOnly(stage);
        pool.start("b");

        pool.until("the end", () -> isOver(told));

        assertThat(outcome(told)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(pool.allAt(UpshiftKind.GOSSIP, UpshiftStage.ENFORCED)).isTrue();
    }

    @Test
    void calledOffTakesTheKeyAwayFromEverybodyOnceAllAreThere() {
        Recorder<UpshiftProgress> told = pool.run("a", UpshiftKind.GOSSIP);
        pool.until("the journal", () -> Files.exists(directory.resolve("a/gossip.journal")));
        pool.cutOff.add("c");
        pool.until("b to be ready", () -> pool.stage("b", UpshiftKind.GOSSIP) == UpshiftStage.READY);
        UpshiftProgress asked = change("b", UpshiftKind.GOSSIP, new Deed.Abort());
        pool.time.run(Duration.ofMinutes(2));
        assertThat(asked.record().orElseThrow().outcome()).isEmpty();
        pool.cutOff.clear();

        pool.until(
                "the end",
                () -> pool.allAt(UpshiftKind.GOSSIP, UpshiftStage.NONE)
                        && pool.member("c")
                                .book
                                .last(UpshiftKind.GOSSIP)
                                .flatMap(UpshiftRecord::outcome)
                                .isPresent());

        pool.until("a to hear of it", () -> isOver(told));
        assertThat(outcome(told)).isEqualTo(UpshiftOutcome.TAKEN_OVER);
        NAMES.forEach(name -> assertThat(pool.member(name)
                        .book
                        .last(UpshiftKind.GOSSIP)
                        .orElseThrow()
                        .outcome())
                .as(name)
                .contains(UpshiftOutcome.UNDONE));
    }

    @Test
    void thatSecuresCallsGoesBackToPlainOnesAndLeavesCertificatesWhereTheyAre() {
        pool.cutOff.add("c");
        pool.run("a", UpshiftKind.TLS);
        pool.time.run(Duration.ofSeconds(1));
        change("a", UpshiftKind.TLS, new Deed.Without(Set.of("c"), "ann"));
        pool.until("b to send", () -> pool.stage("b", UpshiftKind.TLS) == UpshiftStage.SENDING);
        change("a", UpshiftKind.TLS, new Deed.Abort());
        pool.cutOff.clear();

        pool.until(
                "the end",
                () -> pool.member("b")
                        .book
                        .last(UpshiftKind.TLS)
                        .flatMap(UpshiftRecord::outcome)
                        .isPresent());

        assertThat(pool.allAt(UpshiftKind.TLS, UpshiftStage.READY)).isTrue();
    }

    @Test
    void thatGoesStepwiseWaitsAfterEachStage() {
        for (UpshiftStage stage : List.of(UpshiftStage.READY, UpshiftStage.SENDING, UpshiftStage.ENFORCED)) {
            Recorder<UpshiftProgress> told = pool.time.recorder();
            pool.driver("a", UpshiftKind.GOSSIP)
                    .tell(new Upshift.Next(UpshiftRequest.of(UpshiftKind.GOSSIP), told.ref()));
            pool.time.run(Duration.ofMinutes(5));
            assertThat(told.all()).hasSize(1);
            assertThat(pool.allAt(UpshiftKind.GOSSIP, stage)).as("%s", stage).isTrue();
        }
    }

    @Test
    void isRefusedWhereSomebodyTakesNoTls() {
        pool.bare.add("c");

        Recorder<UpshiftProgress> told = pool.run("a", UpshiftKind.GOSSIP);
        pool.until("the end", () -> isOver(told));

        assertThat(outcome(told)).isEqualTo(UpshiftOutcome.REFUSED);
        assertThat(last(told).text()).contains("upshift tls");
        assertThat(pool.allAt(UpshiftKind.GOSSIP, UpshiftStage.NONE)).isTrue();
    }

    private UpshiftProgress change(String name, UpshiftKind kind, Deed deed) {
        Recorder<UpshiftProgress> told = pool.time.recorder();
        pool.driver(name, kind).tell(new Upshift.Change(deed, "", told.ref()));
        pool.until("an answer", () -> !told.all().isEmpty());
        return told.all().get(0);
    }

    private static boolean isOver(Recorder<UpshiftProgress> told) {
        return !told.all().isEmpty() && !last(told).isUnderWay();
    }

    private static UpshiftOutcome outcome(Recorder<UpshiftProgress> told) {
        return last(told).record().flatMap(UpshiftRecord::outcome).orElseThrow();
    }

    private static UpshiftProgress last(Recorder<UpshiftProgress> told) {
        return told.all().get(told.all().size() - 1);
    }
}
