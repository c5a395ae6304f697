package io.sotto.membership;

import static io.sotto.membership.Members.NOW;
import static io.sotto.membership.Members.aliveClaim;
import static io.sotto.membership.Members.member;
import static io.sotto.membership.Members.only;
import static io.sotto.membership.Members.rules;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.NodeState;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Serf's side of a member: intents, force-leave and prune. */
class MemberIntentTest {
    private static final int NODES = 4;

    @Test
    void showsAMemberAsLeavingWhenItsLeaveIntentCameFirst() {
        Optional<SerfMessage.Intent> buffered = Optional.of(new SerfMessage.Leave(20, "n", false));
        MemberMachine machine = MemberMachine.unknown("n", rules(), buffered, NOW);

        machine.onClaim(aliveClaim("n", 1), NODES, NOW);

        assertThat(machine.record().orElseThrow().status()).isEqualTo(SerfStatus.LEAVING);
        assertThat(machine.record().orElseThrow().statusLTime()).isEqualTo(20);
    }

    @Test
    void staysLeavingUntilANewerJoinIntent() {
        MemberMachine machine =
                MemberMachine.resume(member("n", NodeState.ALIVE).withStatus(SerfStatus.LEAVING), rules());

        machine.onClaim(aliveClaim("n", 9), NODES, NOW);
        assertThat(machine.record().orElseThrow().status()).isEqualTo(SerfStatus.LEAVING);

        machine.onIntent(new SerfMessage.Join(11, "n"), NOW);
        assertThat(machine.record().orElseThrow().status()).isEqualTo(SerfStatus.ALIVE);
    }

    @Test
    void comparesLamportTimesAsUnsignedNumbers() {
        MemberMachine machine = MemberMachine.resume(member("n", NodeState.ALIVE), rules());
        assertThat(machine.onIntent(new SerfMessage.Join(-1, "n"), NOW))
                .contains(new Effect.PassOn(new SerfMessage.Join(-1, "n")));
        assertThat(machine.onIntent(new SerfMessage.Join(99, "n"), NOW)).isEmpty();
    }

    @Test
    void turnsAFailedMemberIntoOneThatLeftByForceLeave() {
        MemberMachine machine = MemberMachine.resume(member("n", NodeState.DEAD), rules());

        List<Effect> effects = machine.onIntent(new SerfMessage.Leave(11, "n", false), NOW);

        MemberRecord left = machine.record().orElseThrow();
        assertThat(left.status()).isEqualTo(SerfStatus.LEFT);
        assertThat(left.state()).isEqualTo(NodeState.DEAD);
        assertThat(only(Effect.Publish.class, effects).get(0).event())
                .contains(new MemberEvent(MemberEvent.Kind.LEFT, left));
        assertThat(effects).last().isEqualTo(new Effect.PassOn(new SerfMessage.Leave(11, "n", false)));
    }

    @Test
    void prunesAFailedMemberAtOnceButRemembersTheNodeWhileItIsInThePool() {
        MemberMachine machine = MemberMachine.resume(member("n", NodeState.DEAD), rules());

        List<Effect> effects = machine.onIntent(new SerfMessage.Leave(11, "n", true), NOW);

        assertThat(kinds(effects)).isEqualTo(List.of(MemberEvent.Kind.LEFT, MemberEvent.Kind.REAPED));
        assertThat(machine.record().orElseThrow().isListed()).isFalse();
        assertThat(only(Effect.Forget.class, effects)).isEmpty();
        assertThat(only(Effect.Forget.class, machine.leavePool(NOW.plusSeconds(31))))
                .hasSize(1);
    }

    @Test
    void forgetsAPrunedMemberThatHasLeftThePool() {
        MemberMachine machine = MemberMachine.resume(member("n", NodeState.DEAD), rules());
        machine.leavePool(NOW.plusSeconds(31));

        List<Effect> effects = machine.onIntent(new SerfMessage.Leave(11, "n", true), NOW.plusSeconds(40));

        assertThat(effects).last().isEqualTo(new Effect.Forget("n"));
    }

