package io.sotto.membership;

import static io.sotto.membership.Members.NOW;
import static io.sotto.membership.Members.aliveClaim;
import static io.sotto.membership.Members.member;
import static io.sotto.membership.Members.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What members and this node make of claims where they are guarded. */
class GuardedMachineTest {
    private static final Standing HEALTHY = Standing.healthy(30);
    private static final long TOP = 0xffff_ffffL;
    private static final SwimMessage.Dead TOLD = new SwimMessage.Dead(5, "n", "a");
    private static final SwimMessage.Dead FAREWELL = new SwimMessage.Dead(5, "n", "n");

    private final PoolRules rules = rules();
    private final MemberMachine machine = MemberMachine.resume(member("n", NodeState.ALIVE), rules);

    @Test
    void aToldDeathIsASuspicionAndAPing() {
        List<Effect> effects = machine.onClaim(TOLD, HEALTHY, NOW);

        assertThat(state()).isEqualTo(NodeState.SUSPECT);
        assertThat(only(Effect.Ask.class, effects)).hasSize(1);
        assertThat(events(effects)).isEmpty();
        // One ping is enough at a time.
        assertThat(only(Effect.Ask.class, machine.onClaim(TOLD, HEALTHY, NOW))).isEmpty();
    }

    @Test
    void itCountsWhenThePingIsNotAnswered() {
        machine.onClaim(TOLD, HEALTHY, NOW);

        List<Effect> effects = machine.onSilence(NOW.plusSeconds(1));

        assertThat(state()).isEqualTo(NodeState.DEAD);
        assertThat(events(effects)).extracting(MemberEvent::kind).containsExactly(MemberEvent.Kind.FAILED);
        assertThat(only(Effect.Gossip.class, effects)).containsExactly(new Effect.Gossip("n", TOLD));
    }

    @Test
    void itIsDroppedWhenThePingIsAnswered() {
        machine.onClaim(TOLD, HEALTHY, NOW);
        machine.onAnswer(HEALTHY, NOW.plusMillis(5));

        assertThat(state()).isEqualTo(NodeState.SUSPECT);
        assertThat(only(Effect.Ask.class, machine.onClaim(TOLD, HEALTHY, NOW.plusMillis(900))))
                .isEmpty();

        List<Effect> refuted = machine.onClaim(aliveClaim("n", 6), HEALTHY, NOW.plusSeconds(1));
        assertThat(state()).isEqualTo(NodeState.ALIVE);
        assertThat(events(refuted)).isEmpty();
    }

    @Test
    void aDeathToldOfWhomOurOwnPingDidNotReachCountsAtOnce() {
        List<Effect> suspected = machine.onClaim(new SwimMessage.Suspect(5, "n", "a"), HEALTHY, NOW);
        assertThat(only(Effect.Ask.class, suspected)).hasSize(1);
        machine.onSilence(NOW.plusSeconds(1));
        assertThat(state()).isEqualTo(NodeState.SUSPECT);

        machine.onClaim(TOLD, HEALTHY, NOW.plusSeconds(2));

        assertThat(state()).isEqualTo(NodeState.DEAD);
    }

    @Test
    void aFailedProbeOfOurOwnMakesAToldDeathCount() {
        machine.onClaim(TOLD, HEALTHY, NOW);

        machine.onAccusation(new SwimMessage.Suspect(5, "n", "self"), 1, HEALTHY, NOW.plusMillis(600));

        assertThat(state()).isEqualTo(NodeState.DEAD);
    }

    @Test
    void aSuspicionThatNobodyRefutesAsksOnceMoreBeforeItsEnd() {
        List<Effect> begun = machine.onClaim(new SwimMessage.Suspect(5, "n", "a"), HEALTHY, NOW);
        Effect.Schedule timer = only(Effect.Schedule.class, begun).get(0);
        machine.onAnswer(HEALTHY, NOW.plusMillis(1));
        List<Effect> again = machine.onTimer(timer.generation(), HEALTHY, NOW.plus(timer.after()));
        assertThat(again).isEmpty();
        machine.onClaim(new SwimMessage.Suspect(5, "n", "b"), HEALTHY, NOW.plusSeconds(1));
        Effect.Schedule confirmed = only(
                        Effect.Schedule.class,
                        machine.onClaim(new SwimMessage.Suspect(5, "n", "c"), HEALTHY, NOW.plusSeconds(1)))
                .get(0);

        List<Effect> over = machine.onTimer(
                confirmed.generation(), HEALTHY, NOW.plusSeconds(1).plus(confirmed.after()));

        assertThat(only(Effect.Ask.class, over)).hasSize(1);
        assertThat(state()).isEqualTo(NodeState.SUSPECT);
        machine.onSilence(NOW.plusSeconds(61));
        assertThat(state()).isEqualTo(NodeState.DEAD);
    }

    @Test
    void aFarewellWaitsForTheIntentToLeaveToHaveStoodForAPeriod() {
        machine.onIntent(new SerfMessage.Leave(11, "n", false), NOW);
        List<Effect> early = machine.onClaim(FAREWELL, HEALTHY, NOW.plusMillis(400));
        Effect.Schedule wait = only(Effect.Schedule.class, early).get(0);
        assertThat(wait.after()).isEqualTo(Duration.ofMillis(600));
        assertThat(state()).isEqualTo(NodeState.ALIVE);

        List<Effect> due = machine.onTimer(wait.generation(), HEALTHY, NOW.plusSeconds(1));

        assertThat(state()).isEqualTo(NodeState.LEFT);
        assertThat(events(due)).extracting(MemberEvent::kind).containsExactly(MemberEvent.Kind.LEFT);
    }

