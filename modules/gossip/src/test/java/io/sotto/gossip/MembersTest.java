package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sotto.membership.Effect;
import io.sotto.membership.LamportFloors;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.Limits;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** {@link Members} with real {@link RemoteMember}s under it. */
class MembersTest {
    private VirtualSystem virtual;
    private VirtualSystem.Recorder<Broadcasts.Command> broadcasts;
    private VirtualSystem.Recorder<LocalMember.Command> local;
    private Published<MembersView> view;
    private Published<EventClocks> clocks;
    private ActorRef<Members.Command> members;
    private FloodSettings flood = FloodSettings.defaults();
    private final List<Effect.Refused> surplus = new CopyOnWriteArrayList<>();

    @BeforeEach
    void setUp() throws InterruptedException {
        virtual = new VirtualSystem();
        broadcasts = virtual.recorder();
        local = virtual.recorder();
        start(Samples.RULES);
    }

    @AfterEach
    void tearDown() {
        virtual.close();
    }

    @Test
    void anAliveCreatesAMemberAndTheViewShowsIt() throws InterruptedException {
        virtual.tell(members, new Members.Heard(Samples.alive("b", 2, 3)));

        assertThat(known("b").incarnation()).isEqualTo(3);
        assertThat(view.get().actorOf("b")).isPresent();
        assertThat(view.get().poolSize()).isEqualTo(2);
    }

    @Test
    void aSuspicionOrDeathOfANameNeverHeardOfCreatesNothing() throws InterruptedException {
        virtual.tell(members, new Members.Heard(new SwimMessage.Suspect(1, "ghost", "b")));
        virtual.tell(members, new Members.Heard(new SwimMessage.Dead(1, "ghost", "b")));

        assertThat(view.get().records()).containsExactly(Samples.SELF);
        assertThat(broadcasts.all()).isEmpty();
    }

    @Test
    void aClaimAboutThisNodeGoesToTheLocalMember() throws InterruptedException {
        SwimMessage.Suspect suspicion = new SwimMessage.Suspect(1, "self", "b");

        virtual.tell(members, new Members.Heard(suspicion));

        assertThat(local.all()).containsExactly(new LocalMember.Heard(suspicion));
    }

    @Test
    void anIntentThatComesBeforeItsMemberIsPassedOnOnceAndKeptForIt() throws InterruptedException {
        Octets original = Octets.utf8("as it came");

        virtual.tell(members, new Members.HeardIntent(new SerfMessage.Leave(41, "b", false), original));
        virtual.tell(members, new Members.HeardIntent(new SerfMessage.Leave(41, "b", false), original));
        assertThat(intents()).containsExactly(original);
        virtual.tell(members, new Members.Heard(Samples.alive("b", 2, 1)));

        assertThat(known("b").status()).isEqualTo(SerfStatus.LEAVING);
        assertThat(known("b").statusLTime()).isEqualTo(41);
    }

    @Test
    void aBufferedIntentExpires() throws InterruptedException {
        virtual.tell(members, new Members.HeardIntent(new SerfMessage.Leave(41, "b", false), Octets.utf8("x")));
        virtual.pass(Duration.ofMinutes(5).plusSeconds(16));

        virtual.tell(members, new Members.Heard(Samples.alive("b", 2, 1)));

        assertThat(known("b").status()).isEqualTo(SerfStatus.ALIVE);
    }

    @Test
    void everyIntentMovesTheClockThatOthersRead() throws InterruptedException {
        virtual.tell(members, new Members.HeardIntent(new SerfMessage.Join(41, "b"), Octets.utf8("x")));
        assertThat(view.get().clock()).isEqualTo(42);

        virtual.tell(members, Members.AnnounceJoin.INSTANCE);
        SerfMessage.Join own = new SerfMessage.Join(42, "self");
        assertThat(local.all()).containsExactly(new LocalMember.HeardIntent(own));
        assertThat(intents()).contains(Broadcasts.body(own));
        assertThat(view.get().clock()).isEqualTo(43);
    }

