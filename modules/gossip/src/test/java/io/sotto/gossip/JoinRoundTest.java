package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.LamportFloors;
import io.sotto.membership.MemberRecord;
import io.sotto.wire.Limits;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who joins together is shown the others together. */
class JoinRoundTest {
    private static final Duration MOMENT = Duration.ofMillis(20);
    private static final Duration HALF_A_MOMENT = Duration.ofMillis(10);

    private VirtualSystem virtual;
    private VirtualSystem.Recorder<Broadcasts.Command> broadcasts;
    private VirtualSystem.Recorder<LocalMember.Command> local;
    private Published<MembersView> view;
    private ActorRef<Members.Command> members;

    @BeforeEach
    void setUp() throws InterruptedException {
        virtual = new VirtualSystem();
        broadcasts = virtual.recorder();
        local = virtual.recorder();
        view = new Published<>(MembersView.alone(Samples.SELF));
        members = virtual.spawn(Members.create(new Members.Links(
                view,
                broadcasts.ref(),
                virtual.spawn(Events.create(
                        Samples.events(virtual, broadcasts.ref(), view, new Published<>(EventClocks.first())))),
                local::ref,
                Samples.inflow(),
                FloodSettings.defaults(),
                Samples.RULES,
                Limits.defaults(),
                virtual.time(),
                refused -> {},
                surplus -> {},
                Samples.doubts(virtual),
                Samples.hearing(virtual.time()),
                Samples.ledger(),
                LamportFloors.none(),
                new PoolCounters())));
    }

    @AfterEach
    void tearDown() {
        virtual.close();
    }

    @Test
    void whoComesAloneIsAnsweredAtOnceAndSoIsWhoComesLater() throws InterruptedException {
        VirtualSystem.Recorder<PushPull> first = joins(node("b", 2));
        assertThat(first.all()).hasSize(1);
        virtual.pass(MOMENT);

        assertThat(joins(node("c", 3)).all()).hasSize(1);
        virtual.pass(Duration.ofSeconds(1));
        assertThat(introduced()).isEmpty();
    }

    @Test
    void thoseWhoComeRightAfterAnotherAreAnsweredTogetherAndShownEachOther() throws InterruptedException {
        joins(node("b", 2));
        List<VirtualSystem.Recorder<PushPull>> others = new ArrayList<>();
        for (int host = 3; host < 13; host++) {
            others.add(joins(node("m" + host, host)));
        }
        assertThat(others).allMatch(one -> one.all().isEmpty());

        virtual.pass(MOMENT);

        assertThat(others)
                .allSatisfy(one -> assertThat(one.all()).singleElement().satisfies(answer -> {
                    assertThat(answer.join()).isTrue();
                    assertThat(answer.nodes()).hasSize(12);
                }));
    }

    @Test
    void theFirstWhoWasAnsweredBeforeTheOthersCameIsToldOfThem() throws InterruptedException {
        joins(node("b", 2));
        joins(node("c", 3));
        joins(node("d", 4));

        virtual.pass(MOMENT);

        assertThat(introduced()).singleElement().satisfies(introduction -> {
            assertThat(introduction.to()).isEqualTo(Samples.address(2));
            assertThat(introduction.claims())
                    .extracting(SwimMessage.Claim::node)
                    .containsExactly("c", "d");
        });
    }

    @Test
    void nobodyWaitsForLongHoweverManyMoreCome() throws InterruptedException {
        joins(node("b", 2));
        VirtualSystem.Recorder<PushPull> second = joins(node("c", 3));
        for (int i = 0; i < 10; i++) {
            assertThat(second.all()).isEmpty();
            joins(node("m" + i, 10 + i));
            virtual.pass(HALF_A_MOMENT);
        }
        assertThat(second.all()).as("answers after 100 ms").hasSize(1);
    }

    @Test
    void aCrowdIsAnsweredAtOnceBeforeItTakesAllStreams() throws InterruptedException {
        joins(node("b", 2));
        List<VirtualSystem.Recorder<PushPull>> others = new ArrayList<>();
        for (int i = 0; i < 112; i++) {
            others.add(joins(node("m" + i, 10 + i)));
        }
        assertThat(others).allMatch(one -> one.all().size() == 1);
    }

    @Test
    void whoKnowsOthersAlreadyIsNotKeptWaiting() throws InterruptedException {
        joins(node("b", 2));
        assertThat(joins(node("c", 3), node("d", 4)).all()).hasSize(1);
        VirtualSystem.Recorder<PushPull> answers = virtual.recorder();
        virtual.tell(
                members, new Members.Serve(new PushPull(false, List.of(node("e", 5)), Octets.empty()), answers.ref()));
        assertThat(answers.all()).as("no join").hasSize(1);
    }

    @Test
    void whatThePoolThatWeJoinTellsUsIsOldNewsAndWhatWeHearLaterIsNot() throws InterruptedException {
        merge(new PushPull(true, List.of(node("b", 2), node("c", 3)), Octets.empty()));
        assertThat(queued()).hasSize(2).allMatch(Broadcasts.QueueClaim::isOld);
        broadcasts.take();

        merge(new PushPull(true, List.of(node("d", 4)), Octets.empty()));
        assertThat(queued()).singleElement().matches(claim -> !claim.isOld());
    }

    private VirtualSystem.Recorder<PushPull> joins(PushPull.Node... nodes) throws InterruptedException {
        VirtualSystem.Recorder<PushPull> answers = virtual.recorder();
        virtual.tell(members, new Members.Serve(new PushPull(true, List.of(nodes), Octets.empty()), answers.ref()));
        return answers;
    }

    private void merge(PushPull remote) throws InterruptedException {
        VirtualSystem.Recorder<Members.Merged> merged = virtual.recorder();
        virtual.tell(members, new Members.Merge(remote, merged.ref()));
        assertThat(merged.all()).hasSize(1);
    }

    private List<Broadcasts.Introduce> introduced() {
        return told(Broadcasts.Introduce.class);
    }

    private List<Broadcasts.QueueClaim> queued() {
        return told(Broadcasts.QueueClaim.class);
    }

    private <T> List<T> told(Class<T> kind) {
        return broadcasts.all().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static PushPull.Node node(String name, int host) {
        MemberRecord member = Samples.member(name, host);
        return new PushPull.Node(
                name, member.address(), Octets.empty(), 1, NodeState.ALIVE, ProtocolVersions.SERF.toOctets());
    }
}
