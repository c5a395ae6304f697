package io.sotto.membership.upshift.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.rotation.Attendance;
import io.sotto.membership.upshift.drive.Stand.Ground;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What counts as evidence, message by message. */
class UpshiftEvidenceTest {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final UpshiftRules RULES = UpshiftRules.defaults();
    private static final Attendance ALL = Attendance.of(List.of("a", "b"), List.of(), List.of());
    private static final UpshiftRecord FRESH = UpshiftRecord.fresh("f1", UpshiftKind.GOSSIP, "a", "key", false, START);

    private final UpshiftMachine machine = UpshiftMachine.begin(RULES, FRESH, Optional.empty(), Set.of("key"));

    @Test
    void whatIsOrderedWasWrittenDownBefore() {
        long question = asked(machine.start(ALL, START));
        List<UpshiftEffect> effects = survey(question, both(Ground.REPORT), ALL);

        assertThat(effects)
                .extracting(UpshiftEffect::kind)
                .containsSubsequence(UpshiftEffect.Kind.PERSIST, UpshiftEffect.Kind.ORDER);
        UpshiftEffect.Order order = ordered(effects).orElseThrow();
        assertThat(effects).contains(new UpshiftEffect.Persist(order.record()));
        assertThat(order.record().goal()).isEqualTo(UpshiftStage.READY);
        assertThat(order.record().expected()).containsExactly("a", "b");
    }

    @Test
    void answersToAnOlderQuestionAreLeftAside() {
        long first = asked(machine.start(ALL, START));

        assertThat(survey(first - 1, both(Ground.REPORT), ALL)).isEmpty();
        assertThat(survey(first + 1, both(Ground.REPORT), ALL)).isEmpty();
        assertThat(ordered(survey(first, both(Ground.REPORT), ALL))).isPresent();
        assertThat(survey(first, both(Ground.REPORT), ALL))
                .as("the same answers again")
                .isEmpty();
    }

    @Test
    void answersThatTookTooLongAreAskedForAgain() {
        long question = asked(machine.start(ALL, START));
        Instant late = START.plus(RULES.fresh()).plusMillis(1);
        List<UpshiftEffect> effects = machine.surveyed(question, both(Ground.REPORT), Map.of(), ALL, late);

        assertThat(effects).containsExactly(new UpshiftEffect.Ask(question + 1));
    }

    @Test
    void whoJoinedWhileItWasAskedStopsTheStage() {
        long question = asked(machine.start(ALL, START));
        Attendance more = Attendance.of(List.of("a", "b", "new"), List.of(), List.of());
        List<UpshiftEffect> effects = survey(question, both(Ground.REPORT), more);

        movesNobody(effects);
        String untold = "has not taken the record of it";
        assertThat(machine.progress().waitingFor())
                .isEqualTo(Map.of("a", untold, "b", untold, "new", "does not answer"));
    }

    @Test
    void whoFailedWhileItWasAskedStopsTheStageThoughItAnswered() {
        long question = asked(machine.start(ALL, START));
        List<UpshiftEffect> effects =
                survey(question, both(Ground.REPORT), Attendance.of(List.of("a"), List.of("b"), List.of()));

        assertThat(ordered(effects)).isEmpty();
        assertThat(machine.progress().waitingFor()).isEqualTo(Map.of("b", "answers, and is taken for failed"));
    }

    @Test
    void whoIsBehindAndNotHeardInTheGossipIsBroughtUpAllTheSameAndNoGateOpensMeanwhile() {
        Attendance apart = Attendance.of(List.of("a"), List.of("b"), List.of());
        long question = asked(machine.start(apart, START));
        Map<String, Stand> stands = new TreeMap<>(
                Map.of("a", stand(UpshiftStage.SENDING, Ground.REPORT), "b", stand(UpshiftStage.NONE, Ground.REPORT)));
        UpshiftEffect.Order order = ordered(survey(question, stands, apart)).orElseThrow();
        assertThat(order.members()).containsExactly("b");
        assertThat(order.stage()).isEqualTo(UpshiftStage.READY);

        long next = asked(machine.ordered(order.question(), Map.of("b", OrderAnswer.taken()), apart, START));
        stands.put("b", stand(UpshiftStage.READY, Ground.REPORT));
        assertThat(ordered(survey(next, stands, apart))).isEmpty();
        assertThat(machine.progress().waitingFor()).isEqualTo(Map.of("b", "answers, and is taken for failed"));
    }

