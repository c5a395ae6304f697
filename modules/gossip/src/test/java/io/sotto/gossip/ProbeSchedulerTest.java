package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link ProbeScheduler} with its {@link Probe}s. */
class ProbeSchedulerTest {
    private static final Duration PERIOD = SwimSettings.lan().probeInterval();
    private static final Duration TIMEOUT = SwimSettings.lan().probeTimeout();

    private final List<StreamPing> streamPings = new CopyOnWriteArrayList<>();
    private SwimSettings swim = SwimSettings.lan().asUpstream();
    private VirtualSystem virtual;
    private VirtualSystem.Recorder<Members.Command> members;
    private VirtualSystem.Recorder<LocalMember.Command> local;
    private VirtualSystem.Recorder<Coordinates.Command> coordinates;
    private VirtualSystem.Recorder<Broadcasts.Command> broadcasts;
    private Published<MembersView> view = new Published<>(MembersView.alone(Samples.SELF));

    private record StreamPing(
            InetSocketAddress to, SwimMessage.Ping ping, Duration timeout, CompletableFuture<Boolean> answer) {}

    @BeforeEach
    void setUp() throws InterruptedException {
        virtual = new VirtualSystem();
        members = virtual.recorder();
        local = virtual.recorder();
        coordinates = virtual.recorder();
        broadcasts = virtual.recorder();
    }

    @AfterEach
    void tearDown() {
        virtual.close();
    }

    @Test
    void everyMemberHasItsTurnOncePerRound() throws InterruptedException {
        ActorRef<ProbeScheduler.Command> probes =
                spawn(Samples.member("b", 2), Samples.member("c", 3), Samples.member("d", 4));

        for (int round = 0; round < 3; round++) {
            Set<InetSocketAddress> probed = new HashSet<>();
            for (int turn = 0; turn < 3; turn++) {
                Broadcasts.Send ping = awaitPing();
                probed.add(ping.to());
                acknowledge(probes, ping);
            }
            assertThat(probed).hasSize(3);
        }
    }

    @Test
    void anAckInTimeIsGoodForOurHealthAndNothingElseHappens() throws InterruptedException {
        ActorRef<ProbeScheduler.Command> probes = spawn(Samples.member("b", 2), Samples.member("c", 3));

        Broadcasts.Send ping = awaitPing();
        assertThat(ping.takesGossip()).isTrue();
        acknowledge(probes, ping);
        virtual.pass(TIMEOUT.minusMillis(1));

        assertThat(local.all()).containsExactly(new LocalMember.HealthChange(-1));
        assertThat(broadcasts.all()).isEmpty();
        assertThat(streamPings).isEmpty();
        assertThat(members.all()).isEmpty();
    }

    @Test
    void whatADirectAnswerTookAndToldIsMeasuredAndNoOther() throws InterruptedException {
        ActorRef<ProbeScheduler.Command> probes = spawn(Samples.member("b", 2), Samples.member("c", 3));
        Octets payload = Octets.hex("0180");

        SwimMessage.Ping ping = pingOf(awaitPing());
        virtual.pass(Duration.ofMillis(30));
        virtual.tell(
                probes,
                new ProbeScheduler.Acked(
                        new SwimMessage.Ack(ping.seqNo(), payload),
                        virtual.time().now()));
        assertThat(coordinates.take())
                .containsExactly(new Coordinates.Measured(ping.node(), Duration.ofMillis(30), payload));

        SwimMessage.Ping late = pingOf(awaitPing());
        virtual.pass(TIMEOUT);
        virtual.tell(
                probes,
                new ProbeScheduler.Acked(
                        new SwimMessage.Ack(late.seqNo(), payload),
                        virtual.time().now()));
        assertThat(coordinates.all()).isEmpty();
    }