    @Test
    void aFarewellIsForgottenWhenTheIntentIsTakenBack() {
        machine.onIntent(new SerfMessage.Leave(11, "n", false), NOW);
        Effect.Schedule wait = only(Effect.Schedule.class, machine.onClaim(FAREWELL, HEALTHY, NOW))
                .get(0);
        machine.onIntent(new SerfMessage.Join(12, "n"), NOW.plusMillis(300));

        assertThat(machine.onTimer(wait.generation(), HEALTHY, NOW.plusSeconds(1)))
                .isEmpty();
        assertThat(state()).isEqualTo(NodeState.ALIVE);
    }

    @Test
    void aFarewellThatComesBeforeItsIntentIsKeptForIt() {
        machine.onClaim(FAREWELL, HEALTHY, NOW);
        machine.onAnswer(HEALTHY, NOW.plusMillis(5));

        List<Effect> leaving = machine.onIntent(new SerfMessage.Leave(11, "n", false), NOW.plusSeconds(1));
        Effect.Schedule wait = only(Effect.Schedule.class, leaving).get(0);
        List<Effect> due = machine.onTimer(wait.generation(), HEALTHY, NOW.plusSeconds(2));

        assertThat(events(due)).extracting(MemberEvent::kind).containsExactly(MemberEvent.Kind.LEFT);
    }

    @Test
    void whoIsGoneComesBackWhenItHasAnswered() {
        MemberMachine gone = MemberMachine.resume(member("n", NodeState.DEAD), rules);

        List<Effect> told = gone.onClaim(aliveClaim("n", 6), HEALTHY, NOW);
        assertThat(told).containsExactly(new Effect.Prove(aliveClaim("n", 6)));
        List<Effect> witnessed = gone.onClaim(aliveClaim("n", 6), Teller.WITNESSED, HEALTHY, NOW);

        assertThat(events(witnessed)).extracting(MemberEvent::kind).containsExactly(MemberEvent.Kind.JOINED);
    }

    @Test
    void theHighestIncarnationMovesNothingAndAsksTheOwner() {
        for (SwimMessage.Claim claim : List.of(
                aliveClaim("n", TOP),
                new SwimMessage.Suspect(TOP, "n", "a"),
                new SwimMessage.Dead(TOP, "n", "a"),
                new SwimMessage.Dead(TOP, "n", "n"))) {
            assertThat(machine.onClaim(claim, HEALTHY, NOW)).containsExactly(new Effect.AskOwner(claim));
        }
        assertThat(machine.record()).contains(member("n", NodeState.ALIVE));
    }

    @Test
    void theOwnerMayJumpUpAndDown() {
        machine.onClaim(aliveClaim("n", TOP), Teller.OWNER, HEALTHY, NOW);
        assertThat(machine.record().orElseThrow().incarnation()).isEqualTo(TOP);

        List<Effect> restarted = machine.onClaim(aliveClaim("n", 1), Teller.OWNER, HEALTHY, NOW);

        assertThat(machine.record().orElseThrow().incarnation()).isEqualTo(1);
        assertThat(events(restarted)).isEmpty();
    }

    @Test
    void atTheHighestIncarnationAnAnswerIsTheRefutation() {
        machine.onClaim(aliveClaim("n", TOP), Teller.OWNER, HEALTHY, NOW);
        machine.onClaim(new SwimMessage.Suspect(TOP, "n", "a"), HEALTHY, NOW);
        assertThat(state()).isEqualTo(NodeState.SUSPECT);

        machine.onAnswer(HEALTHY, NOW.plusMillis(5));

        assertThat(state()).isEqualTo(NodeState.ALIVE);
        assertThat(machine.accusation()).isEmpty();
    }

    @Test
    void weAreNotDrivenToTheTop() {
        SelfMachine self = SelfMachine.create(rules, Members.address(1), Octets.empty(), Members.VSN);
        self.start(NOW);
        var own = new SwimMessage.Alive(1, "self", Members.address(1), Octets.empty(), Members.VSN);

        assertThat(self.onClaim(new SwimMessage.Suspect(TOP, "self", "a"), NOW))
                .containsExactly(new Effect.Gossip("127.0.0.1", own));
        // Not more often than once a period.
        assertThat(self.onClaim(new SwimMessage.Dead(TOP, "self", "a"), NOW.plusMillis(999)))
                .isEmpty();
        assertThat(self.onClaim(
                        new SwimMessage.Alive(TOP, "self", Members.address(1), Octets.empty(), Members.VSN),
                        NOW.plusSeconds(1)))
                .containsExactly(new Effect.Gossip("127.0.0.1", own));
        assertThat(self.record().incarnation()).isEqualTo(1);

        self.onClaim(new SwimMessage.Suspect(9, "self", "a"), NOW);
        assertThat(self.record().incarnation()).isEqualTo(10);
    }

    private NodeState state() {
        return machine.record().orElseThrow().state();
    }

    private static List<MemberEvent> events(List<Effect> effects) {
        return only(Effect.Publish.class, effects).stream()
                .flatMap(publish -> publish.event().stream())
                .toList();
    }

    private static PoolRules rules() {
        PoolRules open = Members.rules();
        return new PoolRules(
                open.self(),
                open.swim(),
                open.serf(),
                open.admission(),
                open.networks(),
                ClaimPolicy.guarded(GuardSettings.defaults(), open.swim().probeInterval()));
    }
}