    @Test
    void whatDidNotProveWhoItIsFromCountsForNothing() {
        long question = asked(machine.start(ALL, START));
        Map<String, Stand> forged = both(Ground.REPORT);
        forged.put("b", stand(UpshiftStage.ENFORCED, Ground.UNKNOWN));

        movesNobody(survey(question, forged, ALL));
        assertThat(machine.progress().waitingFor())
                .isEqualTo(Map.of("a", "has not taken the record of it", "b", "does not answer"));
    }

    @Test
    void whatSomebodyElseVouchedForCountsForNothing() {
        long question = asked(machine.start(ALL, START));
        Map<String, Stand> forged = both(Ground.REPORT);
        forged.put("b", stand(UpshiftStage.ENFORCED, Ground.VOUCHED));

        movesNobody(survey(question, forged, ALL));
    }

    @Test
    void trafficDoesNotSpeakForAMemberThatReports() {
        long question = asked(machine.start(ALL, START));
        Map<String, Stand> onlyA = both(Ground.REPORT);
        Attendance more = Attendance.of(List.of("a", "b", "new"), List.of(), List.of());
        UpshiftEffect.Order told = ordered(survey(question, onlyA, more)).orElseThrow();
        long next = asked(machine.ordered(told.question(), Map.of("a", OrderAnswer.taken()), ALL, START));
        Map<String, Stand> seen = both(Ground.REPORT);
        seen.put("b", stand(UpshiftStage.ENFORCED, Ground.TRAFFIC));

        movesNobody(survey(next, seen, ALL));
        assertThat(machine.progress().waitingFor()).containsOnlyKeys("b");
    }

    @Test
    void aNeedThatIsSeenOnlyOnceAllAnswerEndsItAndThoseWhoKnowOfItAreTold() {
        long question = asked(machine.start(ALL, START));
        Map<String, Stand> stands = both(Ground.REPORT);
        stands.remove("b");
        UpshiftEffect.Order told = ordered(survey(question, stands, ALL)).orElseThrow();
        long next = asked(machine.ordered(told.question(), Map.of("a", OrderAnswer.taken()), ALL, START));
        stands.put(
                "b",
                new Stand(
                        UpshiftStage.NONE,
                        Ground.REPORT,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(UpshiftKind.TLS),
                        Optional.empty()));
        UpshiftEffect.Order end = ordered(survey(next, stands, ALL)).orElseThrow();
        machine.ordered(end.question(), Map.of("a", OrderAnswer.taken(), "b", OrderAnswer.taken()), ALL, START);

        assertThat(end.record().outcome()).contains(UpshiftOutcome.REFUSED);
        assertThat(end.members()).containsExactly("a", "b");
        assertThat(machine.isOver()).isTrue();
        assertThat(machine.progress().text()).isEqualTo("upshift tls comes first, for b");
    }

    @Test
    void whoRefusesTheRecordWhileSomebodyIsUnknownIsWaitedForByName() {
        long question = asked(machine.start(ALL, START));
        Map<String, Stand> stands = both(Ground.REPORT);
        Attendance more = Attendance.of(List.of("a", "b", "new"), List.of(), List.of());
        UpshiftEffect.Order told = ordered(survey(question, stands, more)).orElseThrow();
        Map<String, OrderAnswer> answers =
                Map.of("a", OrderAnswer.taken(), "b", OrderAnswer.refused("no token", Optional.empty()));
        long next = asked(machine.ordered(told.question(), answers, more, START));
        survey(next, stands, more);

        assertThat(machine.progress().waitingFor())
                .isEqualTo(Map.of("b", "has not taken the record of it (no token)", "new", "does not answer"));
    }

