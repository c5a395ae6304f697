package io.sotto.membership;

import static io.sotto.membership.Members.NOW;
import static io.sotto.membership.Members.aliveClaim;
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

/** The suspicion timer of section 11.4, under the LAN profile. */
class MemberSuspicionTest {
    private static final int FOUR = 4;

    private final MemberMachine machine = MemberMachine.resume(member("n", NodeState.ALIVE), rules());

    @Test
    void givesASuspectTwentyFourSecondsInAPoolOfFour() {
        Effect.Schedule timer = timer(suspect("a", NOW));
        assertThat(timer.after()).isEqualTo(Duration.ofSeconds(24));
        assertThat(state()).isEqualTo(NodeState.SUSPECT);
    }

    @Test
    void givesASuspectFourSecondsInAPoolOfThreeWhereNobodyCouldConfirm() {
        List<Effect> effects = machine.onClaim(new SwimMessage.Suspect(5, "n", "a"), 3, NOW);
        assertThat(timer(effects).after()).isEqualTo(Duration.ofSeconds(4));
        assertThat(machine.onClaim(new SwimMessage.Suspect(5, "n", "b"), 3, NOW))
                .isEmpty();
    }

    @Test
    void declaresItDeadAtOnceWhenTheSecondConfirmationComesAfterFourPointTwoSeconds() {
        suspect("a", NOW);
        Effect.Schedule first = timer(suspect("b", NOW.plusMillis(1_100)));
        assertThat(first.after()).isEqualTo(Duration.ofMillis(11_381 - 1_100));

        Instant then = NOW.plusMillis(4_200);
        Effect.Schedule second = timer(suspect("c", then));
        assertThat(second.after()).isEqualTo(Duration.ZERO);
        List<Effect> effects = machine.onTimer(second.generation(), FOUR, then);

        assertThat(only(Effect.Gossip.class, effects))
                .isEqualTo(List.of(new Effect.Gossip("n", new SwimMessage.Dead(5, "n", "self"))));
        assertThat(state()).isEqualTo(NodeState.DEAD);
        assertThat(machine.record().orElseThrow().status()).isEqualTo(SerfStatus.FAILED);
    }

    @Test
    void countsOnlyTimeThatIsLeftAfterAnEarlyConfirmation() {
        suspect("a", NOW);
        suspect("b", NOW.plusMillis(200));
        assertThat(timer(suspect("c", NOW.plusMillis(1_500))).after()).isEqualTo(Duration.ofMillis(2_500));
    }

    @Test
    void neitherCountsNorGossipsARepeatedAccuserNorOneTooMany() {
        suspect("a", NOW);
        assertThat(suspect("a", NOW)).isEmpty();
        assertThat(only(Effect.Gossip.class, suspect("b", NOW))).hasSize(1);
        assertThat(suspect("b", NOW)).isEmpty();
        assertThat(only(Effect.Gossip.class, suspect("c", NOW))).hasSize(1);
        assertThat(suspect("d", NOW)).isEmpty();
    }

    @Test
    void ignoresATimerThatAConfirmationReplaced() {
        Effect.Schedule first = timer(suspect("a", NOW));
        suspect("b", NOW);
        assertThat(machine.onTimer(first.generation(), FOUR, NOW.plusSeconds(24)))
                .isEmpty();
        assertThat(state()).isEqualTo(NodeState.SUSPECT);
    }

    @Test
    void ignoresATimerAfterTheSuspicionWasRefuted() {
        Effect.Schedule timer = timer(suspect("a", NOW));
        machine.onClaim(aliveClaim("n", 6), FOUR, NOW.plusSeconds(1));
        assertThat(machine.onTimer(timer.generation(), FOUR, NOW.plusSeconds(24)))
                .isEmpty();
        assertThat(state()).isEqualTo(NodeState.ALIVE);
    }

    @Test
    void startsAnewWhenSuspectedAgainAfterARefutation() {
        Effect.Schedule old = timer(suspect("a", NOW));
        machine.onClaim(aliveClaim("n", 6), FOUR, NOW);
        List<Effect> again = machine.onClaim(new SwimMessage.Suspect(6, "n", "a"), FOUR, NOW.plusSeconds(20));
        assertThat(timer(again).after()).isEqualTo(Duration.ofSeconds(24));
        assertThat(machine.onTimer(old.generation(), FOUR, NOW.plusSeconds(24))).isEmpty();
    }

    @Test
    void isNotRevivedByAnEqualIncarnation() {
        suspect("a", NOW);
        assertThat(machine.onClaim(aliveClaim("n", 5), FOUR, NOW)).isEmpty();
        assertThat(state()).isEqualTo(NodeState.SUSPECT);
    }

    @Test
    void givesAResumedSuspectItsWholeTimeAnew() {
        MemberMachine resumed = MemberMachine.resume(member("n", NodeState.SUSPECT), rules());
        Effect.Schedule timer = timer(resumed.restartTimer(FOUR, NOW.plusSeconds(20)));
        assertThat(timer.after()).isEqualTo(Duration.ofSeconds(24));
        resumed.onTimer(timer.generation(), FOUR, NOW.plusSeconds(44));
        assertThat(resumed.record().orElseThrow().state()).isEqualTo(NodeState.DEAD);
    }

    @Test
    void startsNoTimerForAResumedMemberThatIsNotSuspect() {
        for (NodeState state : List.of(NodeState.ALIVE, NodeState.DEAD, NodeState.LEFT)) {
            assertThat(MemberMachine.resume(member("n", state), rules()).restartTimer(FOUR, NOW))
                    .isEmpty();
        }
    }

    private List<Effect> suspect(String accuser, Instant now) {
        return machine.onClaim(new SwimMessage.Suspect(5, "n", accuser), FOUR, now);
    }

    private NodeState state() {
        return machine.record().orElseThrow().state();
    }

    private static Effect.Schedule timer(List<Effect> effects) {
        List<Effect.Schedule> timers = only(Effect.Schedule.class, effects);
        assertThat(timers).hasSize(1);
        return timers.get(0);
    }
}
