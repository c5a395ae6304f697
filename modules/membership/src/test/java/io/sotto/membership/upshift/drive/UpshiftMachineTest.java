package io.sotto.membership.upshift.drive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the driver of an upshift does, over a model cluster that checks at each change that nobody is cut off. */
class UpshiftMachineTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final ModelCluster cluster = new ModelCluster(new SplittableRandom(1), "a", "b", "c");

    @AfterEach
    void nobodyWasCutOff() {
        assertThat(cluster.violation).as("%s", cluster.log).isEmpty();
    }

    @Test
    void allMembersClimbStageByStage() {
        ModelDriver driver = cluster.begin("a", false);

        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(orders())
                .containsExactly(
                        "READY of [a, b, c]", "SENDING of [a, b, c]", "ENFORCED of [a, b, c]", "ENFORCED of [a, b, c]");
        assertThat(all()).containsOnly(UpshiftStage.ENFORCED);
        assertThat(cluster.member("c").held.flatMap(UpshiftRecord::outcome))
                .as("everybody can tell how it ended")
                .contains(UpshiftOutcome.FINISHED);
        assertThat(cluster.member("a").journal).as("nothing is left to resume").isEmpty();
    }

    @Test
    void plaintextIsRefusedOnlyAfterATimeInWhichNobodyTookAnyIn() {
        ModelDriver driver = cluster.begin("a", false);
        until(driver, record -> record.confirmed() == UpshiftStage.SENDING);
        cluster.member("b").lastInsecure = Optional.of(cluster.now.plusSeconds(5));
        cluster.pass(ModelCluster.RULES.quiet());

        assertThat(all()).containsOnly(UpshiftStage.SENDING);
        cluster.pass(Duration.ofSeconds(3));
        assertThat(driver.machine.progress().waitingFor().get("b")).contains("took in what is not secured");
        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(Duration.between(cluster.member("b").lastInsecure.orElseThrow(), cluster.now))
                .isGreaterThanOrEqualTo(ModelCluster.RULES.quiet());
    }

    @Test
    void aMemberThatIsAwayIsNamedAndWaitedForBeforeAnythingBegins() {
        cluster.kill("c");
        cluster.pass(Duration.ofSeconds(10));
        ModelDriver driver = cluster.begin("a", false);
        cluster.pass(LONG);

        assertThat(driver.machine.progress().waitingFor()).isEqualTo(Map.of("c", "is away"));
        assertThat(all()).containsOnly(UpshiftStage.NONE);

        cluster.restart("c", true);
        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.FINISHED);
    }

    @Test
    void whileItIsNotKnownWhereSomebodyIsTheOthersKnowOfItAndAnyoneGoesOnWithIt() {
        cluster.kill("c");
        cluster.pass(Duration.ofSeconds(10));
        ModelDriver first = cluster.begin("a", false);
        cluster.pass(Duration.ofSeconds(10));
        String id = first.machine.record().id();
        assertThat(cluster.member("b").held.map(UpshiftRecord::id)).contains(id);

        cluster.kill("a");
        cluster.restart("a", true);
        ModelDriver second = last();
        assertThat(second).as("its next life goes on").isNotSameAs(first);
        cluster.pass(Duration.ofSeconds(20));
        assertThat(second.machine.progress().waitingFor()).isEqualTo(Map.of("c", "is away"));

        ModelDriver third = cluster.begin("b", false);
        cluster.restart("c", true);
        assertThat(finished(third)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(third.machine.record().id()).isEqualTo(id);
        assertThat(third.machine.record().epoch()).isEqualTo(2);
        assertThat(second.outcome()).isEqualTo(UpshiftOutcome.TAKEN_OVER);
    }

    @Test
    void calledOffWhileItIsNotKnownWhereSomebodyIsItMovesNobodyAndTellsWhoKnowsOfIt() {
        cluster.member("b").stage = UpshiftStage.READY;
        cluster.kill("c");
        cluster.pass(Duration.ofSeconds(10));
        ModelDriver driver = cluster.begin("a", false);
        cluster.pass(Duration.ofSeconds(10));
        cluster.tell(driver, "abort", present -> driver.machine.abort(present, cluster.now));

        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.UNDONE);
        assertThat(cluster.member("b").stage).isEqualTo(UpshiftStage.READY);
        assertThat(cluster.member("b").held.flatMap(UpshiftRecord::outcome)).contains(UpshiftOutcome.UNDONE);
    }

    @Test
    void takenOverAndCalledOffBeforeItWasKnownWhereAllAreNobodyIsTakenDown() {
        cluster.members.values().forEach(member -> member.stage = UpshiftStage.ENFORCED);
        cluster.kill("c");
        cluster.pass(Duration.ofSeconds(10));
        cluster.begin("a", false);
        cluster.pass(Duration.ofSeconds(10));
        ModelDriver other = cluster.begin("b", false);
        cluster.tell(other, "abort", present -> other.machine.abort(present, cluster.now));
        cluster.pass(Duration.ofSeconds(10));
        cluster.restart("c", true);

        assertThat(finished(other)).isEqualTo(UpshiftOutcome.UNDONE);
        assertThat(other.machine.record().epoch()).isEqualTo(2);
        assertThat(all()).containsOnly(UpshiftStage.ENFORCED);
    }

    @Test
    void aMemberThatGoesAwayInAStageIsWaitedForAndTheOthersStayItsNeighbours() {
        ModelDriver driver = cluster.begin("a", false);
        until(driver, record -> record.goal() == UpshiftStage.READY);
        cluster.kill("c");
        cluster.pass(LONG);

        assertThat(driver.machine.record().goal()).isEqualTo(UpshiftStage.READY);
        assertThat(driver.machine.progress().done()).isEqualTo(2);
        cluster.restart("c", false);
        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.FINISHED);
    }

    @Test
    void theOperatorCanLeaveOutByNameWhoIsAwayAndThatIsWrittenDown() {
        cluster.kill("c");
        cluster.pass(Duration.ofSeconds(10));
        ModelDriver driver = cluster.begin("a", false);
        cluster.pass(Duration.ofSeconds(30));
        cluster.without(driver, "c");

        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.FINISHED);
        UpshiftRecord held = cluster.member("b").held.orElseThrow();
        assertThat(held.without().get("c")).startsWith("by ann at 2030-");
        assertThat(cluster.member("c").stage).isEqualTo(UpshiftStage.NONE);
    }

    @Test
    void whoWasLeftOutAndReturnsIsBroughtUpAndCountsAgain() {
        cluster.kill("c");
        cluster.pass(Duration.ofSeconds(10));
        ModelDriver driver = cluster.begin("a", false);
        cluster.pass(Duration.ofSeconds(30));
        cluster.without(driver, "c");
        until(driver, record -> record.confirmed() == UpshiftStage.SENDING);
        cluster.restart("c", true);

        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(orders()).contains("READY of [c]", "SENDING of [c]");
        assertThat(all()).containsOnly(UpshiftStage.ENFORCED);
        assertThat(driver.machine.record().without()).isEmpty();
    }

    @Test
    void whoAnswersIsNotLeftOut() {
        ModelDriver driver = cluster.begin("a", false);
        cluster.pass(Duration.ofSeconds(3));
        cluster.without(driver, "c");

        assertThat(driver.machine.progress().text()).contains("c: answers");
        assertThat(driver.machine.record().without()).isEmpty();
    }

    @Test
    void whoLeavesDoesNotCount() {
        cluster.kill("c");
        cluster.pass(Duration.ofSeconds(10));
        ModelDriver driver = cluster.begin("a", false);
        cluster.pass(Duration.ofSeconds(30));
        cluster.member("c").hasLeft = true;

        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.FINISHED);
    }

    @Test
    void whoJoinsBehindTheOthersIsBroughtUpStageByStageBeforeAnythingGoesOn() {
        ModelDriver driver = cluster.begin("a", false);
        until(driver, record -> record.confirmed() == UpshiftStage.SENDING);
        cluster.join("d", UpshiftStage.NONE);
        cluster.pass(Duration.ofSeconds(5));

        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(orders())
                .containsSubsequence("READY of [d]", "SENDING of [d]", "ENFORCED of [a, b, c, d]")
                .doesNotContain("ENFORCED of [a, b, c]");
    }

    @Test
    void whoLostItsDiskIsBroughtUpAgain() {
        ModelDriver driver = cluster.begin("a", false);
        until(driver, record -> record.confirmed() == UpshiftStage.SENDING);
        cluster.kill("b");
        cluster.restart("b", false);

        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(all()).containsOnly(UpshiftStage.ENFORCED);
    }

    @Test
    void itBeginsWhereTheMembersAre() {
        cluster.members.values().forEach(member -> member.stage = UpshiftStage.SENDING);

        assertThat(finished(cluster.begin("a", false))).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(orders()).containsExactly("ENFORCED of [a, b, c]", "ENFORCED of [a, b, c]");
    }

    @Test
    void whoIsFurtherBehindThanANeighbourIsBroughtUpWithoutMovingTheOthers() {
        cluster.member("a").stage = UpshiftStage.ENFORCED;
        cluster.member("b").stage = UpshiftStage.ENFORCED;
        cluster.member("c").isApart = true;

        assertThat(finished(cluster.begin("a", false))).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(orders())
                .containsExactly("READY of [c]", "SENDING of [c]", "ENFORCED of [c]", "ENFORCED of [a, b, c]");
    }

    @Test
    void aMemberThatRefusesIsNamedWithItsReason() {
        cluster.member("c").refusal = "disk full";
        ModelDriver driver = cluster.begin("a", false);
        cluster.pass(Duration.ofMinutes(1));

        assertThat(driver.machine.progress().waitingFor())
                .isEqualTo(Map.of("c", "is at none, not at ready (disk full)"));
        assertThat(cluster.member("a").stage).isEqualTo(UpshiftStage.READY);
    }

    @Test
    void aGateThatWouldCutAMemberOffOpensOnlyByForceAndSaysWithoutWhom() {
        cluster.member("c").refusal = "disk full";
        ModelDriver driver = cluster.begin("a", false);
        cluster.pass(Duration.ofMinutes(1));
        cluster.member("c").isApart = true;
        cluster.tell(driver, "force", present -> driver.machine.force("ann", present, cluster.now));

        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(driver.machine.record().without().get("c")).startsWith("by force of ann at 2030-");
        assertThat(driver.machine.record().forced()).containsExactly("c");
        assertThat(all()).contains(UpshiftStage.NONE, UpshiftStage.ENFORCED);
    }

    @Test
    void whoWasLeftOutByForceWhileItWasThereCountsAgainOnceItHasCaughtUp() {
        cluster.member("c").refusal = "disk full";
        ModelDriver driver = cluster.begin("a", true);
        cluster.tell(driver, "next", present -> driver.machine.next(present, cluster.now));
        cluster.pass(Duration.ofMinutes(1));
        cluster.tell(driver, "force", present -> driver.machine.force("ann", present, cluster.now));
        cluster.pass(Duration.ofMinutes(2));
        assertThat(driver.machine.progress().isWaitingForNext()).isTrue();
        cluster.member("c").stage = UpshiftStage.READY;
        cluster.pass(Duration.ofMinutes(1));

        assertThat(driver.machine.record().without()).isEmpty();
        assertThat(driver.machine.record().forced()).isEmpty();
    }

    @Test
    void forceDoesNotWaitForSilenceAndLeavesNobodyOut() {
        ModelDriver driver = cluster.begin("a", false);
        until(driver, record -> record.confirmed() == UpshiftStage.SENDING);
        cluster.member("b").lastInsecure = Optional.of(cluster.now.plus(LONG));
        cluster.pass(Duration.ofMinutes(1));
        assertThat(all()).containsOnly(UpshiftStage.SENDING);
        cluster.tell(driver, "force", present -> driver.machine.force("ann", present, cluster.now));

        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(driver.machine.record().without()).isEmpty();
        assertThat(all()).containsOnly(UpshiftStage.ENFORCED);
    }

    @Test
    void stepwiseItStopsAfterEachStageUntilItIsToldToGoOn() {
        ModelDriver driver = cluster.begin("a", true);
        for (UpshiftStage stage : List.of(UpshiftStage.NONE, UpshiftStage.READY, UpshiftStage.SENDING)) {
            cluster.pass(LONG);
            assertThat(driver.machine.progress().isWaitingForNext()).isTrue();
            assertThat(all()).containsOnly(stage);
            cluster.tell(driver, "next", present -> driver.machine.next(present, cluster.now));
        }

        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.FINISHED);
    }

    @Test
    void whatIsStepwiseCanBeToldToRunToTheEnd() {
        ModelDriver driver = cluster.begin("a", true);
        cluster.pass(LONG);
        cluster.tell(driver, "run", present -> driver.machine.run(present, cluster.now));

        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.FINISHED);
    }

    @Test
    void aStepwiseOneThatWaitsStillBringsUpWhoJoins() {
        ModelDriver driver = cluster.begin("a", true);
        cluster.tell(driver, "next", present -> driver.machine.next(present, cluster.now));
        cluster.pass(LONG);
        cluster.join("d", UpshiftStage.NONE);
        cluster.pass(LONG);

        assertThat(cluster.member("d").stage).isEqualTo(UpshiftStage.READY);
        assertThat(driver.machine.progress().isWaitingForNext()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void calledOffAllGoBackToTheLastStageThatAllHadConfirmed(UpshiftStage goal) {
        ModelDriver driver = cluster.begin("a", false);
        until(driver, record -> record.goal() == goal && record.revision() > 0);
        cluster.pass(Duration.ofSeconds(1));
        UpshiftStage confirmed = driver.machine.record().confirmed();
        cluster.tell(driver, "abort", present -> driver.machine.abort(present, cluster.now));
        cluster.tell(driver, "abort", present -> driver.machine.abort(present, cluster.now));

        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.UNDONE);
        assertThat(all()).containsOnly(confirmed);
        assertThat(driver.machine.record().confirmed()).isEqualTo(confirmed);
    }

    @Test
    void calledOffBeforeAnythingWasOrderedNothingIsDone() {
        ModelDriver driver = cluster.begin("a", false);
        cluster.tell(driver, "abort", present -> driver.machine.abort(present, cluster.now));

        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.UNDONE);
        assertThat(orders()).isEmpty();
        assertThat(driver.end.map(UpshiftProgress::text)).contains("none was under way");
    }

    @Test
    void calledOffItWaitsForWhoIsAwayAndTheOthersGoBackAtOnce() {
        ModelDriver driver = cluster.begin("a", false);
        until(driver, record -> record.goal() == UpshiftStage.SENDING);
        cluster.pass(Duration.ofMillis(2_500));
        assertThat(all()).containsOnly(UpshiftStage.SENDING);
        cluster.kill("c");
        cluster.pass(Duration.ofSeconds(10));
        cluster.tell(driver, "abort", present -> driver.machine.abort(present, cluster.now));
        cluster.pass(LONG);

        assertThat(driver.machine.progress().waitingFor()).isEqualTo(Map.of("c", "is away"));
        assertThat(cluster.member("a").stage).isEqualTo(driver.machine.record().confirmed());
        cluster.restart("c", true);
        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.UNDONE);
        assertThat(all()).containsOnly(driver.machine.record().confirmed());
    }

    @Test
    void onceItHasEndedItIsTooLateToCallItOff() {
        ModelDriver driver = cluster.begin("a", false);
        finished(driver);
        List<UpshiftEffect> effects = driver.machine.abort(cluster.present(driver.node), cluster.now);

        assertThat(effects)
                .singleElement()
                .isInstanceOfSatisfying(
                        UpshiftEffect.Tell.class,
                        tell -> assertThat(tell.progress().text()).contains("ended already: FINISHED"));
        assertThat(all()).containsOnly(UpshiftStage.ENFORCED);
    }

    @Test
    void afterItWasCalledOffAnotherOneCanBegin() {
        ModelDriver driver = cluster.begin("a", false);
        until(driver, record -> record.goal() == UpshiftStage.SENDING);
        cluster.tell(driver, "abort", present -> driver.machine.abort(present, cluster.now));
        finished(driver);

        ModelDriver second = cluster.begin("b", false);
        assertThat(finished(second)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(second.machine.record().began())
                .isAfter(driver.machine.record().began());
        assertThat(second.machine.record().epoch()).isEqualTo(1);
    }

    @Test
    void aDriverThatDiedGoesOnFromItsJournal() {
        ModelDriver first = cluster.begin("a", false);
        until(first, record -> record.goal() == UpshiftStage.SENDING);
        cluster.kill("a");
        cluster.restart("a", true);
        ModelDriver second = last();

        assertThat(second).isNotSameAs(first);
        assertThat(finished(second)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(second.machine.record().epoch()).isEqualTo(1);
        assertThat(second.machine.record().id())
                .isEqualTo(first.machine.record().id());
    }

    @Test
    void anotherMemberTakesOverInTheNextEpochAndTheFirstDriverStops() {
        ModelDriver first = cluster.begin("a", false);
        until(first, record -> record.goal() == UpshiftStage.SENDING);
        ModelDriver second = cluster.begin("b", false);

        assertThat(finished(second)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(finished(first)).isEqualTo(UpshiftOutcome.TAKEN_OVER);
        assertThat(first.end.map(UpshiftProgress::text).orElse("")).contains("b drives it now, in epoch 2");
        assertThat(second.machine.record().id())
                .isEqualTo(first.machine.record().id());
        assertThat(second.machine.record().epoch()).isEqualTo(2);
    }

    @Test
    void aDriverThatComesBackToAnUpshiftThatWasTakenOverStops() {
        ModelDriver first = cluster.begin("a", false);
        until(first, record -> record.goal() == UpshiftStage.SENDING);
        cluster.kill("a");
        cluster.pass(Duration.ofSeconds(5));
        ModelDriver second = cluster.begin("b", false);
        cluster.pass(Duration.ofMinutes(1));
        assertThat(second.machine.progress().waitingFor()).containsKey("a");
        cluster.restart("a", true);
        ModelDriver third = last();

        assertThat(finished(third)).isEqualTo(UpshiftOutcome.TAKEN_OVER);
        assertThat(finished(second)).isEqualTo(UpshiftOutcome.FINISHED);
    }

    @Test
    void ofTwoThatTakeOverAtOnceOneGoesOn() {
        ModelDriver first = cluster.begin("a", false);
        until(first, record -> record.goal() == UpshiftStage.SENDING);
        cluster.kill("a");
        cluster.restart("a", true);
        ModelDriver second = cluster.begin("b", false);
        ModelDriver third = cluster.begin("c", false);
        cluster.pass(LONG);

        assertThat(List.of(second.outcome(), third.outcome()))
                .containsExactlyInAnyOrder(UpshiftOutcome.FINISHED, UpshiftOutcome.TAKEN_OVER);
        assertThat(all()).containsOnly(UpshiftStage.ENFORCED);
    }

    @Test
    void ofTwoThatBeginAtOnceOneGoesOn() {
        ModelDriver first = cluster.begin("a", false);
        ModelDriver second = cluster.begin("b", false);
        cluster.pass(LONG);

        assertThat(List.of(first.outcome(), second.outcome()))
                .containsExactlyInAnyOrder(UpshiftOutcome.FINISHED, UpshiftOutcome.TAKEN_OVER);
        assertThat(all()).containsOnly(UpshiftStage.ENFORCED);
    }

    @Test
    void anAgentOfAnotherKindIsWaitedForUntilItsTrafficShowsTheStage() {
        cluster.member("c").isForeign = true;
        ModelDriver driver = cluster.begin("a", false);
        for (UpshiftStage stage : List.of(UpshiftStage.READY, UpshiftStage.SENDING, UpshiftStage.ENFORCED)) {
            cluster.pass(Duration.ofMinutes(2));
            assertThat(driver.machine.progress().waitingFor()).containsOnlyKeys("c");
            assertThat(driver.machine.progress().members())
                    .hasEntrySatisfying("c", stand -> assertThat(stand.mend()).contains("change its file"));
            assertThat(cluster.member("a").stage).isEqualTo(stage);
            cluster.member("c").stage = stage;
        }

        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(cluster.log).noneMatch(line -> line.contains("orders") && line.contains("c]"));
    }

    @Test
    void anOperatorVouchesForWhatCannotBeSeen() {
        cluster.member("c").isForeign = true;
        ModelDriver driver = cluster.begin("a", false);
        cluster.pass(Duration.ofMinutes(1));
        cluster.tell(
                driver,
                "vouch",
                present -> driver.machine.vouch(Set.of("c"), UpshiftStage.ENFORCED, present, cluster.now));
        cluster.member("c").isApart = true;

        assertThat(finished(driver)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(driver.machine.record().vouched()).isEqualTo(Map.of("c", UpshiftStage.ENFORCED));
        assertThat(driver.machine.progress().members())
                .hasEntrySatisfying("c", stand -> assertThat(stand.ground()).isEqualTo(Stand.Ground.VOUCHED));
    }

    @Test
    void nobodyVouchesForAMemberThatSpeaksForItself() {
        cluster.member("c").refusal = "disk full";
        ModelDriver driver = cluster.begin("a", false);
        cluster.pass(Duration.ofMinutes(1));
        cluster.tell(
                driver,
                "vouch",
                present -> driver.machine.vouch(Set.of("c"), UpshiftStage.ENFORCED, present, cluster.now));
        cluster.pass(Duration.ofMinutes(1));

        assertThat(driver.machine.progress().waitingFor()).containsOnlyKeys("c");
        assertThat(driver.machine.record().confirmed()).isEqualTo(UpshiftStage.NONE);
    }

    private UpshiftOutcome finished(ModelDriver driver) {
        assertThat(cluster.finish(driver, LONG)).as("%s", cluster.log).isTrue();
        return driver.outcome();
    }

    private void until(ModelDriver driver, Predicate<UpshiftRecord> reached) {
        for (int i = 0; i < 100_000 && !reached.test(driver.machine.record()); i++) {
            cluster.pass(Duration.ofMillis(10));
        }
        assertThat(driver.machine.record()).matches(reached);
    }

    private ModelDriver last() {
        return cluster.drivers.get(cluster.drivers.size() - 1);
    }

    private List<UpshiftStage> all() {
        return cluster.members.values().stream().map(member -> member.stage).toList();
    }

    private List<String> orders() {
        return cluster.log.stream()
                .filter(line -> line.contains(" orders "))
                .map(line -> line.replaceAll(".* orders (.*) by revision.*", "$1"))
                .toList();
    }
}