    @Test
    void whatElseIsUnderWayEndsOneThatHasMovedNobodyAndNoOther() {
        long question = asked(machine.start(ALL, START));
        Map<String, Stand> stands = both(Ground.REPORT);
        stands.remove("b");
        survey(question, stands, ALL);
        UpshiftEffect.Order end =
                ordered(machine.hindered("a rotation is under way", ALL, START)).orElseThrow();
        assertThat(end.record().outcome()).contains(UpshiftOutcome.REFUSED);
        machine.ordered(end.question(), Map.of("a", OrderAnswer.taken()), ALL, START);
        assertThat(machine.progress().text()).isEqualTo("a rotation is under way");

        UpshiftMachine moving = UpshiftMachine.begin(RULES, FRESH, Optional.empty(), Set.of("key"));
        UpshiftEffect.Order first = ordered(moving.surveyed(
                        asked(moving.start(ALL, START)), both(Ground.REPORT), Map.of(), ALL, START.plusSeconds(2)))
                .orElseThrow();
        assertThat(first.stage()).isEqualTo(UpshiftStage.READY);
        assertThat(moving.hindered("a rotation is under way", ALL, START)).isEmpty();
    }

    @Test
    void aForgedRecordOfCompletionDoesNotEndIt() {
        long question = asked(machine.start(ALL, START));
        UpshiftRecord forged = claimed("f0", 9, START.minusSeconds(9), Optional.of(UpshiftOutcome.FINISHED));
        List<UpshiftEffect> effects = machine.surveyed(question, both(Ground.REPORT), Map.of("b", forged), ALL, START);

        assertThat(ordered(effects).orElseThrow().stage()).isEqualTo(UpshiftStage.READY);
        assertThat(machine.record().confirmed()).isEqualTo(UpshiftStage.NONE);
    }

    @Test
    void aForgedRecordThatIsTakenOverBringsNoExclusionNoVouchingAndNoStage() {
        long question = asked(machine.start(ALL, START));
        UpshiftRecord forged = claimed("f0", 9, START.minusSeconds(9), Optional.empty());
        long again = asked(machine.surveyed(question, both(Ground.REPORT), Map.of("b", forged), ALL, START));
        Attendance more = Attendance.of(List.of("a", "b"), List.of("victim"), List.of());
        UpshiftEffect.Order fence =
                ordered(survey(again, both(Ground.REPORT), more)).orElseThrow();

        assertThat(fence.record().isFencing()).as("it moves nobody").isTrue();
        assertThat(fence.record().epoch()).isEqualTo(10);
        assertThat(fence.record().without()).isEmpty();
        assertThat(fence.record().vouched()).isEmpty();
        assertThat(fence.record().course()).isEqualTo(UpshiftCourse.FORWARD);
        long last = asked(machine.ordered(
                fence.question(), Map.of("a", OrderAnswer.taken(), "b", OrderAnswer.taken()), more, START));
        assertThat(ordered(survey(last, both(Ground.REPORT), more))).isEmpty();
        assertThat(machine.progress().waitingFor()).isEqualTo(Map.of("victim", "is away"));
    }

    @Test
    void whatThisNodeWasToldItselfIsTrustedWhenItTakesOver() {
        UpshiftRecord own = claimed("f0", 3, START.minusSeconds(9), Optional.empty());
        UpshiftMachine taking = UpshiftMachine.begin(RULES, FRESH, Optional.of(own), Set.of("key"));

        assertThat(taking.record().without()).containsKey("victim");
        assertThat(taking.record().epoch()).isEqualTo(4);
        assertThat(taking.record().driver()).isEqualTo("a");
    }

    @Test
    void aRecordFromFarAheadOrOfAnImpossibleEpochIsLeftAside() {
        long question = asked(machine.start(ALL, START));
        UpshiftRecord ahead = claimed("f0", 9, START.plus(Duration.ofDays(2)), Optional.empty());
        UpshiftRecord most = claimed("f0", UpshiftRecord.EPOCH_MAX, START.minusSeconds(1), Optional.empty());
        List<UpshiftEffect> effects =
                machine.surveyed(question, both(Ground.REPORT), Map.of("a", most, "b", ahead), ALL, START);

        assertThat(ordered(effects).orElseThrow().record().id()).isEqualTo("f1");
    }

