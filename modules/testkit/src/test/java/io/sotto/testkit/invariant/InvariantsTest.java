package io.sotto.testkit.invariant;

import static io.sotto.testkit.invariant.History.BOUNDS;
import static io.sotto.testkit.invariant.History.at;
import static io.sotto.testkit.invariant.History.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Claims;
import io.sotto.membership.SerfStatus;
import io.sotto.testkit.invariant.Disturbances.Kind;
import io.sotto.wire.NodeState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each invariant bites a history that breaks it, and lets the lawful one beside it pass. */
class InvariantsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Disturbances disturbances = new Disturbances();

    private static Tally tally(long... counts) {
        return new Tally(
                counts[0],
                counts[1],
                counts[2],
                counts[3],
                counts[4],
                counts[5],
                counts[6],
                counts[7],
                address -> 0,
                name -> Optional.of(new Object()));
    }

    @Test
    void theDeadDoNotComeBackWithTheIncarnationThatTheyDiedWith() {
        History history = History.of(new NoResurrection(BOUNDS), "a", "b");
        history.after(SECOND).put("a", record("b", NodeState.DEAD, 1)).look();
        history.after(SECOND).put("a", record("b", NodeState.ALIVE, 2)).look();
        assertThat(history.violations()).isEmpty();
        history.after(SECOND).put("a", record("b", NodeState.SUSPECT, 2)).look();
        history.after(SECOND).put("a", record("b", NodeState.ALIVE, 2)).look();
        assertThat(history.violations())
                .containsExactly("at 4.0 s: no resurrection without a higher incarnation: a#1 sees b: "
                        + "SUSPECT(2) ALIVE at 10.0.0.98:7946 -> ALIVE(2) ALIVE at 10.0.0.98:7946");
    }

    @Test
    void whoWasForgottenMayComeBackAsItWas() {
        History history = History.of(new NoResurrection(BOUNDS), "a", "b");
        history.after(SECOND).put("a", record("b", NodeState.DEAD, 1)).look();
        history.after(SECOND)
                .put("a", History.forgottenByThePool(record("b", NodeState.DEAD, 1)))
                .look();
        history.after(SECOND).put("a", record("b", NodeState.ALIVE, 1)).look();
        assertThat(history.violations()).isEmpty();
    }

    @Test
    void incarnationsDoNotGoBack() {
        History history = History.of(new MonotoneIncarnations(), "a", "b");
        history.after(SECOND)
                .put("b", record("b", NodeState.ALIVE, 3))
                .put("a", record("b", NodeState.ALIVE, 3))
                .look();
        assertThat(history.violations()).isEmpty();
        history.after(SECOND).put("a", record("b", NodeState.SUSPECT, 2)).look();
        assertThat(history.violations()).hasSize(1);
    }

    @Test
    void nobodyRaisesTheIncarnationOfAnother() {
        History history = History.of(new MonotoneIncarnations(), "a", "b");
        history.after(SECOND).put("a", record("b", NodeState.ALIVE, 2)).look();
        assertThat(history.violations()).singleElement().asString().contains("has never gone above 1");
    }

    @Test
    void aMemberThatNeverWasIsNoticed() {
        History history = History.of(new MonotoneIncarnations(), "a", "b");
        history.after(SECOND).put("a", record("c", NodeState.ALIVE, 1)).look();
        assertThat(history.violations()).singleElement().asString().contains("there never was such a member");
    }

    @Test
    void theAddressOfALivingMemberStays() {
        History history = History.of(new OneIdentity(BOUNDS), "a", "b");
        history.after(SECOND).put("a", record("b", NodeState.LEFT, 1)).look();
        history.after(SECOND)
                .put("a", History.at(record("b", NodeState.ALIVE, 1), "x"))
                .look();
        assertThat(history.violations()).isEmpty();
        history.after(SECOND)
                .put("a", History.at(record("b", NodeState.ALIVE, 2), "y"))
                .look();
        assertThat(history.violations()).hasSize(1);
    }

    @Test
    void twoLivingMembersDoNotShareAnAddress() {
        History history = History.of(new OneIdentity(BOUNDS), "a", "b");
        history.after(SECOND)
                .put("a", History.at(record("c", NodeState.ALIVE, 1), "b"))
                .look();
        assertThat(history.violations()).singleElement().asString().endsWith("where b lives");
    }

    @Test
    void aQueueHoldsOneClaimForEachPieceOfNews() {
        History history = History.of(new BoundedQueues(BOUNDS), "a", "b", "c").after(MINUTE);
        history.put("a", record("b", NodeState.SUSPECT, 1))
                .put("a", record("c", NodeState.ALIVE, 2))
                .queued("a", 2, 0)
                .look();
        assertThat(history.violations()).isEmpty();
        history.queued("a", 3, 0).look();
        assertThat(history.violations())
                .singleElement()
                .asString()
                .endsWith("a#1 has 3 claims queued, but only 2 are news");
    }

    @Test
    void whoHasRefutedMaySayItAgainThoughItIsNoNews() {
        History history = History.of(new BoundedQueues(BOUNDS), "a", "b")
                .put("a", record("a", NodeState.ALIVE, 2))
                .put("a", record("b", NodeState.ALIVE, 2))
                .look()
                .after(MINUTE)
                .put("a", record("b", NodeState.ALIVE, 3))
                .queued("a", 2, 0)
                .look();
        assertThat(history.violations()).isEmpty();
        history.queued("a", 3, 0).look();
        assertThat(history.violations())
                .singleElement()
                .asString()
                .endsWith("a#1 has 3 claims queued, but only 2 are news");
    }

    @Test
    void intentsWaitWithinTheirBound() {
        History history = History.of(new BoundedQueues(BOUNDS), "a", "b")
                .queued("a", 0, 4_097)
                .look();
        assertThat(history.violations()).singleElement().asString().endsWith("a#1 has 4097 intents of 4096");
    }

    @Test
    void noMessageIsSentMoreOftenThanTheLimit() {
        History history = History.of(new BoundedTransmissions(BOUNDS), "a", "b", "c");
        history.count("a", tally(10, 40, 1, 4, 0, 0, 0, 0));
        assertThat(history.violations()).isEmpty();
        history.count("a", tally(10, 41, 1, 4, 0, 0, 0, 0));
        assertThat(history.violations()).hasSize(1);
    }

    @Test
    void aQueueThatNobodyAddsToEmpties() {
        History history =
                History.of(new BoundedTransmissions(BOUNDS), "a", "b", "c").queued("a", 1, 0);
        Tally tally = tally(1, 1, 0, 0, 0, 0, 0, 0);
        history.look().count("a", tally);
        history.after(SECOND).look().count("a", tally);
        assertThat(history.violations()).isEmpty();
        history.after(SECOND).look().count("a", tally);
        assertThat(history.violations()).singleElement().asString().contains("still has 1 messages queued");
    }

    @Test
    void anActorThatFailsIsNoticed() {
        History history = History.of(new BoundedTransmissions(BOUNDS), "a");
        history.count("a", tally(0, 0, 0, 0, 0, 0, 0, 1));
        assertThat(history.violations()).singleElement().asString().contains("actors that failed");
    }

    @Test
    void theDeadAreRememberedForTheirTime() {
        History history = History.of(new Remembered(BOUNDS), "a", "b", "c");
        history.after(SECOND)
                .put("a", record("b", NodeState.DEAD, 1))
                .put("a", record("c", NodeState.DEAD, 1))
                .look();
        history.after(MINUTE)
                .put("a", History.forgottenByThePool(record("b", NodeState.DEAD, 1)))
                .look();
        assertThat(history.violations()).isEmpty();
        history.forget("a", "c").look();
        assertThat(history.violations())
                .singleElement()
                .asString()
                .contains("sees c")
                .endsWith("after PT1M");
    }

    @Test
    void theLivingAreNotForgotten() {
        History history = History.of(new Remembered(BOUNDS), "a", "b");
        history.after(Duration.ofDays(3)).forget("a", "b").look();
        assertThat(history.violations()).isNotEmpty();
    }

    @Test
    void aLamportClockIsAboveWhatItHasWitnessed() {
        History history = History.of(new LamportOrder(), "a", "b");
        history.put("a", record("b", NodeState.ALIVE, 1, SerfStatus.ALIVE, 9)).look();
        assertThat(history.violations()).isEmpty();
        history.put("a", record("b", NodeState.ALIVE, 1, SerfStatus.ALIVE, 10)).look();
        assertThat(history.violations()).singleElement().asString().endsWith("and its own clock is at 10");
    }

    @Test
    void aLamportClockDoesNotGoBack() {
        History history = History.of(new LamportOrder(), "a", "b").clock("a", 9).look();
        assertThat(history.violations()).singleElement().asString().endsWith("went back from 10 to 9");
    }

    @Test
    void anOlderIntentDoesNotReplaceANewerOne() {
        History history = History.of(new LamportOrder(), "a", "b");
        history.put("a", record("b", NodeState.ALIVE, 1, SerfStatus.ALIVE, 5)).look();
        history.put("a", record("b", NodeState.ALIVE, 1, SerfStatus.LEAVING, 4)).look();
        assertThat(history.violations()).singleElement().asString().endsWith("goes back from time 5 to 4");
    }

    @Test
    void whoIsHealthyIsNotSuspectedThoughOneLinkIsCut() {
        History history = History.of(new CausedAccusations(BOUNDS, disturbances), "a", "b", "c", "d", "e");
        history.after(MINUTE);
        disturbances.beginLink("a", "b", history.now());
        history.after(MINUTE).put("a", record("b", NodeState.SUSPECT, 1)).look();
        assertThat(history.violations()).singleElement().asString().contains("it was accused, and nothing was amiss");
    }

    @Test
    void noProbeIsInVainThoughOneLinkIsCut() {
        History history = History.of(new CausedAccusations(BOUNDS, disturbances), "a", "b", "c", "d", "e");
        history.after(MINUTE);
        disturbances.beginLink("a", "b", history.now());
        disturbances.beginLink("c", "d", history.now());
        history.after(MINUTE).look().count("a", tally(0, 0, 0, 0, 0, 0, 0, 0));
        assertThat(history.violations()).isEmpty();
        history.after(SECOND).look().count("a", tally(0, 0, 0, 0, 0, 1, 0, 0));
        assertThat(history.violations()).singleElement().asString().contains("a#1 has probed in vain");
    }

    @Test
    void aProbeOfTheAddressThatASecondBearerOfANameHadIsInVain() {
        History history = History.of(new CausedAccusations(BOUNDS, disturbances), "a", "b", "c");
        history.after(MINUTE).look().count("a", tally(0, 0, 0, 0, 0, 0, 0, 0));
        history.after(MINUTE).put("a", at(record("b", NodeState.ALIVE, 1), "x"));
        history.after(MINUTE).look().count("a", tally(0, 0, 0, 0, 0, 1, 0, 0));
        assertThat(history.violations()).as("b lives, and nobody is at x").isEmpty();
        history.after(SECOND).count("c", tally(0, 0, 0, 0, 0, 1, 0, 0));
        assertThat(history.violations()).singleElement().asString().contains("c#3 has probed in vain");
    }

    @Test
    void aCutFromAllHelpersIsACause() {
        History history = History.of(new CausedAccusations(BOUNDS, disturbances), "a", "b", "c", "d", "e");
        history.after(MINUTE);
        for (String other : new String[] {"a", "c", "d"}) {
            disturbances.beginLink("b", other, history.now());
        }
        disturbances.beginLink("b", "e", history.now());
        history.after(MINUTE).put("a", record("b", NodeState.SUSPECT, 1)).look();
        assertThat(history.violations()).isEmpty();
    }

    @Test
    void thePauseOfAnAccuserIsACauseForAWhile() {
        History history = History.of(new CausedAccusations(BOUNDS, disturbances), "a", "b", "c", "d", "e");
        history.after(MINUTE);
        disturbances.begin("c", Kind.PAUSED, history.now());
        disturbances.end("c", Kind.PAUSED, history.now().plusSeconds(5));
        history.after(Duration.ofSeconds(6))
                .put("a", record("b", NodeState.SUSPECT, 1))
                .look();
        assertThat(history.violations()).isEmpty();
        history.after(MINUTE).put("a", record("d", NodeState.SUSPECT, 1)).look();
        assertThat(history.violations()).singleElement().asString().contains("sees d");
    }

    @Test
    void whoIsHealthyIsNotReportedFailed() {
        History history = History.of(new CausedAccusations(BOUNDS, disturbances), "a", "b", "c");
        history.after(MINUTE);
        disturbances.begin("b", Kind.PAUSED, history.now());
        disturbances.end("b", Kind.PAUSED, history.now().plusSeconds(1));
        history.after(SECOND).put("a", record("b", NodeState.SUSPECT, 1)).look();
        history.after(MINUTE).put("a", record("b", NodeState.DEAD, 1)).look();
        assertThat(history.violations()).singleElement().asString().contains("it failed, and nothing was amiss");
    }

    @Test
    void whatAMemberSaysOfItselfSpreads() {
        History history = History.of(new RefutationsSpread(BOUNDS, disturbances), "a", "b", "c", "d");
        history.after(MINUTE).put("b", record("b", NodeState.ALIVE, 2)).look();
        history.put("a", record("b", NodeState.ALIVE, 2)).put("c", record("b", NodeState.ALIVE, 2));
        history.after(MINUTE).look();
        assertThat(history.violations()).isEmpty();
        history.put("b", record("b", NodeState.ALIVE, 3)).put("a", record("b", NodeState.ALIVE, 3));
        history.look().after(MINUTE).look();
        assertThat(history.violations()).singleElement().asString().contains("only 1 know, and 2 do not");
    }

    @Test
    void aDeathNeedsASuspicionThatHadItsTime() {
        History history = History.of(new DeathsTakeTime(BOUNDS, disturbances), "a", "b", "c");
        history.after(MINUTE).put("a", record("b", NodeState.SUSPECT, 1)).look();
        history.after(Duration.ofSeconds(4))
                .put("a", record("b", NodeState.DEAD, 1))
                .look();
        history.after(SECOND).put("c", record("b", NodeState.DEAD, 1)).look();
        assertThat(history.violations()).isEmpty();
        history.after(MINUTE).put("a", record("c", NodeState.SUSPECT, 1)).look();
        history.after(SECOND).put("a", record("c", NodeState.DEAD, 1)).look();
        assertThat(history.violations()).singleElement().asString().contains("sees c");
    }

    @Test
    void aDeathThatIsOldNewsIsOnlyASuspicion() {
        History history = History.of(new DeathsTakeTime(BOUNDS, disturbances), "a", "b", "c");
        history.after(MINUTE).put("a", record("b", NodeState.SUSPECT, 1)).look();
        history.after(MINUTE).put("a", record("b", NodeState.DEAD, 1)).look();
        history.after(MINUTE).put("c", record("b", NodeState.DEAD, 1)).look();
        assertThat(history.violations()).singleElement().asString().contains("c#3 sees b");
    }

    @Test
    void onlyWhereClaimsAreGuardedMayAToldDeathWaitForAPing() {
        assertThat(violationsOfADeathHeardAfter(Duration.ofMillis(2_500), Claims.GUARDED))
                .isEmpty();
        assertThat(violationsOfADeathHeardAfter(Duration.ofMillis(2_500), Claims.UPSTREAM))
                .singleElement()
                .asString()
                .contains("c#3 sees b");
        assertThat(violationsOfADeathHeardAfter(Duration.ofMillis(1_500), Claims.UPSTREAM))
                .isEmpty();
    }

    /** One declares a death after a suspicion of a minute, another so much later, who had no suspicion. */
    private List<String> violationsOfADeathHeardAfter(Duration later, Claims claims) {
        History history = History.of(new DeathsTakeTime(History.bounds(claims), disturbances), "a", "b", "c");
        history.after(MINUTE).put("a", record("b", NodeState.SUSPECT, 1)).look();
        history.after(MINUTE).put("a", record("b", NodeState.DEAD, 1)).look();
        history.after(later).put("c", record("b", NodeState.DEAD, 1)).look();
        return history.violations();
    }

    @Test
    void whoStopsIsFoundOutInTime() {
        History history = History.of(new TimelyDetection(BOUNDS, disturbances), "a", "b", "c");
        history.after(MINUTE).stop("b");
        disturbances.begin("b", Kind.STOPPED, history.now());
        history.look();
        history.after(Duration.ofSeconds(10))
                .put("a", record("b", NodeState.DEAD, 1))
                .look();
        assertThat(history.violations()).isEmpty();
        history.after(MINUTE).look();
        assertThat(history.violations())
                .singleElement()
                .asString()
                .contains("c#3 takes b at 10.0.0.98:7946 for running");
    }

    @Test
    void onlyWhoLeavesIsSaidTo() {
        History history = History.of(new TrueLeaves(), "a", "b", "c");
        history.after(SECOND)
                .put("b", record("b", NodeState.LEFT, 1))
                .put("a", record("b", NodeState.LEFT, 1))
                .look();
        assertThat(history.violations()).isEmpty();
        history.after(SECOND).put("a", record("c", NodeState.LEFT, 1)).look();
        assertThat(history.violations()).singleElement().asString().endsWith("but it never left");
    }

    @Test
    void whoLeavesInPeaceIsNotSaidToHaveFailed() {
        TrueLeaves leaves = new TrueLeaves();
        History history = History.of(leaves, "a", "b", "c", "d", "e");
        history.after(SECOND).put("b", record("b", NodeState.LEFT, 1)).look();
        history.after(SECOND).stop("b");
        history.put("a", record("b", NodeState.DEAD, 1)).put("c", record("b", NodeState.DEAD, 1));
        history.look();
        assertThat(leaves.objections(Set.of("b"), history.moment())).isEmpty();
        history.after(SECOND).put("d", record("b", NodeState.DEAD, 1)).look();
        assertThat(leaves.objections(Set.of(), history.moment())).isEmpty();
        assertThat(leaves.objections(Set.of("b"), history.moment()))
                .singleElement()
                .asString()
                .startsWith("3 processes said that b");
    }

    @Test
    void whoLeftIsSentNothing() {
        History history = History.of(new SilenceToTheGone(BOUNDS, disturbances), "a", "b", "c");
        history.after(MINUTE).stop("b");
        history.put("a", record("b", NodeState.LEFT, 1)).put("c", record("b", NodeState.LEFT, 1));
        history.look().count("a", sent(7)).after(SECOND).look().count("a", sent(9));
        history.after(MINUTE).look().count("a", sent(9));
        history.after(SECOND).look().count("a", sent(9));
        assertThat(history.violations()).isEmpty();
        history.after(SECOND).look().count("a", sent(10));
        assertThat(history.violations()).singleElement().asString().contains("a#1 has sent 1 datagrams to b");
    }

    private static Tally sent(long packets) {
        return new Tally(0, 0, 0, 0, 0, 0, 0, 0, address -> packets, name -> Optional.empty());
    }

    @Test
    void calmIsDisturbedByAMemberThatIsNotProbed() {
        History history = History.of(new Calm(BOUNDS), "a", "b").after(SECOND);
        history.look().count("a", answered("one")).after(MINUTE).look().count("a", answered("two"));
        assertThat(history.violations()).isEmpty();
        history.count("b", answered("three")).after(MINUTE).look().count("b", answered("three"));
        assertThat(history.violations()).singleElement().asString().contains("b#2 has had no answer of a");
    }

    private static Tally answered(String answer) {
        return new Tally(0, 0, 0, 0, 0, 0, 0, 0, address -> 0, name -> Optional.of(answer));
    }

    @Test
    void calmIsDisturbedByAChangeAndByAProbeInVain() {
        History history = History.of(new Calm(BOUNDS), "a", "b").after(SECOND);
        history.count("a", tally(0, 0, 0, 0, 3, 0, 0, 0)).look();
        assertThat(history.violations()).isEmpty();
        history.count("a", tally(0, 0, 0, 0, 4, 0, 0, 0));
        assertThat(history.violations()).singleElement().asString().contains("has probed somebody in vain");
        history.put("a", record("b", NodeState.SUSPECT, 1)).look();
        assertThat(history.violations()).hasSize(2);
    }
}
