package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.datapath.Inbound;
import io.sotto.membership.Claims;
import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link Inflow} at work in the {@link Router}: the actors are recorders, which never give room back. */
class InflowTest {
    private static final int MAX = 100;
    private static final int FLOOD = 1_000;
    private static final InetSocketAddress SOURCE = Samples.address(9);

    private final Inflow inflow = new Inflow(MAX);
    private final List<Rejection> rejections = new CopyOnWriteArrayList<>();
    private VirtualSystem virtual;
    private VirtualSystem.Recorder<Members.Command> members;
    private VirtualSystem.Recorder<LocalMember.Command> local;
    private VirtualSystem.Recorder<ProbeScheduler.Command> probes;
    private VirtualSystem.Recorder<RemoteMember.Command> member;
    private VirtualSystem.Recorder<Events.Command> events;
    private Router router;

    @BeforeEach
    void setUp() throws InterruptedException {
        virtual = new VirtualSystem();
        members = virtual.recorder();
        local = virtual.recorder();
        probes = virtual.recorder();
        member = virtual.recorder();
        events = virtual.recorder();
        inflow.open(member.ref());
        Published<MembersView> view = Samples.view(member.ref(), Samples.member("b", 2));
        router = new Router(
                new Router.Targets(
                        members.ref(),
                        local.ref(),
                        probes.ref(),
                        events.ref(),
                        Samples.hearing(virtual.time()),
                        inflow),
                Answers.create(Claims.GUARDED, FloodSettings.defaults(), view, virtual.time(), 1),
                Samples.credence(virtual.system().ignoreRef()),
                view,
                "self",
                Limits.defaults(),
                virtual.time(),
                rejections::add);
    }

    @AfterEach
    void tearDown() {
        virtual.close();
    }

    @Test
    void claimsFillTheirMailboxesTogetherAndLeaveRoomForAllElse() throws InterruptedException {
        for (int i = 0; i < FLOOD; i++) {
            route(Samples.alive("b", 2, 2 + i));
            route(Samples.alive("invented-" + i, 3, 1));
            route(new SwimMessage.User(Octets.wrap(SerfCodec.encode(new SerfMessage.Join(i, "invented-" + i)))));
        }
        virtual.settle();

        assertThat(members.all().size() + member.all().size()).isEqualTo(MAX);
        assertThat(member.all()).isNotEmpty();
        assertThat(inflow.claimsWaiting()).isEqualTo(MAX);
        assertThat(inflow.claimsRefused()).isEqualTo(3 * FLOOD - MAX);
        assertThat(rejections).hasSize(3 * FLOOD - MAX);
        assertThat(rejections).allMatch(rejection -> rejection.reason() == Rejection.Reason.OVERLOAD);

        route(new SwimMessage.Ack(1, Octets.empty()));
        route(new SwimMessage.Ping(1, "self", Optional.empty()));
        virtual.settle();
        assertThat(probes.all()).hasSize(1);
        assertThat(local.all()).hasSize(1);
    }

    @Test
    void acksGoBeforePingsForOthersAndPingsBeforeClaimsAboutUs() throws InterruptedException {
        for (int i = 0; i < FLOOD; i++) {
            route(new SwimMessage.IndirectPing(i, NodeAddress.of(Samples.address(2)), "b", true, Optional.empty()));
            route(new SwimMessage.Suspect(1, "self", "b"));
        }
        virtual.settle();
        assertThat(probes.all()).hasSize(MAX / 2);
        assertThat(local.all()).hasSize(MAX / 2);

        for (int i = 0; i < FLOOD; i++) {
            route(new SwimMessage.Ack(i, Octets.empty()));
            route(new SwimMessage.Nack(i));
        }
        assertThat(inflow.probesWaiting()).isEqualTo(MAX);
        route(new SwimMessage.Ping(1, "self", Optional.empty()));
        assertThat(inflow.localWaiting()).isEqualTo(MAX / 2 + 1);
    }

    @Test
    void eventsAndQueriesFillHalfOfTheirMailboxAndLongOnesCountAsSeveral() {
        for (int i = 0; i < FLOOD; i++) {
            route(serf(new SerfMessage.UserEvent(1, "e" + i, Octets.empty(), false)));
        }
        assertThat(events.all()).hasSizeLessThanOrEqualTo(MAX / 2);
        assertThat(inflow.eventsWaiting()).isEqualTo(MAX / 2);
        for (int i = 0; i < FLOOD; i++) {
            route(serf(new SerfMessage.QueryResponse(1, i, "b", 0, Octets.empty())));
        }
        assertThat(inflow.eventsWaiting()).isEqualTo(MAX);
        assertThat(inflow.eventsRefused()).isEqualTo(2 * FLOOD - MAX);

        inflow.leftEvents(10 * 1_024);
        assertThat(inflow.eventsWaiting()).isEqualTo(MAX - 11);
        route(serf(new SerfMessage.QueryResponse(1, 1, "b", 0, Octets.wrap(new byte[12 * 1_024]))));
        assertThat(inflow.eventsWaiting()).as("too long for the room there is").isEqualTo(MAX - 11);
        route(serf(new SerfMessage.QueryResponse(1, 1, "b", 0, Octets.wrap(new byte[9 * 1_024]))));
        assertThat(inflow.eventsWaiting()).isEqualTo(MAX - 1);
    }

    private static SwimMessage serf(SerfMessage message) {
        return new SwimMessage.User(Broadcasts.body(message));
    }

    @Test
    void whatIsTakenUpMakesRoomAndNeverMoreThanThereWas() {
        for (int i = 0; i < FLOOD; i++) {
            route(Samples.alive("b", 2, 2 + i));
        }
        inflow.left(member.ref());
        route(Samples.alive("b", 2, 2));
        route(Samples.alive("b", 2, 2));

        assertThat(inflow.claimsWaiting()).isEqualTo(MAX);
        for (int i = 0; i < FLOOD; i++) {
            inflow.left(member.ref());
        }
        assertThat(inflow.claimsWaiting()).isZero();
    }

    @Test
    void anActorThatEndsGivesBackTheRoomOfWhatItNeverTookUp() {
        ActorRef<RemoteMember.Command> other =
                virtual.<RemoteMember.Command>recorder().ref();
        inflow.open(other);
        for (int i = 0; i < 30; i++) {
            assertThat(inflow.enter(member.ref())).isTrue();
            assertThat(inflow.enter(other)).isTrue();
        }

        inflow.close(member.ref());
        assertThat(inflow.claimsWaiting()).isEqualTo(30);
        assertThat(inflow.enter(member.ref())).as("what it is told is lost").isTrue();
        inflow.left(member.ref());
        inflow.close(member.ref());

        assertThat(inflow.claimsWaiting()).isEqualTo(30);
    }

    private void route(SwimMessage message) {
        router.routeAll(List.of(new Inbound(message, SOURCE, true)));
    }
}