    @Test
    void aMemberThatDoesNotAnswerIsPingedThroughOthersAndByStreamAndThenSuspected() throws InterruptedException {
        spawn(Samples.member("b", 2), Samples.member("c", 3));
        Broadcasts.Send ping = awaitPing();
        String target = pingOf(ping).node();
        broadcasts.take();

        virtual.pass(TIMEOUT);
        assertThat(sends()).singleElement().satisfies(ask -> {
            assertThat(ask.to()).isNotEqualTo(ping.to());
            var request = (SwimMessage.IndirectPing) ask.messages().get(0);
            assertThat(request.node()).isEqualTo(target);
            assertThat(request.seqNo()).isEqualTo(pingOf(ping).seqNo());
            assertThat(request.nack()).isTrue();
        });
        assertThat(streamPings).singleElement().satisfies(stream -> {
            assertThat(stream.to()).isEqualTo(ping.to());
            assertThat(stream.ping().seqNo()).isEqualTo(pingOf(ping).seqNo());
            assertThat(stream.timeout()).isEqualTo(PERIOD.minus(TIMEOUT));
        });
        assertThat(members.all()).isEmpty();
        virtual.pass(PERIOD.minus(TIMEOUT));

        assertThat(members.all()).containsExactly(new Members.Accuse(new SwimMessage.Suspect(1, target, "self"), 0));
        assertThat(local.all()).containsExactly(new LocalMember.HealthChange(1));
    }

    @Test
    void aHelpersNackShowsThatWeHearWellAndCostsNoHealth() throws InterruptedException {
        ActorRef<ProbeScheduler.Command> probes = spawn(Samples.member("b", 2), Samples.member("c", 3));
        Broadcasts.Send ping = awaitPing();
        virtual.pass(TIMEOUT);

        virtual.tell(
                probes,
                new ProbeScheduler.Nacked(new SwimMessage.Nack(pingOf(ping).seqNo()), Samples.address(3)));
        virtual.pass(PERIOD.minus(TIMEOUT));

        assertThat(members.all()).hasSize(1);
        assertThat(local.all()).isEmpty();
    }

    @Test
    void anAckThroughAHelperSavesTheMember() throws InterruptedException {
        ActorRef<ProbeScheduler.Command> probes = spawn(Samples.member("b", 2), Samples.member("c", 3));
        Broadcasts.Send ping = awaitPing();
        virtual.pass(TIMEOUT);

        acknowledge(probes, ping);
        virtual.pass(PERIOD.minus(TIMEOUT).minusMillis(1));

        assertThat(members.all()).isEmpty();
        assertThat(local.all()).containsExactly(new LocalMember.HealthChange(-1));
    }

    @Test
    void anAckByStreamSavesTheMemberAndWarnsOfBrokenDatagrams() throws InterruptedException {
        virtual.expectWarning("Was able to connect to b over TCP but UDP probes failed, network may be misconfigured");
        spawn(Samples.member("b", 2));
        awaitPing();
        virtual.pass(TIMEOUT);

        streamPings.get(0).answer().complete(true);
        virtual.settle();
        virtual.pass(PERIOD.minus(TIMEOUT));

        assertThat(members.all()).isEmpty();
        assertThat(local.all()).containsExactly(new LocalMember.HealthChange(-1));
    }

    @Test
    void aStreamThatFailsSavesNobody() throws InterruptedException {
        spawn(Samples.member("b", 2));
        awaitPing();
        virtual.pass(TIMEOUT);

        streamPings.get(0).answer().completeExceptionally(new IllegalStateException("no stream"));
        virtual.settle();
        virtual.pass(PERIOD.minus(TIMEOUT));

        assertThat(members.all()).hasSize(1);
    }

    @Test
    void aSuspectIsToldSoWithItsPingSoThatItCanRefuteAtOnce() throws InterruptedException {
        spawn(Samples.member("b", 2, NodeState.SUSPECT, SerfStatus.ALIVE));

        Broadcasts.Send ping = awaitPing();

        assertThat(ping.messages()).last().isEqualTo(new SwimMessage.Suspect(1, "b", "self"));
        assertThat(ping.takesGossip()).isFalse();
        assertThat(ping.peerReadsChecksum()).isTrue();
    }

    @Test
    void aNodeOfPoorHealthGivesOthersMoreTimeAndSkipsTheTicksInBetween() throws InterruptedException {
        spawn(Samples.member("b", 2));
        view.set(view.get().withSelf(Samples.SELF, 2));
        awaitPing();
        broadcasts.take();

        virtual.pass(PERIOD.multipliedBy(3).minusMillis(1));
        assertThat(members.all()).isEmpty();
        assertThat(sends()).as("pings while a probe runs").isEmpty();
        virtual.pass(Duration.ofMillis(1));

        assertThat(members.all()).hasSize(1);
    }

