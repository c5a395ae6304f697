package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sotto.membership.Claims;
import io.sotto.membership.GuardSettings;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SelfMachine;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalMemberTest {
    private static final SerfMessage.Leave INTENT = new SerfMessage.Leave(5, "self", false);
    private static final InetSocketAddress ASKER = Samples.address(2);

    private PoolRules rules = Samples.RULES;
    private VirtualSystem virtual;
    private VirtualSystem.Recorder<Members.Command> members;
    private VirtualSystem.Recorder<Broadcasts.Command> broadcasts;
    private VirtualSystem.Recorder<LocalMember.Left> left;
    private Octets ackPayload = Octets.empty();

    @BeforeEach
    void setUp() throws InterruptedException {
        virtual = new VirtualSystem();
        members = virtual.recorder();
        broadcasts = virtual.recorder();
        left = virtual.recorder();
    }

    @AfterEach
    void tearDown() {
        virtual.close();
    }

    @Test
    void itBeginsByGossipingThatItIsAlive() throws InterruptedException {
        spawn();

        assertThat(claims()).containsExactly(Samples.alive("self", 1, 1));
        assertThat(changes())
                .singleElement()
                .satisfies(change ->
                        assertThat(change.event().map(MemberEvent::kind)).contains(MemberEvent.Kind.JOINED));
    }

    @Test
    void itAnswersPingsAsAMemberWhileItLeavesAndWhenItIsGone() throws InterruptedException {
        ActorRef<LocalMember.Command> self = spawn(Samples.member("b", 2));

        assertThat(ping(self, 1, "self")).containsExactly(ack(1));
        virtual.tell(self, new LocalMember.BeginLeave(INTENT, left.ref()));
        assertThat(ping(self, 2, "self")).containsExactly(ack(2));
        virtual.pass(Duration.ofSeconds(7));
        assertThat(ping(self, 3, "self")).containsExactly(ack(3));
        virtual.pass(Duration.ofSeconds(10));
        assertThat(left.all()).hasSize(1);
        assertThat(ping(self, 4, "self")).containsExactly(ack(4));
    }

    @Test
    void anAckCarriesWhatThereIsToTellAtThatMoment() throws InterruptedException {
        ActorRef<LocalMember.Command> self = spawn();
        ackPayload = Octets.hex("01");
        assertThat(ping(self, 1, "self").get(0).messages()).containsExactly(new SwimMessage.Ack(1, Octets.hex("01")));
        ackPayload = Octets.empty();
        assertThat(ping(self, 2, "self").get(0).messages()).containsExactly(new SwimMessage.Ack(2, Octets.empty()));
    }

    @Test
    void itAnswersAPingThatNamesNobodyButNotOneForAnother() throws InterruptedException {
        virtual.expectWarning("Got ping for unexpected node 'other'");
        ActorRef<LocalMember.Command> self = spawn();

        assertThat(ping(self, 1, "")).containsExactly(ack(1));
        assertThat(ping(self, 2, "other")).isEmpty();
    }

    @Test
    void itAnswersWhereItMay() throws InterruptedException {
        ActorRef<LocalMember.Command> self = spawn();
        var asker = new SwimMessage.Asker(NodeAddress.of(Samples.address(9)), "b");

        virtual.tell(
                self,
                new LocalMember.Pinged(new SwimMessage.Ping(1, "self", Optional.of(asker)), ASKER, Samples.address(9)));

        assertThat(sends())
                .singleElement()
                .satisfies(send -> assertThat(send.to()).isEqualTo(Samples.address(9)));
    }

    @Test
    void itRefutesASuspicionAndThinksLessOfItsOwnHealth() throws InterruptedException {
        virtual.expectWarning("Refuting a suspect message (from: b)");
        ActorRef<LocalMember.Command> self = spawn();

        virtual.tell(self, new LocalMember.Heard(new SwimMessage.Suspect(1, "self", "b")));

        assertThat(claims()).last().isEqualTo(Samples.alive("self", 1, 2));
        assertThat(changes())
                .last()
                .satisfies(change -> assertThat(change.healthScore()).isEqualTo(1));
    }

    @Test
    void whereClaimsAreGuardedAnAccuserIsAnsweredInPersonAndOnce() throws InterruptedException {
        virtual.expectWarning("Refuting a suspect message (from: b)");
        rules = rules.withClaims(
                Claims.GUARDED.policy(GuardSettings.defaults(), rules.swim().probeInterval()));
        ActorRef<LocalMember.Command> self = spawn();
        var accusation = new SwimMessage.Suspect(1, "self", "b");

        virtual.tell(self, new LocalMember.Heard(accusation));
        assertThat(sends()).as("what came by an exchange of views").isEmpty();
        virtual.tell(self, new LocalMember.Heard(accusation, Optional.of(ASKER)));
        virtual.tell(self, new LocalMember.Heard(accusation, Optional.of(ASKER)));
        virtual.tell(self, new LocalMember.Heard(accusation, Optional.of(Samples.address(9))));

        var answer = List.<SwimMessage>of(Samples.alive("self", 1, 2));
        assertThat(sends())
                .containsExactly(
                        new Broadcasts.Send(ASKER, answer, false, false),
                        new Broadcasts.Send(Samples.address(9), answer, false, false));
    }

    @Test
    void somebodyElsesLeaveIntentAboutItIsAnsweredByAJoinIntent() throws InterruptedException {
        ActorRef<LocalMember.Command> self = spawn();

        virtual.tell(self, new LocalMember.HeardIntent(INTENT));

        assertThat(members.all()).last().isEqualTo(Members.AnnounceJoin.INSTANCE);
    }

    @Test
    void itLeavesByTheIntentFirstAndTheDeathOnceTheIntentIsOut() throws InterruptedException {
        ActorRef<LocalMember.Command> self = spawn(Samples.member("b", 2));
        broadcasts.take();

        virtual.tell(self, new LocalMember.BeginLeave(INTENT, left.ref()));
        Broadcasts.QueueIntent intent = leaveIntent();
        assertThat(intent.body()).isEqualTo(Broadcasts.body(INTENT));
        virtual.pass(Duration.ofSeconds(1));
        assertThat(broadcasts.all()).as("news before the intent is out").isEmpty();

        virtual.tell(intent.whenOut(), Broadcasts.Transmitted.INTENT);
        virtual.pass(Duration.ofMillis(399));
        assertThat(broadcasts.all())
                .as("news before others passed the intent on")
                .isEmpty();
        virtual.pass(Duration.ofMillis(1));
        Broadcasts.QueueClaim death = (Broadcasts.QueueClaim) broadcasts.take().get(0);
        assertThat(death.claim()).isEqualTo(new SwimMessage.Dead(1, "self", "self"));

        virtual.tell(death.whenOut(), Broadcasts.Transmitted.CLAIM);
        virtual.pass(Duration.ofMillis(999));
        assertThat(left.all()).as("answers while it lingers").isEmpty();
        virtual.pass(Duration.ofMillis(1));
        assertThat(left.all()).hasSize(1);
        assertThat(changes()).last().satisfies(change -> {
            assertThat(change.record().state()).isEqualTo(NodeState.LEFT);
            assertThat(change.record().status()).isEqualTo(SerfStatus.LEFT);
            assertThat(change.event().map(MemberEvent::kind)).contains(MemberEvent.Kind.LEFT);
        });
    }

    @Test
    void itTellsTheMembersOfASmallPoolInPersonThatItLeaves() throws InterruptedException {
        ActorRef<LocalMember.Command> self = spawn(Samples.member("b", 2), Samples.member("c", 3));

        virtual.tell(self, new LocalMember.BeginLeave(INTENT, left.ref()));

        assertThat(sends())
                .extracting(Broadcasts.Send::to, Broadcasts.Send::messages)
                .containsExactlyInAnyOrder(
                        tuple(Samples.address(2), List.of(new SwimMessage.User(Broadcasts.body(INTENT)))),
                        tuple(Samples.address(3), List.of(new SwimMessage.User(Broadcasts.body(INTENT)))));
    }

    @Test
    void newsThatCannotBeSentHoldsALeaveUpForABoundedTime() throws InterruptedException {
        ActorRef<LocalMember.Command> self = spawn(Samples.member("b", 2));

        virtual.tell(self, new LocalMember.BeginLeave(INTENT, left.ref()));
        virtual.pass(Duration.ofMillis(11_399));
        assertThat(left.all()).isEmpty();
        virtual.pass(Duration.ofMillis(1));

        assertThat(left.all()).hasSize(1);
    }

    @Test
    void anIntentThatIsOutTooLateDoesNotPassForTheDeath() throws InterruptedException {
        ActorRef<LocalMember.Command> self = spawn(Samples.member("b", 2));
        broadcasts.take();

        virtual.tell(self, new LocalMember.BeginLeave(INTENT, left.ref()));
        Broadcasts.QueueIntent intent = leaveIntent();
        virtual.pass(Duration.ofSeconds(5));
        virtual.tell(intent.whenOut(), Broadcasts.Transmitted.INTENT);
        virtual.pass(Duration.ofSeconds(4));

        assertThat(left.all()).as("answers before the death is out").isEmpty();
    }

    @Test
    void itLeavesAtOnceWhenNobodyIsThereToHearIt() throws InterruptedException {
        ActorRef<LocalMember.Command> self = spawn();

        virtual.tell(self, new LocalMember.BeginLeave(INTENT, left.ref()));

        assertThat(left.all()).hasSize(1);
        assertThat(changes())
                .last()
                .satisfies(change -> assertThat(change.record().status()).isEqualTo(SerfStatus.LEFT));
    }

    @Test
    void everyoneWhoAskedForALeaveIsAnswered() throws InterruptedException {
        ActorRef<LocalMember.Command> self = spawn(Samples.member("b", 2));

        virtual.tell(self, new LocalMember.BeginLeave(INTENT, left.ref()));
        virtual.tell(self, new LocalMember.BeginLeave(new SerfMessage.Leave(6, "self", false), left.ref()));
        virtual.pass(Duration.ofSeconds(20));
        virtual.tell(self, new LocalMember.BeginLeave(new SerfMessage.Leave(7, "self", false), left.ref()));

        assertThat(left.all()).hasSize(3);
        assertThat(broadcasts.all().stream().filter(Broadcasts.QueueIntent.class::isInstance))
                .as("leave intents")
                .hasSize(1);
    }

    @Test
    void newTagsAreGossipedWithTheNextIncarnation() throws InterruptedException {
        ActorRef<LocalMember.Command> self = spawn();

        virtual.tell(self, new LocalMember.UpdateMeta(Octets.utf8("tags")));

        assertThat(claims()).last().satisfies(claim -> {
            assertThat(claim.incarnation()).isEqualTo(2);
            assertThat(((SwimMessage.Alive) claim).meta()).isEqualTo(Octets.utf8("tags"));
        });
    }

    @Test
    void anotherNodeOfItsNameIsReportedAndNotBelieved() throws InterruptedException {
        virtual.expectWarning("Node name conflicts with another node at 10.0.0.9:7946. Names must be unique!");
        ActorRef<LocalMember.Command> self = spawn();
        int before = changes().size();

        virtual.tell(self, new LocalMember.Heard(Samples.alive("self", 9, 50)));

        assertThat(changes()).hasSize(before);
    }

    private ActorRef<LocalMember.Command> spawn(MemberRecord... others) throws InterruptedException {
        SelfMachine machine = SelfMachine.create(
                rules, NodeAddress.of(Samples.address(1)), Octets.empty(), ProtocolVersions.SERF.toOctets());
        Published<MembersView> view =
                Samples.view(virtual.<RemoteMember.Command>recorder().ref(), others);
        return virtual.spawn(LocalMember.create(
                machine,
                machine.start(virtual.time().now()),
                new LocalMember.Links(
                        members.ref(),
                        broadcasts.ref(),
                        virtual.<Events.Command>recorder().ref(),
                        view,
                        Samples.inflow(),
                        rules,
                        () -> ackPayload,
                        virtual.time(),
                        new PoolCounters())));
    }

    private Broadcasts.QueueIntent leaveIntent() throws InterruptedException {
        return broadcasts.take().stream()
                .filter(Broadcasts.QueueIntent.class::isInstance)
                .map(Broadcasts.QueueIntent.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private List<Broadcasts.Send> ping(ActorRef<LocalMember.Command> self, long seqNo, String node)
            throws InterruptedException {
        broadcasts.take();
        virtual.tell(self, new LocalMember.Pinged(new SwimMessage.Ping(seqNo, node, Optional.empty()), ASKER, ASKER));
        return sends();
    }

    private static Broadcasts.Send ack(long seqNo) {
        return Broadcasts.Send.withGossip(ASKER, new SwimMessage.Ack(seqNo, Octets.empty()));
    }

    private List<Broadcasts.Send> sends() {
        return broadcasts.all().stream()
                .filter(Broadcasts.Send.class::isInstance)
                .map(Broadcasts.Send.class::cast)
                .toList();
    }

    private List<SwimMessage.Claim> claims() {
        return broadcasts.all().stream()
                .filter(Broadcasts.QueueClaim.class::isInstance)
                .map(command -> ((Broadcasts.QueueClaim) command).claim())
                .toList();
    }

    private List<Members.SelfChanged> changes() {
        return members.all().stream()
                .filter(Members.SelfChanged.class::isInstance)
                .map(Members.SelfChanged.class::cast)
                .toList();
    }
}