    @Test
    void prunesALeavingMemberOnlyAfterItsLeaveHadTimeToSpread() {
        MemberMachine machine = MemberMachine.resume(member("n", NodeState.ALIVE), rules());

        List<Effect> effects = machine.onIntent(new SerfMessage.Leave(11, "n", true), NOW);
        Effect.Schedule timer = only(Effect.Schedule.class, effects).get(0);
        assertThat(timer.after()).isEqualTo(Duration.ofSeconds(6));
        assertThat(machine.record().orElseThrow().status()).isEqualTo(SerfStatus.LEAVING);

        List<Effect> pruned = machine.onTimer(timer.generation(), NODES, NOW.plusSeconds(6));
        assertThat(kinds(pruned)).isEqualTo(List.of(MemberEvent.Kind.REAPED));
    }

    @Test
    void doesNotPruneAMemberThatJoinedAgainMeanwhile() {
        MemberMachine machine = MemberMachine.resume(member("n", NodeState.ALIVE), rules());
        List<Effect> effects = machine.onIntent(new SerfMessage.Leave(11, "n", true), NOW);
        machine.onIntent(new SerfMessage.Join(12, "n"), NOW);

        long generation = only(Effect.Schedule.class, effects).get(0).generation();
        assertThat(machine.onTimer(generation, NODES, NOW.plusSeconds(6))).isEmpty();
        assertThat(machine.record().orElseThrow().status()).isEqualTo(SerfStatus.ALIVE);
    }

    @Test
    void keepsThePruneAndTheSuspicionTimerApart() {
        MemberMachine machine = MemberMachine.resume(member("n", NodeState.ALIVE), rules());
        long prune = only(Effect.Schedule.class, machine.onIntent(new SerfMessage.Leave(11, "n", true), NOW))
                .get(0)
                .generation();
        long suspicion = only(Effect.Schedule.class, machine.onClaim(new SwimMessage.Suspect(5, "n", "a"), NODES, NOW))
                .get(0)
                .generation();

        machine.onTimer(prune, NODES, NOW.plusSeconds(6));
        assertThat(machine.record().orElseThrow().state()).isEqualTo(NodeState.SUSPECT);
        machine.onTimer(suspicion, NODES, NOW.plusSeconds(24));
        assertThat(machine.record().orElseThrow().state()).isEqualTo(NodeState.DEAD);
    }

    @Test
    void startsFromTheIntentThatCameWhileItWasNotListed() {
        MemberMachine machine = MemberMachine.resume(member("n", NodeState.DEAD), rules());
        machine.onIntent(new SerfMessage.Leave(11, "n", true), NOW);

        assertThat(machine.onIntent(new SerfMessage.Join(15, "n"), NOW))
                .isEqualTo(List.of(new Effect.PassOn(new SerfMessage.Join(15, "n"))));
        assertThat(machine.onIntent(new SerfMessage.Join(15, "n"), NOW)).isEmpty();
        machine.onClaim(aliveClaim("n", 6), NODES, NOW);

        assertThat(machine.record().orElseThrow().status()).isEqualTo(SerfStatus.ALIVE);
        assertThat(machine.record().orElseThrow().statusLTime()).isEqualTo(15);
    }

    @Test
    void forgetsAMemberThatLeftAfterTheTombstoneTime() {
        MemberMachine machine = MemberMachine.resume(member("n", NodeState.LEFT), rules());
        Instant later = NOW.plus(Duration.ofHours(24)).plusSeconds(1);
        machine.leavePool(later);
        assertThat(kinds(machine.reap(later))).isEqualTo(List.of(MemberEvent.Kind.REAPED));
    }

    private static List<MemberEvent.Kind> kinds(List<Effect> effects) {
        return only(Effect.Publish.class, effects).stream()
                .flatMap(publish -> publish.event().stream())
                .map(MemberEvent::kind)
                .toList();
    }
}
