package io.sotto.membership;

import static io.sotto.membership.Members.NOW;
import static io.sotto.membership.Members.aliveClaim;
import static io.sotto.membership.Members.member;
import static io.sotto.membership.Members.only;
import static io.sotto.membership.Members.rules;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.membership.admission.AllowedNetworks;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemberMachineTest {
    private static final int NODES = 4;

    @Test
    void announcesANewMemberOnItsFirstAlive() {
        MemberMachine machine = unknown(rules());
        SwimMessage.Alive alive = aliveClaim("n", 7);

        List<Effect> effects = machine.onClaim(alive, NODES, NOW);

        MemberRecord record = machine.record().orElseThrow();
        assertThat(record.state()).isEqualTo(NodeState.ALIVE);
        assertThat(record.status()).isEqualTo(SerfStatus.ALIVE);
        assertThat(record.incarnation()).isEqualTo(7);
        assertThat(record.changedAt()).isEqualTo(NOW);
        assertThat(effects)
                .isEqualTo(List.of(
                        new Effect.Gossip("n", alive),
                        new Effect.Publish(
                                Optional.empty(),
                                record,
                                Optional.of(new MemberEvent(MemberEvent.Kind.JOINED, record)))));
    }

    @Test
    void remembersANewMemberWithIncarnationZeroAsDeadAndDoesNotListIt() {
        MemberMachine machine = unknown(rules());

        List<Effect> effects = machine.onClaim(aliveClaim("n", 0), NODES, NOW);

        MemberRecord record = machine.record().orElseThrow();
        assertThat(record.state()).isEqualTo(NodeState.DEAD);
        assertThat(record.isListed()).isFalse();
        assertThat(effects).isEqualTo(List.of(new Effect.Publish(Optional.empty(), record, Optional.empty())));
        assertThat(only(Effect.Forget.class, machine.leavePool(NOW))).hasSize(1);
    }

    @Test
    void staysUnknownAfterSuspicionAndDeathOfAnUnknownName() {
        MemberMachine machine = unknown(rules());
        List<Effect> forgotten = List.of(new Effect.Forget("n"));

        assertThat(machine.onClaim(new SwimMessage.Suspect(1, "n", "a"), NODES, NOW))
                .isEqualTo(forgotten);
        assertThat(machine.onClaim(new SwimMessage.Dead(1, "n", "a"), NODES, NOW))
                .isEqualTo(forgotten);
        assertThat(machine.record()).isEmpty();
    }

    @Test
    void refusesAnAliveWithSenselessVersions() {
        for (String vsn : List.of("000502020504", "010002020504", "050102020504", "000000")) {
            var alive = new SwimMessage.Alive(1, "n", Members.address(41), Octets.empty(), Octets.hex(vsn));
            List<Effect> effects = unknown(rules()).onClaim(alive, NODES, NOW);
            assertThat(only(Effect.Refused.class, effects)).as(vsn).hasSize(1);
            assertThat(only(Effect.Publish.class, effects)).as(vsn).isEmpty();
        }
    }

    @Test
    void acceptsAnAliveWithoutVersionsAndKeepsThoseItKnew() {
        MemberMachine machine = unknown(rules());
        machine.onClaim(new SwimMessage.Alive(1, "n", Members.address(41), Octets.empty(), Octets.empty()), NODES, NOW);
        assertThat(machine.record().orElseThrow().vsn()).isEqualTo(Octets.hex("000000000000"));

        machine.onClaim(aliveClaim("n", 2), NODES, NOW);
        machine.onClaim(
                new SwimMessage.Alive(3, "n", Members.address(41), Octets.empty(), Octets.hex("0105")), NODES, NOW);
        assertThat(machine.record().orElseThrow().vsn()).isEqualTo(Members.VSN);
    }

    @Test
    void refusesWhatTheAdmissionRuleOrTheAllowListRefuses() {
        PoolRules open = rules();
        var strict = new PoolRules(
                "self", open.swim(), open.serf(), candidates -> Optional.of("nobody"), open.networks(), open.claims());
        var fenced = new PoolRules(
                "self",
                open.swim(),
                open.serf(),
                open.admission(),
                AllowedNetworks.parse(List.of("10.0.0.0/8")),
                open.claims());

        for (PoolRules rules : List.of(strict, fenced)) {
            MemberMachine machine = unknown(rules);
            List<Effect> effects = machine.onClaim(aliveClaim("n", 1), NODES, NOW);
            assertThat(only(Effect.Refused.class, effects)).hasSize(1);
            assertThat(effects).last().isEqualTo(new Effect.Forget("n"));
            assertThat(machine.record()).isEmpty();
        }
    }

    @Test
    void letsAKnownMemberStayWhoseAddressIsNoLongerAllowed() {
        PoolRules open = rules();
        var fenced = new PoolRules(
                "self",
                open.swim(),
                open.serf(),
                open.admission(),
                AllowedNetworks.parse(List.of("10.0.0.0/8")),
                open.claims());
        MemberMachine machine = MemberMachine.resume(member("n", NodeState.ALIVE), fenced);

        machine.onClaim(aliveClaim("n", 9), NODES, NOW);

        assertThat(machine.record().orElseThrow().incarnation()).isEqualTo(9);
    }

    @Test
    void asksTheClaimPolicyBeforeAClaimCounts() {
        PoolRules open = rules();
        ClaimPolicy ours =
                ClaimPolicy.guarded(GuardSettings.defaults(), open.swim().probeInterval());
        var rules = new PoolRules("self", open.swim(), open.serf(), open.admission(), open.networks(), ours);
        MemberMachine machine = MemberMachine.resume(member("n", NodeState.ALIVE), rules);

        machine.onClaim(new SwimMessage.Dead(5, "n", "a"), NODES, NOW);

        assertThat(machine.record().orElseThrow().state()).isEqualTo(NodeState.SUSPECT);
    }

    @Test
    void takesANewAddressOfADeadMemberOnlyAfterTheReclaimTime() {
        SwimSettings reclaiming = rules().swim().withDeadNodeReclaimTime(Duration.ofSeconds(30));
        PoolRules rules = PoolRules.open("self", reclaiming, SerfSettings.consul());
        MemberRecord dead = member("n", NodeState.DEAD);
        NodeAddress moved = Members.address(99);
        var alive = new SwimMessage.Alive(1, "n", moved, dead.meta(), dead.vsn());

        MemberMachine tooEarly = MemberMachine.resume(dead, rules);
        List<Effect> conflict = tooEarly.onClaim(alive, NODES, NOW.plusSeconds(30));
        assertThat(conflict).isEqualTo(List.of(new Effect.Conflict(dead, alive)));

        MemberMachine machine = MemberMachine.resume(dead, rules);
        machine.onClaim(alive, NODES, NOW.plusSeconds(31));
        MemberRecord back = machine.record().orElseThrow();
        assertThat(back.address()).isEqualTo(moved);
        assertThat(back.incarnation()).isEqualTo(1);
        assertThat(back.status()).isEqualTo(SerfStatus.ALIVE);
    }

    @Test
    void neverGivesUpTheNameOfADeadMemberWhenReclaimingIsOff() {
        MemberRecord dead = member("n", NodeState.DEAD);
        MemberMachine machine = MemberMachine.resume(dead, rules());
        var alive = new SwimMessage.Alive(99, "n", Members.address(99), dead.meta(), dead.vsn());

        assertThat(only(Effect.Conflict.class, machine.onClaim(alive, NODES, NOW.plus(Duration.ofDays(1)))))
                .hasSize(1);
    }

    @Test
    void leavesThePoolAfterADelayAndIsRecreatedByALateAliveOfAnyIncarnation() {
        MemberMachine machine = MemberMachine.resume(member("n", NodeState.DEAD), rules());

        assertThat(machine.leavePool(NOW.plusSeconds(30))).isEmpty();
        List<Effect> effects = machine.leavePool(NOW.plusSeconds(31));
        MemberRecord reaped = machine.record().orElseThrow();
        assertThat(reaped.pooled()).isFalse();
        assertThat(reaped.status()).isEqualTo(SerfStatus.FAILED);
        assertThat(only(Effect.Forget.class, effects)).isEmpty();

        assertThat(machine.onClaim(new SwimMessage.Suspect(9, "n", "a"), NODES, NOW))
                .isEmpty();
        List<Effect> back = machine.onClaim(aliveClaim("n", 1), NODES, NOW.plusSeconds(60));
        MemberRecord record = machine.record().orElseThrow();
        assertThat(record.pooled()).isTrue();
        assertThat(record.incarnation()).isEqualTo(1);
        assertThat(record.status()).isEqualTo(SerfStatus.ALIVE);
        assertThat(record.statusLTime()).isEqualTo(reaped.statusLTime());
        assertThat(eventKinds(back)).isEqualTo(List.of(MemberEvent.Kind.JOINED));
    }

    @Test
    void keepsTheTimeOfItsFailureWhenAWorthlessAlivePoolsItAgain() {
        MemberMachine machine = MemberMachine.resume(member("n", NodeState.DEAD), rules());
        machine.leavePool(NOW.plusSeconds(31));

        machine.onClaim(aliveClaim("n", 0), NODES, NOW.plusSeconds(60));

        MemberRecord record = machine.record().orElseThrow();
        assertThat(record.changedAt()).isEqualTo(NOW);
        assertThat(record.status()).isEqualTo(SerfStatus.FAILED);
    }

    @Test
    void isForgottenOnceNeitherLayerRemembersIt() {
        MemberMachine machine = MemberMachine.resume(member("n", NodeState.DEAD), rules());
        machine.leavePool(NOW.plusSeconds(31));
        Instant dayAfter = NOW.plus(Duration.ofHours(24)).plusSeconds(1);

        assertThat(machine.reap(dayAfter.minusSeconds(1))).isEmpty();
        List<Effect> effects = machine.reap(dayAfter);

        assertThat(eventKinds(effects)).isEqualTo(List.of(MemberEvent.Kind.REAPED));
        Effect.Publish published = only(Effect.Publish.class, effects).get(0);
        assertThat(published.event().orElseThrow().member().status()).isEqualTo(SerfStatus.FAILED);
        assertThat(effects).last().isEqualTo(new Effect.Forget("n"));
    }

    @Test
    void reportsAFailureOrALeaveAsTheIntentBeforeItSays() {
        MemberMachine silent = MemberMachine.resume(member("n", NodeState.ALIVE), rules());
        assertThat(eventKinds(silent.onClaim(new SwimMessage.Dead(5, "n", "n"), NODES, NOW)))
                .isEqualTo(List.of(MemberEvent.Kind.FAILED));
        assertThat(silent.record().orElseThrow().state()).isEqualTo(NodeState.LEFT);

        MemberRecord leaving = member("n", NodeState.ALIVE).withStatus(SerfStatus.LEAVING);
        MemberMachine polite = MemberMachine.resume(leaving, rules());
        assertThat(eventKinds(polite.onClaim(new SwimMessage.Dead(5, "n", "a"), NODES, NOW)))
                .isEqualTo(List.of(MemberEvent.Kind.LEFT));
        assertThat(polite.record().orElseThrow().state()).isEqualTo(NodeState.DEAD);
    }

    @Test
    void rejectsAClaimAboutAnotherMember() {
        MemberMachine machine = MemberMachine.resume(member("n", NodeState.ALIVE), rules());
        assertThatThrownBy(() -> machine.onClaim(aliveClaim("m", 9), NODES, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("m");
    }

    private static MemberMachine unknown(PoolRules rules) {
        return MemberMachine.unknown("n", rules, Optional.empty(), NOW);
    }

    private static List<MemberEvent.Kind> eventKinds(List<Effect> effects) {
        return only(Effect.Publish.class, effects).stream()
                .flatMap(publish -> publish.event().stream())
                .map(MemberEvent::kind)
                .toList();
    }
}
