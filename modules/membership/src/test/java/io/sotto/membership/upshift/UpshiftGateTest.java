package io.sotto.membership.upshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sotto.membership.upshift.MemberEvidence.Gives;
import io.sotto.membership.upshift.MemberEvidence.Presence;
import io.sotto.membership.upshift.Obstacle.Ground;
import io.sotto.membership.upshift.Verdict.Answer;
import io.sotto.membership.upshift.Verdict.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each phase of an upshift: when it may be entered, and who stands against it. */
class UpshiftGateTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String OLD = "0ld00000";
    private static final String NEW = "4e300000";

    @Test
    void aPlainPoolMayBeGivenTheKeyAndMayNotGoFurther() {
        List<MemberEvidence> plain = List.of(self(null), sotto("b", null), real("c", Optional.empty()));

        assertThat(answer(plain, Step.KEYED)).isEqualTo(Answer.SAFE);
        assertThat(answer(plain, Step.OUTGOING)).isEqualTo(Answer.UNSAFE);
        assertThat(answer(plain, Step.INCOMING)).isEqualTo(Answer.UNSAFE);
        assertThat(obstacles(plain, Step.OUTGOING)).extracting(Obstacle::member).containsExactly("a", "b", "c");
        assertThat(obstacles(plain, Step.OUTGOING)).extracting(Obstacle::ground).containsOnly(Ground.UNKNOWN);
    }

    @Test
    void theKeyMayNotBeHandedRoundWhileSomebodyRefusesThePlaintextOfTheOthers() {
        List<MemberEvidence> pool = List.of(self(null), sotto("b", strict(OLD)));

        assertThat(obstacles(pool, Step.KEYED))
                .containsExactly(new Obstacle(
                        "b", Ground.REPORT, "refuses plaintext already, which members without a key send"));
    }

    @Test
    void oncePlaintextIsRefusedThoseThatAreAliveByTrafficAloneHaveTheKey() {
        MemberEvidence seals = real("c", Optional.of(OLD), NOW.minusSeconds(3), null);
        List<MemberEvidence> enforced = List.of(self(strict(OLD)), sotto("b", strict(OLD)), seals);

        assertThat(verdict(enforced, Step.KEYED))
                .isEqualTo(new Verdict(Step.KEYED, "", Answer.DONE, List.of(), List.of()));
        assertThat(answer(List.of(self(sealing(OLD)), sotto("b", strict(OLD)), seals), Step.KEYED))
                .as("an address can be forged where plaintext is let in")
                .isEqualTo(Answer.LIKELY);
    }

    @Test
    void whereSomebodySealsNothingTheRefusalOfPlaintextStandsAgainstHandingTheKeyRound() {
        MemberEvidence longAgo = real("c", Optional.of(OLD), NOW.minusSeconds(300), null);
        MemberEvidence failed = new MemberEvidence(
                "d",
                Presence.FAILED,
                Gives.NOTHING,
                Optional.empty(),
                Optional.of(NOW.minusSeconds(1)),
                Optional.of(OLD),
                Optional.empty());

        for (MemberEvidence unseen : List.of(longAgo, failed, sotto("e", null), real("f", Optional.empty()))) {
            assertThat(obstacles(List.of(self(strict(OLD)), unseen), Step.KEYED))
                    .as(unseen.name())
                    .extracting(Obstacle::member)
                    .containsExactly("a");
        }
    }

    @Test
    void onceAllReportTheKeySealingIsSafeAndRefusingPlaintextIsNot() {
        List<MemberEvidence> keyed = List.of(self(both(OLD)), sotto("b", both(OLD)), sotto("c", both(OLD)));

        assertThat(answer(keyed, Step.KEYED)).isEqualTo(Answer.DONE);
        assertThat(answer(keyed, Step.OUTGOING)).isEqualTo(Answer.SAFE);
        assertThat(obstacles(keyed, Step.INCOMING)).extracting(Obstacle::member).containsExactly("a", "b", "c");
    }

    @Test
    void aMemberWithoutTheKeyThatOthersSealWithIsNamed() {
        List<MemberEvidence> pool = List.of(self(both(OLD)), sotto("b", both(OLD)), sotto("c", both(NEW, OLD)));

        assertThat(answer(pool, Step.OUTGOING)).isEqualTo(Answer.UNSAFE);
        assertThat(obstacles(pool, Step.OUTGOING))
                .contains(new Obstacle("b", Ground.REPORT, "lacks the key " + NEW + ", which others seal with"))
                .extracting(Obstacle::member)
                .containsExactly("a", "b");
    }

    @Test
    void onceAllSealRefusingPlaintextIsSafe() {
        List<MemberEvidence> pool = List.of(self(sealing(OLD)), sotto("b", sealing(OLD)));

        assertThat(answer(pool, Step.OUTGOING)).isEqualTo(Answer.DONE);
        assertThat(answer(pool, Step.INCOMING)).isEqualTo(Answer.SAFE);
    }

    @Test
    void plaintextThatAnybodyTookInLatelyStandsAgainstRefusingIt() {
        SelfReport justNow = withPlain(sealing(OLD), Duration.ofSeconds(59));
        SelfReport before = withPlain(sealing(OLD), Duration.ofMinutes(1));

        assertThat(obstacles(List.of(self(sealing(OLD)), sotto("b", justNow)), Step.INCOMING))
                .extracting(Obstacle::member)
                .containsExactly("b");
        assertThat(answer(List.of(self(sealing(OLD)), sotto("b", before)), Step.INCOMING))
                .isEqualTo(Answer.SAFE);
    }

    @Test
    void whereAllRefusePlaintextAllIsDone() {
        List<MemberEvidence> pool = List.of(self(strict(OLD)), sotto("b", strict(OLD)));

        assertThat(UpshiftGate.judge(pool, NOW)).extracting(Verdict::answer).containsOnly(Answer.DONE);
    }

    @Test
    void aRealMemberSpeaksByItsTrafficAndMakesAVerdictLikelyAtMost() {
        MemberEvidence seals = real("c", Optional.of(OLD), NOW.minusSeconds(3), null);
        List<MemberEvidence> pool = List.of(self(sealing(OLD)), sotto("b", sealing(OLD)), seals);

        assertThat(answer(pool, Step.INCOMING)).isEqualTo(Answer.LIKELY);
        assertThat(verdict(pool, Step.INCOMING).onHints()).containsExactly("c");
        assertThat(answer(pool, Step.OUTGOING))
                .as("whether all do cannot be known")
                .isEqualTo(Answer.LIKELY);
    }

    @Test
    void aRealMemberThatSentPlaintextLatelyOrNothingSealedStandsAgainstIt() {
        MemberEvidence plain = real("c", Optional.of(OLD), NOW.minusSeconds(3), NOW.minusSeconds(30));
        MemberEvidence longAgo = real("d", Optional.of(OLD), NOW.minusSeconds(300), null);
        List<MemberEvidence> pool = List.of(self(sealing(OLD)), plain, longAgo);

        assertThat(obstacles(pool, Step.INCOMING))
                .containsExactly(
                        new Obstacle("c", Ground.HINT, "sent plaintext 30 s ago"),
                        new Obstacle("d", Ground.UNKNOWN, "gives no reports, and nothing sealed came from it lately"));
    }

    @Test
    void hintsNeverOutweighAReport() {
        MemberEvidence b = new MemberEvidence(
                "b",
                Presence.ALIVE,
                Gives.REPORTS,
                Optional.of(both(OLD)),
                Optional.of(NOW),
                Optional.of(OLD),
                Optional.empty());

        assertThat(obstacles(List.of(self(sealing(OLD)), b), Step.INCOMING))
                .extracting(Obstacle::member, Obstacle::ground)
                .containsExactly(tuple("b", Ground.REPORT));
    }

    @Test
    void aSottoMemberThatGaveNoReportIsNotJudgedByItsTraffic() {
        MemberEvidence silent = new MemberEvidence(
                "b",
                Presence.ALIVE,
                Gives.REPORTS,
                Optional.empty(),
                Optional.of(NOW),
                Optional.of(OLD),
                Optional.empty());

        assertThat(answer(List.of(self(sealing(OLD)), silent), Step.INCOMING)).isEqualTo(Answer.UNSAFE);
    }

    @Test
    void aFailedMemberStandsAgainstEveryStepThatItMightNotSurvive() {
        MemberEvidence failed = new MemberEvidence(
                "b",
                Presence.FAILED,
                Gives.REPORTS,
                Optional.empty(),
                Optional.of(NOW.minusSeconds(1)),
                Optional.of(OLD),
                Optional.empty());
        List<MemberEvidence> pool = List.of(self(sealing(NEW, OLD)), failed);

        for (Step step : List.of(Step.OUTGOING, Step.INCOMING, Step.REMOVE)) {
            assertThat(obstacles(pool, step))
                    .as(step.label())
                    .containsExactly(new Obstacle("b", Ground.UNKNOWN, "has failed, and may come back as it went"));
        }
    }

    @Test
    void anOldKeyMayGoOnceNobodySealsWithItAndAllHoldTheNew() {
        List<MemberEvidence> during = List.of(self(strict(NEW, OLD)), sotto("b", strict(OLD, NEW)));
        List<MemberEvidence> after = List.of(self(strict(NEW, OLD)), sotto("b", strict(NEW, OLD)));

        assertThat(verdict(during, Step.REMOVE, OLD).obstacles())
                .containsExactly(new Obstacle("b", Ground.REPORT, "seals with it"));
        assertThat(verdict(after, Step.REMOVE, OLD).answer()).isEqualTo(Answer.SAFE);
        assertThat(UpshiftGate.judge(after, NOW))
                .filteredOn(verdict -> verdict.step() == Step.REMOVE)
                .extracting(Verdict::key)
                .as("the one primary of all is never removable")
                .containsExactly(OLD);
    }

    @Test
    void anOldKeyThatARealMemberSealedWithLatelyMayNotGo() {
        MemberEvidence real = real("c", Optional.of(OLD), NOW.minusSeconds(10), null);

        assertThat(verdict(List.of(self(strict(NEW, OLD)), real), Step.REMOVE, OLD)
                        .obstacles())
                .containsExactly(new Obstacle("c", Ground.HINT, "sealed with it 10 s ago"));
        MemberEvidence moved = real("c", Optional.of(NEW), NOW.minusSeconds(10), null);
        assertThat(verdict(List.of(self(strict(NEW, OLD)), moved), Step.REMOVE, OLD)
                        .answer())
                .isEqualTo(Answer.LIKELY);
    }

    @Test
    void everyAnswerSurvivesTheOrderOfTheMembers() {
        List<MemberEvidence> pool = new ArrayList<>(
                List.of(self(sealing(OLD)), sotto("b", both(NEW)), real("c", Optional.of(OLD)), sotto("d", null)));
        List<Verdict> expected = UpshiftGate.judge(pool, NOW);

        Collections.reverse(pool);

        assertThat(UpshiftGate.judge(pool, NOW)).isEqualTo(expected);
    }

    private static Answer answer(List<MemberEvidence> pool, Step step) {
        return verdict(pool, step).answer();
    }

    private static List<Obstacle> obstacles(List<MemberEvidence> pool, Step step) {
        return verdict(pool, step).obstacles();
    }

    private static Verdict verdict(List<MemberEvidence> pool, Step step) {
        return verdict(pool, step, step == Step.REMOVE ? OLD : "");
    }

    private static Verdict verdict(List<MemberEvidence> pool, Step step, String key) {
        return UpshiftGate.judge(pool, NOW).stream()
                .filter(verdict -> verdict.step() == step && verdict.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static MemberEvidence self(@Nullable SelfReport report) {
        return member("a", Presence.SELF, report);
    }

    private static MemberEvidence sotto(String name, @Nullable SelfReport report) {
        return member(name, Presence.ALIVE, report);
    }

    private static MemberEvidence member(String name, Presence presence, @Nullable SelfReport report) {
        return new MemberEvidence(
                name,
                presence,
                Gives.REPORTS,
                Optional.ofNullable(report),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static MemberEvidence real(String name, Optional<String> key) {
        return real(name, key, key.isPresent() ? NOW : null, null);
    }

    private static MemberEvidence real(
            String name, Optional<String> key, @Nullable Instant lastSealed, @Nullable Instant lastPlain) {
        return new MemberEvidence(
                name,
                Presence.ALIVE,
                Gives.NOTHING,
                Optional.empty(),
                Optional.ofNullable(lastSealed),
                key,
                Optional.ofNullable(lastPlain));
    }

    private static SelfReport both(String... keys) {
        return report(false, false, keys);
    }

    private static SelfReport sealing(String... keys) {
        return report(false, true, keys);
    }

    private static SelfReport strict(String... keys) {
        return report(true, true, keys);
    }

    private static SelfReport report(boolean incoming, boolean outgoing, String... keys) {
        return new SelfReport(Arrays.asList(keys), incoming, outgoing, "", true, Optional.empty(), NOW, "0.1.0");
    }

    private static SelfReport withPlain(SelfReport report, Duration ago) {
        return new SelfReport(
                report.keys(),
                report.verifyIncoming(),
                report.verifyOutgoing(),
                report.label(),
                report.labelEnforced(),
                Optional.of(NOW.minus(ago)),
                NOW,
                report.version());
    }
}
