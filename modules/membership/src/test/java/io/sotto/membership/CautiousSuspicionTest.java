package io.sotto.membership;

import static io.sotto.membership.Members.NOW;
import static io.sotto.membership.Members.member;
import static io.sotto.membership.Members.only;
import static io.sotto.membership.Members.rules;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.NodeState;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The suspicion timer of a node that asks something of itself first. In a pool of 3 a suspect has 4 s, in one of 64 7.2 s. */
class CautiousSuspicionTest {
    private static final int THREE = 3;
    private static final int SIXTY_FOUR = 64;

    private final MemberMachine machine = MemberMachine.resume(member("n", NodeState.ALIVE), rules());

    @Test
    void aTimerThatComesLateGivesFreshTimeToReadWhatWaits() {
        Effect.Schedule first = timer(suspect("a", Standing.healthy(THREE), 0));

        Effect.Schedule second = timer(due(first, Standing.healthy(THREE), 15));
        assertThat(second.after()).isEqualTo(Duration.ofSeconds(2));
        assertThat(state()).isEqualTo(NodeState.SUSPECT);

        machine.onTimer(second.generation(), Standing.healthy(THREE), at(17));
        assertThat(state()).isEqualTo(NodeState.DEAD);
    }

    @Test
    void timersThatAreAlwaysLateKeepNobodyAliveForEver() {
        Effect.Schedule timer = timer(suspect("a", Standing.healthy(THREE), 0));
        double now = 0;
        for (int i = 0; i < 5; i++) {
            now += timer.after().toMillis() / 1_000.0 + 1;
            timer = timer(due(timer, Standing.healthy(THREE), now));
        }
        now += timer.after().toMillis() / 1_000.0 + 1;
        assertThat(only(Effect.Schedule.class, due(timer, Standing.healthy(THREE), now)))
                .isEmpty();
        assertThat(state()).isEqualTo(NodeState.DEAD);
    }

    @Test
    void theTimeInWhichThisNodeCouldNotHearDoesNotCount() {
        Effect.Schedule first = timer(suspect("a", lost(THREE, 7), 0));

        Effect.Schedule second = timer(due(first, lost(THREE, 10), 4));
        assertThat(second.after()).isEqualTo(Duration.ofSeconds(3));
        assertThat(due(second, lost(THREE, 10), 7)).isNotEmpty();
        assertThat(state()).isEqualTo(NodeState.DEAD);
    }

    @Test
    void aSuspectThatAnswersUsHasAllItsTimeAgain() {
        Effect.Schedule first = timer(suspect("a", Standing.healthy(THREE), 0));

        Effect.Schedule second = timer(machine.onAnswer(Standing.healthy(THREE), at(3)));
        assertThat(second.after()).isEqualTo(Duration.ofSeconds(4));
        assertThat(due(first, Standing.healthy(THREE), 4)).isEmpty();
        assertThat(state()).isEqualTo(NodeState.SUSPECT);
    }

    @Test
    void anAnswerOfWhoeverIsNoSuspectIsNothing() {
        assertThat(machine.onAnswer(Standing.healthy(THREE), NOW)).isEmpty();
    }

    @Test
    void aHealthyNodeWithTestimonyOfItsOwnAndAllConfirmationsNeedsThreeQuartersOfTheLeastTime() {
        Standing healthy = Standing.healthy(SIXTY_FOUR);
        machine.onAccusation(new SwimMessage.Suspect(5, "n", "self"), 3, healthy, NOW);
        suspect("a", healthy, 0);
        assertThat(timer(suspect("b", healthy, 0)).after()).isEqualTo(Duration.ofMillis(5_418));
    }

    @Test
    void aNodeOfPoorHealthOrWithoutTestimonyWaitsForAllOfIt() {
        Standing poor = new Standing(SIXTY_FOUR, 1, Duration.ZERO);
        machine.onAccusation(new SwimMessage.Suspect(5, "n", "self"), 3, poor, NOW);
        suspect("a", poor, 0);
        assertThat(timer(suspect("b", poor, 0)).after()).isEqualTo(Duration.ofMillis(7_224));

        MemberMachine alone = MemberMachine.resume(member("n", NodeState.ALIVE), rules());
        Standing healthy = Standing.healthy(SIXTY_FOUR);
        alone.onAccusation(new SwimMessage.Suspect(5, "n", "self"), 1, healthy, NOW);
        alone.onClaim(new SwimMessage.Suspect(5, "n", "a"), healthy, NOW);
        assertThat(timer(alone.onClaim(new SwimMessage.Suspect(5, "n", "b"), healthy, NOW))
                        .after())
                .isEqualTo(Duration.ofMillis(7_224));
    }

    @Test
    void noShareIsLessThanFourPeriods() {
        assertThat(Formulas.sureSuspicionMin(SwimSettings.lan(), Duration.ofSeconds(4)))
                .isEqualTo(Duration.ofSeconds(4));
        assertThat(Formulas.sureSuspicionMin(SwimSettings.lan(), Duration.ofSeconds(5)))
                .isEqualTo(Duration.ofSeconds(4));
        assertThat(Formulas.sureSuspicionMin(SwimSettings.lan(), Duration.ofSeconds(3)))
                .isEqualTo(Duration.ofSeconds(3));
        assertThat(Formulas.sureSuspicionMin(SwimSettings.lan().asUpstream(), Duration.ofSeconds(8)))
                .isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void tellsOperatorsWhoAccuses() {
        suspect("a", Standing.healthy(4), 0);
        suspect("b", Standing.healthy(4), 1);
        suspect("a", Standing.healthy(4), 1);
        assertThat(machine.accusation()).contains(new Accusation("a", NOW, List.of("b")));
        machine.onClaim(Members.aliveClaim("n", 6), Standing.healthy(4), at(2));
        assertThat(machine.accusation()).isEmpty();
    }

    private List<Effect> suspect(String from, Standing standing, double seconds) {
        return machine.onClaim(new SwimMessage.Suspect(5, "n", from), standing, at(seconds));
    }

    private List<Effect> due(Effect.Schedule timer, Standing standing, double seconds) {
        return machine.onTimer(timer.generation(), standing, at(seconds));
    }

    private NodeState state() {
        return machine.record().orElseThrow().state();
    }

    private static Standing lost(int poolSize, int seconds) {
        return new Standing(poolSize, 0, Duration.ofSeconds(seconds));
    }

    private static Effect.Schedule timer(List<Effect> effects) {
        return only(Effect.Schedule.class, effects).get(0);
    }

    private static Instant at(double seconds) {
        return NOW.plusMillis(Math.round(seconds * 1_000));
    }
}