    @Test
    void aRefusalByAMemberThatObeysALaterEpochEndsIt() {
        long question = asked(machine.start(ALL, START));
        UpshiftEffect.Order order =
                ordered(survey(question, both(Ground.REPORT), ALL)).orElseThrow();
        UpshiftRecord later = claimed("f1", 2, START, Optional.empty());
        List<UpshiftEffect> effects = machine.ordered(
                order.question(), Map.of("b", OrderAnswer.refused("no", Optional.of(later))), ALL, START);

        assertThat(effects).singleElement().isInstanceOf(UpshiftEffect.End.class);
        assertThat(machine.progress().record().flatMap(UpshiftRecord::outcome)).contains(UpshiftOutcome.TAKEN_OVER);
        assertThat(machine.isOver()).isTrue();
    }

    @Test
    void whatAnotherUpshiftHasToDoFirstIsSaidAndNothingBegins() {
        long question = asked(machine.start(ALL, START));
        Map<String, Stand> stands = both(Ground.REPORT);
        stands.put(
                "b",
                new Stand(
                        UpshiftStage.NONE,
                        Ground.REPORT,
                        Optional.empty(),
                        Optional.of("has no certificate"),
                        Optional.of(UpshiftKind.TLS),
                        Optional.empty()));
        List<UpshiftEffect> effects = survey(question, stands, ALL);

        assertThat(effects).singleElement().isInstanceOf(UpshiftEffect.End.class);
        assertThat(machine.progress().text()).isEqualTo("upshift tls comes first, for b");
        assertThat(machine.progress().record().flatMap(UpshiftRecord::outcome)).contains(UpshiftOutcome.REFUSED);
    }

    @Test
    void anOldTimerIsLeftAside() {
        long question = asked(machine.start(ALL, START));
        List<UpshiftEffect> effects =
                survey(question, both(Ground.REPORT), Attendance.of(List.of("a"), List.of("b"), List.of()));
        UpshiftEffect.Wake wake = effects.stream()
                .filter(UpshiftEffect.Wake.class::isInstance)
                .map(UpshiftEffect.Wake.class::cast)
                .findFirst()
                .orElseThrow();

        assertThat(machine.wake(wake.generation() - 1, ALL, wake.at())).isEmpty();
        assertThat(machine.wake(wake.generation(), ALL, wake.at())).hasSize(1);
        assertThat(machine.wake(wake.generation(), ALL, wake.at())).isEmpty();
    }

    private List<UpshiftEffect> survey(long question, Map<String, Stand> stands, Attendance present) {
        return machine.surveyed(question, stands, Map.of(), present, START.plusSeconds(2));
    }

    private static long asked(List<UpshiftEffect> effects) {
        return effects.stream()
                .filter(UpshiftEffect.Ask.class::isInstance)
                .mapToLong(effect -> ((UpshiftEffect.Ask) effect).question())
                .findFirst()
                .orElse(0);
    }

    private static Optional<UpshiftEffect.Order> ordered(List<UpshiftEffect> effects) {
        return effects.stream()
                .filter(UpshiftEffect.Order.class::isInstance)
                .map(UpshiftEffect.Order.class::cast)
                .findFirst();
    }

    private static void movesNobody(List<UpshiftEffect> effects) {
        assertThat(ordered(effects).stream().toList())
                .as("orders that move somebody")
                .allMatch(order -> order.record().isFencing());
    }

    private static Map<String, Stand> both(Ground ground) {
        return new TreeMap<>(Map.of("a", stand(UpshiftStage.NONE, ground), "b", stand(UpshiftStage.NONE, ground)));
    }

    private static Stand stand(UpshiftStage stage, Ground ground) {
        return new Stand(stage, ground, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** What somebody could claim who wants the upshift to pass over others. */
    private static UpshiftRecord claimed(String id, long epoch, Instant began, Optional<UpshiftOutcome> outcome) {
        return new UpshiftRecord(
                id,
                UpshiftKind.GOSSIP,
                epoch,
                "b",
                7,
                UpshiftStage.ENFORCED,
                UpshiftStage.SENDING,
                UpshiftCourse.BACK,
                false,
                false,
                "key",
                new TreeSet<>(List.of("a", "b")),
                new TreeMap<>(Map.of("victim", "by ann")),
                new TreeSet<>(),
                new TreeMap<>(Map.of("b", UpshiftStage.ENFORCED)),
                began,
                outcome);
    }
}