    @Test
    void aJoinOfOursThatWeDidNotMakeIsOutbid() throws InterruptedException {
        SerfMessage.Join foreign = new SerfMessage.Join(41, "self");

        virtual.tell(members, new Members.HeardIntent(foreign, Octets.utf8("x")));

        SerfMessage.Join own = new SerfMessage.Join(43, "self");
        assertThat(local.all()).containsExactly(new LocalMember.HeardIntent(foreign), new LocalMember.HeardIntent(own));
        assertThat(intents()).containsExactly(Broadcasts.body(own));
    }

    @Test
    void aSecondJoinOfOursIsAboveTheLeaveThatOthersMakeOfTheFirst() throws InterruptedException {
        virtual.tell(members, Members.AnnounceJoin.INSTANCE);
        virtual.tell(members, Members.AnnounceJoin.INSTANCE);

        assertThat(local.all())
                .containsExactly(
                        new LocalMember.HeardIntent(new SerfMessage.Join(1, "self")),
                        new LocalMember.HeardIntent(new SerfMessage.Join(3, "self")));
    }

    @Test
    void aJoinOfOursIsAboveTheLeaveThatOthersMakeOfALeaveInAnEarlierLife() throws InterruptedException {
        SerfMessage.Leave earlier = new SerfMessage.Leave(41, "self", false);

        virtual.tell(members, new Members.HeardIntent(earlier, Octets.utf8("x")));
        virtual.tell(members, Members.AnnounceJoin.INSTANCE);

        assertThat(local.all())
                .containsExactly(
                        new LocalMember.HeardIntent(earlier),
                        new LocalMember.HeardIntent(new SerfMessage.Join(43, "self")));
    }

    @Test
    void aJoinOfOursThatComesBackIsNoNews() throws InterruptedException {
        SerfMessage.Join known = new SerfMessage.Join(Samples.SELF.statusLTime(), "self");

        virtual.tell(members, new Members.HeardIntent(known, Octets.utf8("x")));

        assertThat(local.all()).containsExactly(new LocalMember.HeardIntent(known));
        assertThat(intents()).isEmpty();
    }

    @Test
    void aLeaveOfOursIsStampedBeforeTheLocalMemberLeaves() throws InterruptedException {
        ActorRef<LocalMember.Left> asker = virtual.<LocalMember.Left>recorder().ref();

        virtual.tell(members, new Members.Leave(asker));

        assertThat(local.all())
                .containsExactly(new LocalMember.BeginLeave(new SerfMessage.Leave(1, "self", false), asker));
        assertThat(view.get().clock()).isEqualTo(2);
    }

    @Test
    void aFailedMemberCanBeDeclaredToHaveLeft() throws InterruptedException {
        fail("b");
        broadcasts.take();
        VirtualSystem.Recorder<Boolean> answers = virtual.recorder();

        virtual.tell(members, new Members.ForceLeave("b", false, answers.ref()));

        assertThat(answers.all()).containsExactly(true);
        assertThat(known("b").status()).isEqualTo(SerfStatus.LEFT);
        assertThat(intents()).containsExactly(Broadcasts.body(new SerfMessage.Leave(1, "b", false)));
    }

    @Test
    void withPruneItIsAlsoForgottenAtOnce() throws InterruptedException {
        fail("b");
        broadcasts.take();
        VirtualSystem.Recorder<MemberEvent> events = subscribe();
        events.take();

        virtual.tell(
                members,
                new Members.ForceLeave("b", true, virtual.<Boolean>recorder().ref()));

        assertThat(known("b").isListed()).isFalse();
        assertThat(intents()).containsExactly(Broadcasts.body(new SerfMessage.Leave(1, "b", true)));
        assertThat(events.all())
                .extracting(MemberEvent::kind)
                .containsExactly(MemberEvent.Kind.LEFT, MemberEvent.Kind.REAPED);
        virtual.pass(Duration.ofSeconds(31));
        virtual.tell(members, new Members.LeavePool(List.of("b")));
        assertThat(view.get().find("b")).isEmpty();
    }