    @Test
    void itPingsForOthersAndPassesTheAckOnWithTheirNumber() throws InterruptedException {
        ActorRef<ProbeScheduler.Command> probes = spawn();

        virtual.tell(probes, ask(77, 3, 7_946, true));
        Broadcasts.Send ping = awaitPing();
        assertThat(ping.to()).isEqualTo(Samples.address(3));
        acknowledge(probes, ping);

        assertThat(sends())
                .containsExactly(
                        Broadcasts.Send.withGossip(Samples.address(2), new SwimMessage.Ack(77, Octets.empty())));
        broadcasts.take();
        virtual.pass(TIMEOUT.multipliedBy(2));
        assertThat(broadcasts.all()).as("nacks after an ack").isEmpty();
    }

    @Test
    void whenTheTargetIsSilentItSaysSoAfterATimeoutToWhoeverWantsToKnow() throws InterruptedException {
        ActorRef<ProbeScheduler.Command> probes = spawn();

        virtual.tell(probes, ask(77, 3, 7_946, true));
        virtual.tell(probes, ask(78, 4, 7_946, false));
        broadcasts.take();
        virtual.pass(TIMEOUT.minusMillis(1));
        assertThat(broadcasts.all()).isEmpty();
        virtual.pass(Duration.ofMillis(1));

        assertThat(sends()).containsExactly(Broadcasts.Send.withGossip(Samples.address(2), new SwimMessage.Nack(77)));
    }

    @Test
    void anAckThatComesAfterTheNackIsNotPassedOn() throws InterruptedException {
        ActorRef<ProbeScheduler.Command> probes = spawn();
        virtual.tell(probes, ask(77, 3, 7_946, true));
        Broadcasts.Send ping = awaitPing();
        virtual.pass(TIMEOUT);
        broadcasts.take();

        acknowledge(probes, ping);

        assertThat(broadcasts.all()).isEmpty();
    }

    @Test
    void itPingsForOthersNoMoreThan256TimesAtOnce() throws InterruptedException {
        ActorRef<ProbeScheduler.Command> probes = spawn();

        for (int i = 0; i < 300; i++) {
            probes.tell(ask(i, 3, 7_946, true));
        }
        virtual.settle();
        assertThat(sends()).hasSize(256);
        virtual.pass(TIMEOUT);
        broadcasts.take();
        virtual.tell(probes, ask(301, 3, 7_946, true));

        assertThat(sends()).as("relays once the others are over").hasSize(1);
    }

    @Test
    void anAckOrNackThatNobodyWaitsForIsIgnored() throws InterruptedException {
        ActorRef<ProbeScheduler.Command> probes = spawn(Samples.member("b", 2));
        Broadcasts.Send ping = awaitPing();
        broadcasts.take();

        virtual.tell(
                probes,
                new ProbeScheduler.Acked(
                        new SwimMessage.Ack(pingOf(ping).seqNo() + 9, Octets.empty()),
                        virtual.time().now()));
        virtual.tell(probes, new ProbeScheduler.Nacked(new SwimMessage.Nack(999), Samples.address(3)));
        virtual.pass(PERIOD);

        assertThat(members.all()).as("verdicts").hasSize(1);
    }

    @Test
    void aCautiousNodeAccusesNobodyUnlessAHelperTestifies() throws InterruptedException {
        swim = SwimSettings.lan();
        ActorRef<ProbeScheduler.Command> probes = spawn(Samples.member("b", 2), Samples.member("c", 3));
        awaitPing();
        virtual.pass(PERIOD.plus(TIMEOUT.dividedBy(4)));
        assertThat(members.all())
                .as("claims about a member for which nobody testified")
                .isEmpty();
        assertThat(local.all()).containsExactly(new LocalMember.HealthChange(1));

        Broadcasts.Send ping = awaitPing();
        virtual.pass(PERIOD);
        virtual.tell(
                probes,
                new ProbeScheduler.Nacked(new SwimMessage.Nack(pingOf(ping).seqNo()), Samples.address(3)));
        assertThat(members.all())
                .containsExactly(new Members.Accuse(
                        new SwimMessage.Suspect(1, pingOf(ping).node(), "self"), 1));
    }

