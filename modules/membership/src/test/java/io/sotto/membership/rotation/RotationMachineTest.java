package io.sotto.membership.rotation;

import static io.sotto.membership.rotation.ModelPool.OLD;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RotationMachineTest {
    private static final String NEW = "00000010";

    private final ModelPool pool = new ModelPool(new SplittableRandom(1), "a", "b", "c");

    @Test
    void allMembersEndWithTheNewKeyAloneByTheStepsInTheirOrder() {
        RotationProgress end = pool.start().finish();

        assertThat(end.outcome()).contains(RotationOutcome.FINISHED);
        assertThat(pool.told)
                .containsExactly(
                        "LIST", "INSTALL " + NEW, "LIST", "USE " + NEW, "LIST", "LIST", "REMOVE " + OLD, "LIST");
        assertThat(pool.members.values()).allMatch(member -> member.ring.equals(List.of(NEW)));
        assertThat(pool.journal).as("nothing is left to resume").isEmpty();
    }

    @Test
    void theOldKeyIsKeptForTheTimeOfGrace() {
        pool.start().until(RotationPhase.WAITING);
        Instant confirmed = pool.now;

        pool.until(RotationPhase.REMOVING);

        assertThat(Duration.between(confirmed, pool.now)).isGreaterThanOrEqualTo(ModelPool.GRACE);
    }

    @Test
    void everyStepIsTold() {
        pool.start().finish();

        assertThat(pool.progress.stream().map(RotationProgress::phase).distinct())
                .containsExactly(
                        RotationPhase.SURVEYING,
                        RotationPhase.MAKING,
                        RotationPhase.INSTALLING,
                        RotationPhase.CHECKING,
                        RotationPhase.USING,
                        RotationPhase.CONFIRMING,
                        RotationPhase.WAITING,
                        RotationPhase.REMOVING,
                        RotationPhase.CLEARING,
                        RotationPhase.DONE);
    }

    @Test
    void aMemberThatIsAwayIsNamedAndTheOldKeyStaysInUseUntilItReturns() {
        pool.member("c").isReachable = false;
        pool.start().pass(Duration.ofMinutes(10));

        assertThat(pool.machine.progress().waitingFor()).isEqualTo(Map.of("c", "is away"));
        assertThat(pool.member("a").ring).containsExactly(OLD, NEW);
        assertThat(pool.member("c").ring).containsExactly(OLD);

        pool.member("c").isReachable = true;
        assertThat(pool.finish().outcome()).contains(RotationOutcome.FINISHED);
        assertThat(pool.member("c").ring).containsExactly(NEW);
    }

    @Test
    void aMemberThatGoesAwayOnceItHasTheNewKeyKeepsOnlyTheOldOneFromBeingRemoved() {
        pool.start().until(RotationPhase.WAITING);
        pool.member("c").isReachable = false;
        pool.pass(Duration.ofMinutes(10));

        assertThat(pool.machine.progress().waitingFor()).isEqualTo(Map.of("c", "is away"));
        assertThat(pool.member("a").ring).containsExactly(NEW, OLD);

        pool.member("c").isReachable = true;
        assertThat(pool.finish().outcome()).contains(RotationOutcome.FINISHED);
        assertThat(pool.member("c").ring).containsExactly(NEW);
    }

    @Test
    void theOperatorCanGoOnWithoutAMemberByName() {
        pool.member("c").isReachable = false;
        pool.start().pass(Duration.ofMinutes(2));
        pool.confirmed.add("c");

        pool.carryOut(pool.machine.without(Set.of("c", "nobody"), pool.present(), pool.now));

        assertThat(pool.finish().outcome()).contains(RotationOutcome.FINISHED);
        assertThat(pool.member("a").ring).containsExactly(NEW);
        assertThat(pool.member("c").ring).containsExactly(OLD);
    }

    @Test
    void aMemberThatLeftDoesNotCount() {
        pool.member("c").isReachable = false;
        pool.start().pass(Duration.ofMinutes(2));
        pool.member("c").hasLeft = true;

        assertThat(pool.finish().outcome()).contains(RotationOutcome.FINISHED);
    }

    @Test
    void aMemberThatIsThereAndRefusesIsNamedWithItsReasonAndCannotBePassedOver() {
        pool.member("c").refusal = "disk full";
        pool.start().pass(Duration.ofMinutes(2));
        pool.carryOut(pool.machine.without(Set.of("c"), pool.present(), pool.now));
        pool.pass(Duration.ofMinutes(2));

        assertThat(pool.machine.progress().waitingFor()).isEqualTo(Map.of("c", "lacks the key: disk full"));
        assertThat(pool.member("a").ring).as("the new key is not used").containsExactly(OLD, NEW);

        pool.member("c").refusal = "";
        assertThat(pool.finish().outcome()).contains(RotationOutcome.FINISHED);
    }

    @Test
    void whoJoinsWhileTheKeyIsInstalledGetsItBeforeItIsUsed() {
        pool.start().until(RotationPhase.CHECKING);
        pool.members.put("d", new ModelPool.Member(OLD));

        assertThat(pool.finish().outcome()).contains(RotationOutcome.FINISHED);
        assertThat(pool.member("d").ring).containsExactly(NEW);
    }

    @Test
    void whoJoinsWithTheOldKeyOnceTheNewOneIsInUseIsRescued() {
        pool.start().until(RotationPhase.WAITING);
        pool.members.put("d", new ModelPool.Member(OLD));

        assertThat(pool.finish().outcome()).contains(RotationOutcome.FINISHED);
        assertThat(pool.told).contains("USE " + OLD);
        assertThat(pool.member("d").ring).containsExactly(NEW);
    }

    @ParameterizedTest
    @EnumSource(
            value = RotationPhase.class,
            names = {"MAKING", "INSTALLING", "CHECKING", "USING", "CONFIRMING", "WAITING", "REMOVING", "CLEARING"})
    void aDriverThatDiesInAnyPhaseGoesOnInItsNextLife(RotationPhase phase) {
        pool.start().until(phase);
        do {
            pool.step();
        } while (!pool.driver().ring.contains(NEW));
        pool.restart("a", "b");

        assertThat(pool.finish().outcome()).contains(RotationOutcome.FINISHED);
        assertThat(pool.members.values()).allMatch(member -> member.ring.equals(List.of(NEW)));
    }

    @Test
    void aDriverThatDiesBeforeTheKeyIsOnItsRingHasBegunNothing() {
        pool.start().until(RotationPhase.MAKING);
        while (pool.journal.isEmpty()) {
            pool.step();
        }
        pool.restart("a", "b", "c");

        assertThat(pool.finish().outcome()).contains(RotationOutcome.ABORTED);
        assertThat(pool.members.values()).allMatch(member -> member.ring.equals(List.of(OLD)));
    }

    @Test
    void whoWasExpectedBeforeADriverDiedIsWaitedForInItsNextLife() {
        pool.start().until(RotationPhase.CHECKING);
        pool.step();
        RotationRecord record =
                RotationJournal.parse(pool.journal.orElseThrow()).orElseThrow();
        RotationMachine alone = RotationMachine.of(RotationRules.defaults(), record);
        Attendance onlySelf = Attendance.of(Set.of("a"), Set.of(), Set.of());

        alone.resume(Set.of(OLD, NEW), onlySelf, pool.now);
        RingAnswer own = new RingAnswer(true, "", List.of(OLD, NEW), Optional.of(OLD));
        List<RotationEffect> effects = alone.on(new RingReport(Map.of("a", own), Optional.empty()), onlySelf, pool.now);

        assertThat(effects).noneMatch(effect -> effect.kind() == RotationEffect.Kind.RUN);
        assertThat(alone.progress().waitingFor()).isEqualTo(Map.of("b", "is away", "c", "is away"));
    }

    @Test
    void aRotationWhoseKeyIsNotOnTheOwnRingCannotGoOn() {
        pool.start().until(RotationPhase.CHECKING);
        pool.driver().ring.remove(NEW);
        pool.restart("a", "b", "c");

        assertThat(pool.finish().outcome()).contains(RotationOutcome.FAILED);
        assertThat(pool.told).doesNotContain("USE " + NEW);
    }

    @Test
    void callingItOffBeforeTheKeyIsUsedTakesItAwayAgain() {
        pool.start().until(RotationPhase.CHECKING);
        pool.carryOut(pool.machine.abort(pool.present(), pool.now));

        assertThat(pool.finish().outcome()).contains(RotationOutcome.ABORTED);
        assertThat(pool.told).doesNotContain("USE " + NEW, "USE " + OLD);
        assertThat(pool.members.values()).allMatch(member -> member.ring.equals(List.of(OLD)));
    }

    @Test
    void callingItOffOnceTheKeyIsUsedGoesBackToTheOldKeyFirst() {
        pool.start().until(RotationPhase.WAITING);
        pool.carryOut(pool.machine.abort(pool.present(), pool.now));

        assertThat(pool.finish().outcome()).contains(RotationOutcome.ABORTED);
        assertThat(pool.told).contains("USE " + OLD, "REMOVE " + NEW);
        assertThat(pool.members.values()).allMatch(member -> member.ring.equals(List.of(OLD)));
    }

    @Test
    void aMemberThatIsAwayDoesNotKeepAnUnusedKeyFromBeingTakenBackButAUsedOne() {
        pool.member("c").isReachable = false;
        pool.start().pass(Duration.ofMinutes(2));
        pool.carryOut(pool.machine.abort(pool.present(), pool.now));
        assertThat(pool.finish().outcome()).contains(RotationOutcome.ABORTED);

        ModelPool other = new ModelPool(new SplittableRandom(1), "a", "b", "c");
        other.start().until(RotationPhase.WAITING);
        other.member("c").isReachable = false;
        other.carryOut(other.machine.abort(other.present(), other.now));
        other.pass(Duration.ofMinutes(10));
        assertThat(other.member("a").ring).as("c seals with the new key").containsExactly(OLD, NEW);

        other.member("c").isReachable = true;
        assertThat(other.finish().outcome()).contains(RotationOutcome.ABORTED);
        assertThat(other.member("c").ring).containsExactly(OLD);
    }

    @Test
    void itIsTooLateToCallItOffWhileOldKeysAreRemoved() {
        pool.start().until(RotationPhase.REMOVING);
        pool.carryOut(pool.machine.abort(pool.present(), pool.now));

        assertThat(pool.finish().outcome()).contains(RotationOutcome.ABORTED);
        assertThat(pool.members.values()).allMatch(member -> member.primary().equals(NEW));
    }

    @Test
    void aPoolWhoseRingsDifferIsLeftAlone() {
        pool.member("b").ring.add("12345678");

        assertThat(pool.start().finish().outcome()).contains(RotationOutcome.REFUSED);
        assertThat(pool.told).containsExactly("LIST");
    }

    @Test
    void whatIsLeftOfAnotherRotationIsMendedWhenAskedTo() {
        pool.member("b").ring.add(0, "12345678");
        pool.members.values().stream()
                .filter(member -> !member.ring.contains("12345678"))
                .forEach(member -> member.ring.add("12345678"));
        pool.machine =
                RotationMachine.of(RotationRules.defaults(), RotationCause.ASKED, RotationMachine.Beginning.ANY, OLD);

        assertThat(pool.start().finish().outcome()).contains(RotationOutcome.FINISHED);
        assertThat(pool.members.values()).allMatch(member -> member.ring.equals(List.of(NEW)));
    }

    @Test
    void ofTwoThatBeganTogetherTheOneWithTheHigherKeyGivesWay() {
        pool.start().until(RotationPhase.INSTALLING);
        pool.members.values().forEach(member -> member.ring.add("00000001"));

        assertThat(pool.finish().outcome()).contains(RotationOutcome.ABORTED);
        assertThat(pool.members.values()).allMatch(member -> member.ring.equals(List.of(OLD, "00000001")));
    }

    @Test
    void ofTwoThatBeganTogetherTheOneWithTheLowerKeyGoesOnAndLeavesTheOther() {
        pool.start().until(RotationPhase.INSTALLING);
        pool.members.values().forEach(member -> member.ring.add("f0000001"));

        assertThat(pool.finish().outcome()).contains(RotationOutcome.FINISHED);
        assertThat(pool.members.values())
                .allMatch(member ->
                        member.ring.equals(List.of("f0000001", NEW)) || member.ring.equals(List.of(NEW, "f0000001")));
        assertThat(pool.members.values()).allMatch(member -> member.primary().equals(NEW));
    }

    @Test
    void aRotationInForceGivesWayToAPrimaryThatCameLater() {
        pool.start().until(RotationPhase.WAITING);
        pool.members.values().forEach(member -> member.ring.add(0, "f0000001"));

        assertThat(pool.finish().outcome()).contains(RotationOutcome.SUPERSEDED);
        assertThat(pool.told).doesNotContain("REMOVE " + OLD);
    }

    @Test
    void whatIsRefusedAtTheBeginningEndsItWithTheReason() {
        RotationMachine machine =
                RotationMachine.of(RotationRules.defaults(), RotationCause.AGE, RotationMachine.Beginning.SETTLED, OLD);
        machine.start(pool.present(), pool.now);

        List<RotationEffect> effects = machine.on(
                new RingReport(Map.of(), Optional.of("keyring operations need encrypt_verify_outgoing")),
                pool.present(),
                pool.now);

        RotationProgress end = ((RotationEffect.End) effects.get(0)).progress();
        assertThat(end.outcome()).contains(RotationOutcome.REFUSED);
        assertThat(end.text()).isEqualTo("keyring operations need encrypt_verify_outgoing");
    }
}