    @Test
    void aNameNobodyKnowsCannotBeForcedToLeave() throws InterruptedException {
        VirtualSystem.Recorder<Boolean> answers = virtual.recorder();

        virtual.tell(members, new Members.ForceLeave("ghost", true, answers.ref()));

        assertThat(answers.all()).containsExactly(false);
        assertThat(broadcasts.all()).isEmpty();
    }

    @Test
    void aNameThatWasForgottenCanComeBackWithAnyIncarnation() throws InterruptedException {
        fail("b");
        virtual.tell(
                members,
                new Members.ForceLeave("b", true, virtual.<Boolean>recorder().ref()));
        virtual.pass(Duration.ofSeconds(31));
        virtual.tell(members, new Members.LeavePool(List.of("b")));

        virtual.tell(members, new Members.Heard(Samples.alive("b", 9, 1)));

        assertThat(known("b").state()).isEqualTo(NodeState.ALIVE);
        assertThat(known("b").address()).isEqualTo(Samples.member("b", 9).address());
    }

    @Test
    void aSubscriberIsToldThePresentViewFirstAndThenEachChange() throws InterruptedException {
        virtual.tell(members, new Members.Heard(Samples.alive("b", 2, 1)));
        VirtualSystem.Recorder<MemberEvent> events = subscribe();
        assertThat(told(events)).containsExactly("JOINED self", "JOINED b");

        virtual.tell(members, new Members.Heard(Samples.alive("c", 3, 1)));
        virtual.tell(members, new Members.Heard(new SwimMessage.Dead(1, "b", "c")));
        assertThat(told(events)).containsExactly("JOINED c", "FAILED b");

        virtual.stop(events.ref());
        virtual.tell(members, new Members.Heard(Samples.alive("d", 4, 1)));
        assertThat(events.all()).isEmpty();
    }

    @Test
    void ourOwnChangesAreEventsToo() throws InterruptedException {
        VirtualSystem.Recorder<MemberEvent> events = subscribe();
        events.take();

        virtual.tell(
                members,
                new Members.SelfChanged(
                        Samples.SELF, 3, Optional.of(new MemberEvent(MemberEvent.Kind.UPDATED, Samples.SELF))));

        assertThat(told(events)).containsExactly("UPDATED self");
        assertThat(view.get().healthScore()).isEqualTo(3);
    }

    @Test
    void aPushPullBringsMembersAndWhatSerfKnowsOfThem() throws InterruptedException {
        VirtualSystem.Recorder<Members.Merged> merged = virtual.recorder();
        Octets serf = Broadcasts.body(
                new SerfMessage.PushPullState(50, Map.of("b", 7L, "c", 8L), List.of("c"), 60, List.of(), 70));

        virtual.tell(
                members,
                new Members.Merge(new PushPull(false, List.of(node("b", 2), node("c", 3)), serf), merged.ref()));

        assertThat(merged.all()).containsExactly(new Members.Merged(Optional.empty()));
        assertThat(known("b").status()).isEqualTo(SerfStatus.ALIVE);
        assertThat(known("b").statusLTime()).isEqualTo(7);
        assertThat(known("c").status()).isEqualTo(SerfStatus.LEAVING);
        assertThat(view.get().clock()).isEqualTo(50);
        assertThat(clocks.get()).isEqualTo(new EventClocks(60, 70));
        assertThat(intents()).as("intents of a push/pull that are gossiped on").isEmpty();
    }

    @Test
    void aToldDeathIsOnlyASuspicion() throws InterruptedException {
        virtual.tell(members, new Members.Heard(Samples.alive("b", 2, 1)));
        PushPull.Node dead = new PushPull.Node(
                "b",
                Samples.member("b", 2).address(),
                Octets.empty(),
                1,
                NodeState.DEAD,
                ProtocolVersions.SERF.toOctets());

        merge(new PushPull(false, List.of(dead), Octets.empty()));

        assertThat(known("b").state()).isEqualTo(NodeState.SUSPECT);
    }