    @Test
    void aCautiousNodeThatWaitedForNacksProbesOnAtOnce() throws InterruptedException {
        swim = SwimSettings.lan();
        ActorRef<ProbeScheduler.Command> probes = spawn(Samples.member("b", 2), Samples.member("c", 3));
        Broadcasts.Send ping = awaitPing();
        virtual.pass(PERIOD);
        broadcasts.take();
        virtual.tell(
                probes,
                new ProbeScheduler.Nacked(new SwimMessage.Nack(pingOf(ping).seqNo()), Samples.address(3)));
        assertThat(sends())
                .singleElement()
                .satisfies(next -> assertThat(pingOf(next).seqNo())
                        .isNotEqualTo(pingOf(ping).seqNo()));
    }

    @Test
    void anAckThatComesAfterItsProbeTellsThatTheSuspectAnswers() throws InterruptedException {
        ActorRef<ProbeScheduler.Command> probes = spawn(Samples.member("b", 2, NodeState.SUSPECT, SerfStatus.ALIVE));
        Broadcasts.Send ping = awaitPing();
        virtual.pass(PERIOD);
        assertThat(members.take()).hasSize(1);

        acknowledge(probes, ping);
        acknowledge(probes, ping);

        assertThat(members.all()).containsExactly(new Members.Answered("b"));
    }

    @Test
    void aPauseOfTheProcessEndsTheProbeWithoutAVerdictAboutItsTarget() throws InterruptedException {
        ActorRef<ProbeScheduler.Command> probes = spawn(Samples.member("b", 2));
        awaitPing();

        virtual.tell(probes, ProbeScheduler.Paused.INSTANCE);
        virtual.pass(PERIOD);

        assertThat(members.all()).isEmpty();
        assertThat(local.all()).containsExactly(new LocalMember.HealthChange(1));
    }

    @Test
    void whoHasBeenGoneForLongLeavesTheRing() throws InterruptedException {
        spawn(Samples.member("b", 2), Samples.member("c", 3, NodeState.DEAD, SerfStatus.FAILED));

        virtual.passUntil(
                "a wrap of the ring",
                () -> members.all().contains(new Members.LeavePool(List.of("c"))),
                PERIOD.multipliedBy(4));

        assertThat(members.all()).doesNotContain(new Members.LeavePool(List.of("b")));
    }

    private ActorRef<ProbeScheduler.Command> spawn(MemberRecord... others) throws InterruptedException {
        view = Samples.view(virtual.<RemoteMember.Command>recorder().ref(), others);
        StreamPinger streams = (to, ping, timeout) -> {
            CompletableFuture<Boolean> answer = new CompletableFuture<>();
            streamPings.add(new StreamPing(to, ping, timeout, answer));
            return answer;
        };
        return virtual.spawn(ProbeScheduler.create(new ProbeScheduler.Links(
                members.ref(),
                local.ref(),
                coordinates.ref(),
                broadcasts.ref(),
                view,
                Samples.inflow(),
                streams,
                () -> swim,
                virtual.time(),
                new SplittableRandom(1),
                Samples.hearing(swim.caution(), virtual.time()),
                new PoolCounters())));
    }

    /** The next ping that goes out; what was sent before it is forgotten. */
    private Broadcasts.Send awaitPing() throws InterruptedException {
        virtual.passUntil(
                "a ping",
                () -> sends().stream().anyMatch(send -> send.messages().get(0) instanceof SwimMessage.Ping),
                PERIOD.multipliedBy(2));
        List<Broadcasts.Send> all = sends();
        broadcasts.take();
        return all.get(all.size() - 1);
    }

    private void acknowledge(ActorRef<ProbeScheduler.Command> probes, Broadcasts.Send ping)
            throws InterruptedException {
        virtual.tell(
                probes,
                new ProbeScheduler.Acked(
                        new SwimMessage.Ack(pingOf(ping).seqNo(), Octets.empty()),
                        virtual.time().now()));
    }

    private static ProbeScheduler.AskedToPing ask(long seqNo, int targetHost, int port, boolean nack) {
        return new ProbeScheduler.AskedToPing(
                new SwimMessage.IndirectPing(
                        seqNo,
                        NodeAddress.of(Samples.address(targetHost)).withPort(port),
                        "target",
                        nack,
                        Optional.empty()),
                Samples.address(targetHost),
                Samples.address(2));
    }

    private static SwimMessage.Ping pingOf(Broadcasts.Send send) {
        return (SwimMessage.Ping) send.messages().get(0);
    }

    private List<Broadcasts.Send> sends() {
        return broadcasts.all().stream()
                .filter(Broadcasts.Send.class::isInstance)
                .map(Broadcasts.Send.class::cast)
                .toList();
    }
}
