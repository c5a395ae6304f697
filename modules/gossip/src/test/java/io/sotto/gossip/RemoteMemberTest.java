package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Claims;
import io.sotto.membership.Effect;
import io.sotto.membership.GuardSettings;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteMemberTest {
    private static final SwimMessage.Suspect SUSPICION = new SwimMessage.Suspect(1, "b", "self");

    private final List<Effect.Refused> refused = new CopyOnWriteArrayList<>();
    private final SuspicionLedger ledger = Samples.ledger();
    private PoolRules rules = Samples.RULES;
    private VirtualSystem virtual;
    private VirtualSystem.Recorder<Members.Command> members;
    private VirtualSystem.Recorder<Broadcasts.Command> broadcasts;

    @BeforeEach
    void setUp() throws InterruptedException {
        virtual = new VirtualSystem();
        members = virtual.recorder();
        broadcasts = virtual.recorder();
    }

    @AfterEach
    void tearDown() {
        virtual.close();
    }

    @Test
    void aFirstAliveMakesItAMemberAndIsGossipedOn() throws InterruptedException {
        ActorRef<RemoteMember.Command> b = spawn(Optional.empty());

        virtual.tell(b, new RemoteMember.Heard(Samples.alive("b", 2, 7)));

        assertThat(published()).singleElement().satisfies(change -> {
            assertThat(change.after().state()).isEqualTo(NodeState.ALIVE);
            assertThat(change.after().incarnation()).isEqualTo(7);
            assertThat(change.event().map(MemberEvent::kind)).contains(MemberEvent.Kind.JOINED);
        });
        assertThat(gossiped()).containsExactly(Samples.alive("b", 2, 7));
    }

    @Test
    void anIntentThatCameBeforeItDecidesItsStatus() throws InterruptedException {
        ActorRef<RemoteMember.Command> b = spawn(Optional.of(new SerfMessage.Leave(9, "b", false)));

        virtual.tell(b, new RemoteMember.Heard(Samples.alive("b", 2, 1)));

        assertThat(published()).singleElement().satisfies(change -> {
            assertThat(change.after().status()).isEqualTo(SerfStatus.LEAVING);
            assertThat(change.after().statusLTime()).isEqualTo(9);
        });
    }

    @Test
    void aSuspicionBecomesADeathWhenNobodyContradictsItInTime() throws InterruptedException {
        ActorRef<RemoteMember.Command> b = spawn(Optional.empty(), Samples.member("b", 2));

        virtual.tell(b, new RemoteMember.Heard(SUSPICION));
        virtual.pass(Duration.ofMillis(3_999));
        assertThat(gossiped()).containsExactly(SUSPICION);
        virtual.pass(Duration.ofMillis(1));

        assertThat(gossiped()).containsExactly(SUSPICION, new SwimMessage.Dead(1, "b", "self"));
        assertThat(published())
                .extracting(change -> change.after().state())
                .containsExactly(NodeState.SUSPECT, NodeState.DEAD);
        assertThat(published().get(1).event().map(MemberEvent::kind)).contains(MemberEvent.Kind.FAILED);
    }

    @Test
    void aRefutationEndsTheSuspicion() throws InterruptedException {
        ActorRef<RemoteMember.Command> b = spawn(Optional.empty(), Samples.member("b", 2));

        virtual.tell(b, new RemoteMember.Heard(SUSPICION));
        virtual.tell(b, new RemoteMember.Heard(Samples.alive("b", 2, 2)));
        virtual.pass(Duration.ofMinutes(1));

        assertThat(published())
                .extracting(change -> change.after().state())
                .containsExactly(NodeState.SUSPECT, NodeState.ALIVE);
    }

    @Test
    void afterAFailureItGoesOnFromThePublishedRecord() throws InterruptedException {
        virtual.expectWarning("Supervisor RestartSupervisor saw failure");
        MemberRecord known = Samples.member("b", 2);
        ActorRef<RemoteMember.Command> b = spawn(Optional.empty(), known);

        virtual.tell(b, new RemoteMember.Heard(Samples.alive("c", 3, 1)));
        virtual.tell(b, new RemoteMember.Heard(Samples.alive("b", 2, 1)));
        assertThat(published()).as("an incarnation it knew before it failed").isEmpty();
        virtual.tell(b, new RemoteMember.Heard(Samples.alive("b", 2, 2)));

        assertThat(published()).singleElement().satisfies(change -> {
            assertThat(change.before()).contains(known);
            assertThat(change.event()).isEmpty();
        });
    }

    @Test
    void afterAFailureARunningSuspicionStartsAnew() throws InterruptedException {
        virtual.expectWarning("Supervisor RestartSupervisor saw failure");
        ActorRef<RemoteMember.Command> b =
                spawn(Optional.empty(), Samples.member("b", 2, NodeState.SUSPECT, SerfStatus.ALIVE));
        virtual.pass(Duration.ofSeconds(3));

        virtual.tell(b, new RemoteMember.Heard(Samples.alive("c", 3, 1)));
        virtual.pass(Duration.ofSeconds(3));
        assertThat(published()).isEmpty();
        virtual.pass(Duration.ofSeconds(1));

        assertThat(published()).extracting(change -> change.after().state()).containsExactly(NodeState.DEAD);
    }

    @Test
    void newsOfGossipIsPassedOnAsItCameAndNewsOfAPushPullIsNot() throws InterruptedException {
        ActorRef<RemoteMember.Command> b = spawn(Optional.empty(), Samples.member("b", 2));
        Octets original = Octets.utf8("as it came");

        virtual.tell(b, new RemoteMember.HeardIntent(new SerfMessage.Leave(3, "b", false), Optional.of(original)));
        virtual.tell(b, new RemoteMember.HeardIntent(new SerfMessage.Leave(3, "b", false), Optional.of(original)));
        virtual.tell(b, new RemoteMember.HeardIntent(new SerfMessage.Join(4, "b"), Optional.empty()));

        assertThat(broadcasts.all())
                .singleElement()
                .satisfies(queued ->
                        assertThat(((Broadcasts.QueueIntent) queued).body()).isEqualTo(original));
        assertThat(published())
                .extracting(change -> change.after().status())
                .containsExactly(SerfStatus.LEAVING, SerfStatus.ALIVE);
    }

    @Test
    void aMemberThatNeitherLayerRemembersIsForgottenAndItsActorStops() throws InterruptedException {
        ActorRef<RemoteMember.Command> b =
                spawn(Optional.empty(), Samples.member("b", 2, NodeState.DEAD, SerfStatus.FAILED));

        virtual.tell(b, RemoteMember.LeavePool.INSTANCE);
        assertThat(members.all()).noneMatch(Members.Forgotten.class::isInstance);
        virtual.tell(b, RemoteMember.Reap.INSTANCE);

        assertThat(members.all()).last().isInstanceOf(Members.Forgotten.class);
        assertThat(published().get(1).event().map(MemberEvent::kind)).contains(MemberEvent.Kind.REAPED);
        members.take();
        virtual.tell(b, new RemoteMember.Heard(Samples.alive("b", 2, 9)));
        assertThat(members.all()).as("what a stopped actor says").isEmpty();
    }

    @Test
    void anotherAddressForALivingNameIsAConflictAndChangesNothing() throws InterruptedException {
        virtual.expectWarning("Conflicting address for b. Mine: 10.0.0.2:7946 Theirs: 10.0.0.9:7946 Old state: ALIVE");
        ActorRef<RemoteMember.Command> b = spawn(Optional.empty(), Samples.member("b", 2));

        virtual.tell(b, new RemoteMember.Heard(Samples.alive("b", 9, 5)));

        assertThat(published()).isEmpty();
    }

    @Test
    void aClaimThatMakesNoSenseIsReportedAndAnUnknownNameStaysUnknown() throws InterruptedException {
        ActorRef<RemoteMember.Command> b = spawn(Optional.empty());
        SwimMessage.Alive senseless = new SwimMessage.Alive(
                1, "b", Samples.member("b", 2).address(), Octets.empty(), Octets.hex("050102020505"));

        virtual.tell(b, new RemoteMember.Heard(senseless));

        assertThat(refused).extracting(Effect.Refused::claim).containsExactly(senseless);
        assertThat(members.all()).singleElement().isInstanceOf(Members.Forgotten.class);
    }

    @Test
    void whoSuspectsTheDeadLateIsToldThatWeDidToo() throws InterruptedException {
        rules = rules.withClaims(
                Claims.GUARDED.policy(GuardSettings.defaults(), rules.swim().probeInterval()));
        MemberRecord dead = Samples.member(
                "b", 2, NodeState.DEAD, SerfStatus.FAILED, virtual.time().now());
        ActorRef<RemoteMember.Command> b = spawn(Optional.empty(), dead);
        var late = new RemoteMember.SuspectedLate(new SwimMessage.Suspect(1, "b", "late"), Samples.address(9));

        virtual.tell(b, late);
        assertThat(broadcasts.all()).as("the death is news yet").isEmpty();
        virtual.pass(rules.swim().probeInterval());
        virtual.tell(b, late);
        virtual.tell(b, late);

        assertThat(broadcasts.all())
                .containsExactly(new Broadcasts.Send(
                        Samples.address(9), List.of(new SwimMessage.Suspect(1, "b", "self")), false, false));
    }

    private ActorRef<RemoteMember.Command> spawn(Optional<SerfMessage.Intent> buffered, MemberRecord... known)
            throws InterruptedException {
        Published<MembersView> view =
                Samples.view(virtual.<RemoteMember.Command>recorder().ref(), known);
        var links = new RemoteMember.Links(
                members.ref(),
                broadcasts.ref(),
                Samples.doubts(virtual),
                view,
                Samples.inflow(),
                rules,
                virtual.time(),
                refused::add,
                Samples.hearing(virtual.time()),
                ledger,
                new PoolCounters());
        return virtual.spawn(
                Behaviors.supervise(RemoteMember.create("b", buffered, links)).onFailure(SupervisorStrategy.restart()));
    }

    private List<Effect.Publish> published() {
        return members.all().stream()
                .filter(Members.Changed.class::isInstance)
                .map(command -> ((Members.Changed) command).change())
                .toList();
    }

    private List<SwimMessage.Claim> gossiped() {
        return broadcasts.all().stream()
                .filter(Broadcasts.QueueClaim.class::isInstance)
                .map(command -> ((Broadcasts.QueueClaim) command).claim())
                .toList();
    }
}