    @Test
    void whoeverBeginsAPushPullIsToldOurViewAsItWasBeforeTheirs() throws InterruptedException {
        VirtualSystem.Recorder<PushPull> answers = virtual.recorder();

        virtual.tell(
                members, new Members.Serve(new PushPull(true, List.of(node("b", 2)), Octets.empty()), answers.ref()));

        assertThat(answers.all()).singleElement().satisfies(answer -> {
            assertThat(answer.join()).isTrue();
            assertThat(answer.nodes()).extracting(PushPull.Node::name).containsExactly("self");
        });
        assertThat(known("b").state()).isEqualTo(NodeState.ALIVE);
    }

    @Test
    void aViewThatMixesIncompatibleVersionsIsRefusedWhole() throws InterruptedException {
        PushPull.Node future = new PushPull.Node(
                "z", Samples.member("z", 9).address(), Octets.empty(), 1, NodeState.ALIVE, Octets.hex("090909020505"));

        Members.Merged merged = merge(new PushPull(false, List.of(node("b", 2), future), Octets.empty()));

        assertThat(merged.objection()).isPresent();
        assertThat(view.get().records()).hasSize(1);
    }

    @Test
    void theAdmissionRuleIsAskedAboutAJoinAsAWhole() throws InterruptedException {
        PoolRules rules = new PoolRules(
                "self",
                Samples.RULES.swim(),
                Samples.RULES.serf(),
                candidates -> candidates.size() > 1 ? Optional.of("too many at once") : Optional.empty(),
                Samples.RULES.networks(),
                Samples.RULES.claims());
        start(rules);
        List<PushPull.Node> two = List.of(node("b", 2), node("c", 3));

        assertThat(merge(new PushPull(true, two, Octets.empty())).objection()).contains("too many at once");
        assertThat(view.get().records()).hasSize(1);
        assertThat(merge(new PushPull(false, two, Octets.empty())).objection()).isEmpty();
        assertThat(view.get().records()).hasSize(3);
    }

    @Test
    void userStateThatIsNoneOfSerfsIsReportedAndTheMembersStillCount() throws InterruptedException {
        virtual.expectWarning("Remote state is not a push/pull message");

        merge(new PushPull(false, List.of(node("b", 2)), Octets.hex("ff00")));

        assertThat(known("b").state()).isEqualTo(NodeState.ALIVE);
    }

    @Test
    void soManyNewNamesBecomeMembersAtOnceAndSoManyASecond() throws InterruptedException {
        flood = new FloodSettings(1, 1, 100_000, 100, 5, 20, 1_000, 256, 1 << 20, 16);
        start(Samples.RULES);

        for (int i = 0; i < 100; i++) {
            members.tell(new Members.Heard(Samples.alive("invented-" + i, 2, 1)));
        }
        virtual.settle();
        assertThat(view.get().records()).hasSize(1 + 20);
        assertThat(surplus).hasSize(80);
        virtual.pass(Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            members.tell(new Members.Heard(Samples.alive("invented-" + i, 2, 2)));
        }
        virtual.settle();

        assertThat(view.get().records()).hasSize(1 + 25);
        assertThat(known("invented-0").incarnation())
                .as("who is known is heard")
                .isEqualTo(2);
    }

    @Test
    void theAnswerToOurOwnExchangeBringsAllItsMembersUpToTheMost() throws InterruptedException {
        flood = new FloodSettings(1, 1, 100_000, 100, 5, 20, 60, 256, 1 << 20, 16);
        start(Samples.RULES);
        List<PushPull.Node> nodes =
                IntStream.range(0, 50).mapToObj(i -> node("member-" + i, 2)).toList();

        virtual.tell(
                members,
                new Members.Serve(
                        new PushPull(false, nodes, Octets.empty()),
                        virtual.<PushPull>recorder().ref()));
        assertThat(view.get().records()).as("an exchange of theirs").hasSize(1 + 20);
        merge(new PushPull(false, nodes, Octets.empty()));
        assertThat(view.get().records()).as("an exchange of ours").hasSize(1 + 50);
        merge(new PushPull(
                false,
                IntStream.range(0, 50).mapToObj(i -> node("more-" + i, 2)).toList(),
                Octets.empty()));

        assertThat(view.get().records()).as("the most").hasSize(1 + 60);
    }

    @Test
    void eventsThatComeByTheThousandAreNotAllWrittenAndNamesAreMadeHarmless() throws InterruptedException {
        flood = new FloodSettings(1, 1, 100_000, 100, 0, 1, 100_000, 256, 1 << 20, 16);
        start(Samples.RULES);
        Logger logger = (Logger) LoggerFactory.getLogger(Members.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            for (int i = 0; i < 2_000; i++) {
                members.tell(new Members.Heard(Samples.alive("evil\nserf: EventMemberFailed: db" + i, 2, 1)));
            }
            virtual.settle();
            assertThat(lines.list).hasSizeBetween(1_000, 1_100);
            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .allMatch(line -> line.startsWith("serf: EventMemberJoin: evil?serf: EventMemberFailed: db"));
            int unwritten = 2_000 - lines.list.size();
            virtual.pass(Duration.ofSeconds(10));
            virtual.tell(members, new Members.Heard(Samples.alive("late", 2, 1)));

            assertThat(lines.list)
                    .last()
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .asString()
                    .endsWith("(" + unwritten + " events before it went unwritten)");
        } finally {
            logger.detachAppender(lines);
        }
    }

    private void start(PoolRules rules) throws InterruptedException {
        view = new Published<>(MembersView.alone(Samples.SELF));
        clocks = new Published<>(EventClocks.first());
        members = virtual.spawn(Members.create(new Members.Links(
                view,
                broadcasts.ref(),
                virtual.spawn(Events.create(Samples.events(virtual, broadcasts.ref(), view, clocks))),
                local::ref,
                Samples.inflow(),
                flood,
                rules,
                Limits.defaults(),
                virtual.time(),
                refused -> {},
                surplus::add,
                Samples.doubts(virtual),
                Samples.hearing(virtual.time()),
                Samples.ledger(),
                LamportFloors.none(),
                new PoolCounters())));
    }

    private void fail(String name) throws InterruptedException {
        virtual.tell(members, new Members.Heard(Samples.alive(name, 2, 1)));
        virtual.tell(members, new Members.Heard(new SwimMessage.Dead(1, name, "c")));
        assertThat(known(name).status()).isEqualTo(SerfStatus.FAILED);
    }

    private Members.Merged merge(PushPull remote) throws InterruptedException {
        VirtualSystem.Recorder<Members.Merged> merged = virtual.recorder();
        virtual.tell(members, new Members.Merge(remote, merged.ref()));
        return merged.all().get(0);
    }

    private VirtualSystem.Recorder<MemberEvent> subscribe() throws InterruptedException {
        VirtualSystem.Recorder<MemberEvent> events = virtual.recorder();
        virtual.tell(members, new Members.Subscribe(events.ref()));
        return events;
    }

    private static List<String> told(VirtualSystem.Recorder<MemberEvent> events) {
        return events.take().stream()
                .map(event -> event.kind() + " " + event.member().name())
                .toList();
    }

    private MemberRecord known(String name) {
        return view.get().find(name).orElseThrow();
    }

    private static PushPull.Node node(String name, int host) {
        return new PushPull.Node(
                name,
                Samples.member(name, host).address(),
                Octets.empty(),
                1,
                NodeState.ALIVE,
                ProtocolVersions.SERF.toOctets());
    }

    private List<Octets> intents() {
        return broadcasts.all().stream()
                .filter(Broadcasts.QueueIntent.class::isInstance)
                .map(command -> ((Broadcasts.QueueIntent) command).body())
                .toList();
    }
}
