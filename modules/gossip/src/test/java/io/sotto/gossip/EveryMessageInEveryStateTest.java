package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.keys.KeyReport;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.gossip.rotation.Clearance;
import io.sotto.gossip.rotation.Rotation;
import io.sotto.gossip.rotation.RotationRequest;
import io.sotto.gossip.rotation.RotationSettings;
import io.sotto.gossip.snapshot.SnapshotCounters;
import io.sotto.gossip.snapshot.SnapshotKeeper;
import io.sotto.gossip.snapshot.SnapshotSettings;
import io.sotto.membership.LamportFloors;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.query.SottoQuery;
import io.sotto.membership.rotation.Attendance;
import io.sotto.membership.rotation.RotationCause;
import io.sotto.membership.rotation.RotationMachine;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.membership.upshift.SelfReport;
import io.sotto.wire.Limits;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.Tags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No actor of a pool leaves a message of its family unhandled, whatever its state: silence is a decision. Of this length since
 * each actor is here, in each of its states.
 */
class EveryMessageInEveryStateTest {
    private static final Limits LIMITS = Limits.defaults();

    /** Brings a fresh actor into the state in question. */
    private interface State<C> {
        void enter(VirtualSystem virtual, ActorRef<C> actor) throws InterruptedException;
    }

    private interface Fresh<C> {
        Behavior<C> create(VirtualSystem virtual) throws InterruptedException;
    }

    private sealed interface Question {}

    private record Answered() implements Question {}

    /** Made by reflection, like every sample. */
    @SuppressWarnings("UnusedNestedClass")
    private record Asked(String what) implements Question {}

    @Test
    void anActorThatForgetsAMessageIsFound() {
        Fresh<Question> forgetful = virtual -> Behaviors.receive(Question.class)
                .onMessage(Answered.class, answered -> Behaviors.same())
                .build();

        assertThatThrownBy(() -> each(Question.class, "b", forgetful, nothing(), "idle"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("unhandled messages");
    }

    @Test
    void members() throws Exception {
        each(Members.Command.class, "b", SampleActors::members, nothing(), "keeping");
    }

    @Test
    void remoteMember() throws Exception {
        each(RemoteMember.Command.class, "b", SampleActors::remoteMember, nothing(), "active");
    }

    @Test
    void localMember() throws Exception {
        SerfMessage.Leave intent = new SerfMessage.Leave(5, "self", false);
        State<LocalMember.Command> leave = (virtual, self) -> virtual.tell(
                self,
                new LocalMember.BeginLeave(
                        intent, virtual.<LocalMember.Left>recorder().ref()));
        for (int seconds : List.of(0, 6, 10, 12)) {
            each(
                    LocalMember.Command.class,
                    "self",
                    SampleActors::localMember,
                    (virtual, self) -> {
                        leave.enter(virtual, self);
                        virtual.pass(Duration.ofSeconds(seconds));
                    },
                    "leaving for " + seconds + " s");
        }
        each(LocalMember.Command.class, "self", SampleActors::localMember, nothing(), "member");
    }

    @Test
    void events() throws Exception {
        each(Events.Command.class, "b", SampleActors::events, nothing(), "open");
    }

    @Test
    void broadcasts() throws Exception {
        each(Broadcasts.Command.class, "b", SampleActors::broadcasts, nothing(), "spreading");
    }

    @Test
    void pauseDetector() throws Exception {
        each(PauseDetector.Command.class, "b", SampleActors::pauses, nothing(), "watching");
    }

    @Test
    void probeScheduler() throws Exception {
        each(ProbeScheduler.Command.class, "b", SampleActors::probes, nothing(), "idle");
        each(
                ProbeScheduler.Command.class,
                "b",
                SampleActors::probes,
                (virtual, probes) -> virtual.pass(Duration.ofSeconds(1)),
                "probing");
    }

    @Test
    void prover() throws Exception {
        each(Prover.Command.class, "b", SampleActors::prover, nothing(), "asking nobody");
        each(
                Prover.Command.class,
                "b",
                SampleActors::prover,
                (virtual, prover) -> virtual.tell(prover, new Prover.Spoke(Samples.address(7))),
                "asking");
    }

    @Test
    void keyTrials() throws Exception {
        each(KeyTrials.Command.class, "b", SampleActors::keyTrials, nothing(), "trying nobody");
        each(
                KeyTrials.Command.class,
                "b",
                SampleActors::keyTrials,
                (virtual, trials) -> virtual.tell(
                        trials,
                        new KeyTrials.Try(
                                Optional.of(GossipKey.of(new byte[16])),
                                Set.of("b"),
                                virtual.<KeyFindings>recorder().ref())),
                "trying");
    }

    @Test
    void probe() throws Exception {
        each(Probe.Command.class, "b", SampleActors::probe, nothing(), "waiting for the ack");
        each(
                Probe.Command.class,
                "b",
                SampleActors::probe,
                (virtual, probe) -> virtual.pass(Duration.ofMillis(600)),
                "waiting for others");
    }

    @Test
    void sync() throws Exception {
        each(Sync.Command.class, "b", SampleActors::sync, nothing(), "syncing");
    }

    @Test
    void retryJoin() throws Exception {
        Fresh<RetryJoin.Command> fresh = virtual -> RetryJoin.create(
                virtual.<Sync.Command>recorder().ref(), "LAN", List.of("10.0.0.2"), Duration.ofSeconds(30), 0);
        each(
                RetryJoin.Command.class,
                "b",
                fresh,
                (virtual, retry) -> virtual.tolerateWarning("Join cluster failed, will retry"),
                "trying");
        Fresh<RetryJoin.Command> refused = virtual -> RetryJoin.create(
                virtual.spawn(Behaviors.receiveMessage(command -> {
                    ((Sync.Join) command).replyTo().tell(new JoinReport(0, List.of()));
                    return Behaviors.same();
                })),
                "LAN",
                List.of("10.0.0.2"),
                Duration.ofSeconds(30),
                0);
        each(
                RetryJoin.Command.class,
                "b",
                refused,
                (virtual, retry) -> virtual.tolerateWarning("Join cluster failed, will retry"),
                "waiting");
    }

    @Test
    void transport() throws Exception {
        each(Transport.Command.class, "b", SampleActors::transport, nothing(), "bound");
        each(
                Transport.Command.class,
                "b",
                SampleActors::transport,
                // The lost endpoint of the sample is another one, so nothing fails; PoolStartTest loses the present
                // one.
                (virtual, transport) -> virtual.tell(
                        transport,
                        new Transport.Carry(
                                batch -> {}, request -> CompletableFuture.completedFuture(Optional.empty()))),
                "carrying");
    }

    @Test
    void keyKeeper() throws Exception {
        Fresh<KeyKeeper.Command> fresh = virtual -> KeyKeeper.create(KeySettings.none(), ring -> {});
        each(KeyKeeper.Command.class, "b", fresh, nothing(), "closed");
        each(
                KeyKeeper.Command.class,
                "b",
                fresh,
                (virtual, keeper) -> virtual.tell(
                        keeper,
                        new KeyKeeper.Open(virtual.<KeyKeeper.Opened>recorder().ref())),
                "open");
    }

    @Test
    void keyInquiry() throws Exception {
        Fresh<KeyInquiry.Command> fresh = virtual -> KeyInquiry.create(
                inquiries(virtual),
                new KeyInquiry.Task(KeyOperation.LIST, Optional.empty(), KeyInquiry.Audience.ALL, 0),
                virtual.<KeyReport>recorder().ref());
        each(KeyInquiry.Command.class, "b", fresh, nothing(), "asking");
        each(
                KeyInquiry.Command.class,
                "b",
                virtual -> KeyInquiry.create(
                        withEvents(inquiries(virtual), firstOver(virtual)),
                        new KeyInquiry.Task(KeyOperation.LIST, Optional.empty(), KeyInquiry.Audience.ALL, 0),
                        virtual.<KeyReport>recorder().ref()),
                nothing(),
                "asking once more");
        each(
                KeyInquiry.Command.class,
                "b",
                virtual -> KeyInquiry.create(
                        withEvents(inquiries(virtual), over(virtual)),
                        new KeyInquiry.Task(KeyOperation.LIST, Optional.empty(), KeyInquiry.Audience.ALL, 0),
                        virtual.<KeyReport>recorder().ref()),
                nothing(),
                "ours");
    }

    @Test
    void keyStatus() throws Exception {
        each(
                KeyStatus.Command.class,
                "b",
                virtual -> KeyStatus.create(
                        sottos(inquiries(virtual)),
                        0,
                        virtual.<KeyReport>recorder().ref()),
                nothing(),
                "reading");
        each(
                KeyStatus.Command.class,
                "b",
                virtual -> KeyStatus.create(
                        sottos(withEvents(inquiries(virtual), firstOver(virtual))),
                        0,
                        virtual.<KeyReport>recorder().ref()),
                nothing(),
                "reading, some asked once more");
        each(
                KeyStatus.Command.class,
                "b",
                virtual -> KeyStatus.create(
                        inquiries(virtual), 0, virtual.<KeyReport>recorder().ref()),
                nothing(),
                "waiting");
    }

    @Test
    void reportInquiry() throws Exception {
        each(
                ReportInquiry.Command.class,
                "b",
                virtual -> ReportInquiry.create(
                        new ReportInquiry.Links(
                                SampleActors.eventsOf(virtual),
                                sottos(inquiries(virtual)).view(),
                                () -> Optional.of(new SelfReport(
                                        List.of("01abcdef"),
                                        true,
                                        true,
                                        "",
                                        true,
                                        Optional.empty(),
                                        Instant.EPOCH,
                                        "0.1.0")),
                                Duration.ofMillis(200)),
                        virtual.<MemberReports>recorder().ref()),
                nothing(),
                "asking");
    }

    @Test
    void plaintextWatch() throws Exception {
        PlaintextPhase phase = new PlaintextPhase(Instant.EPOCH, Optional.empty());
        each(
                PlaintextWatch.Command.class,
                "b",
                virtual -> PlaintextWatch.create(Optional::empty, virtual.time()),
                nothing(),
                "quiet");
        each(
                PlaintextWatch.Command.class,
                "b",
                virtual -> {
                    virtual.tolerateWarning("memberlist: plaintext is accepted");
                    return PlaintextWatch.create(() -> Optional.of(phase), virtual.time());
                },
                nothing(),
                "open");
    }

    private static KeyInquiry.Links inquiries(VirtualSystem virtual) {
        return new KeyInquiry.Links(
                SampleActors.eventsOf(virtual),
                virtual.<KeyKeeper.Command>recorder().ref(),
                SampleActors.view(virtual),
                () -> WirePolicy.sealed(Keyring.of(GossipKey.of(new byte[16]))),
                LIMITS,
                Duration.ofMillis(200));
    }

    private static KeyInquiry.Links withEvents(KeyInquiry.Links links, ActorRef<Events.Command> events) {
        return new KeyInquiry.Links(
                events, links.keyring(), links.view(), links.policy(), links.limits(), links.lookInterval());
    }

    /** The same where the other member is sotto's. */
    private static KeyInquiry.Links sottos(KeyInquiry.Links links) {
        MembersView view = links.view().get();
        MemberRecord b = view.find("b").orElseThrow();
        MemberRecord tagged = new MemberRecord(
                b.name(),
                b.address(),
                Tags.encode(Map.of(SottoQuery.TAG, SottoQuery.TAG_VALUE)),
                b.vsn(),
                b.incarnation(),
                b.state(),
                b.changedAt(),
                b.status(),
                b.statusLTime(),
                b.pooled());
        MembersView told = view.with(tagged, view.actorOf("b").orElseThrow());
        return new KeyInquiry.Links(
                links.events(), links.keyring(), () -> told, links.policy(), links.limits(), links.lookInterval());
    }

    /** Of which every query is over at once. */
    private static ActorRef<Events.Command> over(VirtualSystem virtual) {
        return over(virtual, Integer.MAX_VALUE);
    }

    /** Of which the first query is over at once, and no other. */
    private static ActorRef<Events.Command> firstOver(VirtualSystem virtual) {
        return over(virtual, 1);
    }

    private static ActorRef<Events.Command> over(VirtualSystem virtual, int most) {
        AtomicInteger over = new AtomicInteger();
        return virtual.spawn(Behaviors.receiveMessage(command -> {
            if (command instanceof Events.AskOwn ask) {
                ask.replyTo().tell(new QueryProgress.Started(1, 1, Duration.ofSeconds(1)));
                if (over.getAndIncrement() < most) {
                    ask.replyTo().tell(new QueryProgress.Finished(0, 0));
                }
            }
            return Behaviors.same();
        }));
    }

    @Test
    void rotation() throws Exception {
        Keyring ring = Keyring.of(GossipKey.of(new byte[16]));
        Fresh<Rotation.Command> fresh = virtual -> Rotation.create(
                RotationSettings.defaults(),
                new Rotation.Links(
                        "self",
                        Optional.empty(),
                        () -> ring,
                        virtual.<KeyKeeper.Command>recorder().ref(),
                        (operation, key, relayFactor, replyTo) -> {},
                        () -> Attendance.of(List.of("self"), List.of(), List.of()),
                        Optional::empty,
                        Clearance.always(),
                        () -> List.of("self"),
                        new SealCounter(),
                        virtual.time()::wall,
                        bytes -> {},
                        Printable::of,
                        progress -> {}));
        each(Rotation.Command.class, "b", fresh, nothing(), "idle");
        each(
                Rotation.Command.class,
                "b",
                fresh,
                (virtual, rotation) -> virtual.tell(
                        rotation,
                        new Rotation.Ask(
                                new RotationRequest.Start(RotationCause.ASKED, RotationMachine.Beginning.SETTLED),
                                virtual.<RotationProgress>recorder().ref())),
                "rotating");
    }

    @Test
    void coordinates() throws Exception {
        Fresh<Coordinates.Command> fresh = virtual -> Coordinates.create(new Coordinates.Links(
                SampleActors.membersOf(virtual),
                SampleActors.view(virtual),
                new CoordinateBook("self"),
                virtual.time(),
                new SplittableRandom(1),
                new PoolCounters()));
        each(
                Coordinates.Command.class,
                "b",
                fresh,
                (virtual, coordinates) -> virtual.tolerateWarning("Unsupported ping version"),
                "locating");
    }

    @Test
    void snapshotKeeper(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("local.snapshot");
        // Work for the disk waits until the test lets it go on.
        List<Runnable> disk = new CopyOnWriteArrayList<>();
        Fresh<SnapshotKeeper.Command> fresh = virtual -> {
            virtual.tolerateWarning("Failed to ");
            disk.clear();
            return SnapshotKeeper.create(
                    SnapshotSettings.in(file),
                    new SnapshotKeeper.Links(LamportFloors::none, 10, disk::add, new SnapshotCounters()));
        };
        each(SnapshotKeeper.Command.class, "b", fresh, nothing(), "closed");
        State<SnapshotKeeper.Command> open = (virtual, keeper) -> virtual.tell(
                keeper,
                new SnapshotKeeper.Open(
                        virtual.<SnapshotKeeper.Opened>recorder().ref()));
        each(SnapshotKeeper.Command.class, "b", fresh, open, "opening");
        State<SnapshotKeeper.Command> opened = (virtual, keeper) -> {
            open.enter(virtual, keeper);
            disk.forEach(Runnable::run);
            virtual.settle();
        };
        each(SnapshotKeeper.Command.class, "b", fresh, opened, "recording");
        Files.delete(file);
        Files.createDirectory(file);
        each(SnapshotKeeper.Command.class, "b", fresh, opened, "off");
    }

    @Test
    void rejoin() throws Exception {
        Fresh<Rejoin.Command> fresh =
                virtual -> rejoin(virtual, virtual.<Sync.Command>recorder().ref());
        each(
                Rejoin.Command.class,
                "b",
                fresh,
                // An address that does not answer in time is passed by.
                (virtual, rejoin) -> virtual.tolerateWarning("Failed to re-join"),
                "trying");
        Fresh<Rejoin.Command> refused = virtual -> rejoin(virtual, virtual.spawn(Behaviors.receiveMessage(command -> {
            ((Sync.Rejoin) command).replyTo().tell(new JoinReport(0, List.of()));
            return Behaviors.same();
        })));
        each(
                Rejoin.Command.class,
                "b",
                refused,
                (virtual, rejoin) -> virtual.tolerateWarning("Failed to re-join"),
                "waiting");
    }

    private static Behavior<Rejoin.Command> rejoin(VirtualSystem virtual, ActorRef<Sync.Command> sync) {
        return Rejoin.create(new Rejoin.Links(
                List.of("b/10.0.0.2:7946"),
                sync,
                SampleActors.view(virtual),
                Duration.ofSeconds(30),
                new SplittableRandom(1),
                new PoolCounters()));
    }

    @Test
    void pool() throws Exception {
        eachOfPool("running", rig -> rig.start("self"));
        eachOfPool("leaving", rig -> {
            VirtualPools.Node node = rig.start("self");
            rig.join(node, rig.start("other").target());
            leave(rig, node);
            return node;
        });
        eachOfPool("left", rig -> {
            VirtualPools.Node node = rig.start("self");
            leave(rig, node);
            return node;
        });
        eachOfPool("failed", rig -> {
            rig.sockets.down(true);
            return rig.start("self");
        });
    }

    private interface PoolInState {
        VirtualPools.Node start(VirtualPools rig) throws InterruptedException;
    }

    private static void leave(VirtualPools rig, VirtualPools.Node node) throws InterruptedException {
        VirtualSystem.Recorder<GossipPool.Left> left = rig.virtual.recorder();
        rig.virtual.tell(node.pool(), new GossipPool.Leave(left.ref()));
    }

    private static void eachOfPool(String state, PoolInState inState) throws Exception {
        for (int i = 0; i < GossipPool.Command.class.getPermittedSubclasses().length; i++) {
            try (VirtualPools rig = new VirtualPools()) {
                VirtualPools.Node node = inState.start(rig);
                ActorRef<?> anybody = rig.virtual.recorder().ref();
                rig.virtual.tell(
                        node.pool(),
                        SampleCommands.of(GossipPool.Command.class, "self", anybody)
                                .get(i));
            } catch (AssertionError e) {
                throw new AssertionError("GossipPool in state " + state + ": " + e.getMessage(), e);
            }
        }
    }

    private static <C> void each(Class<C> family, String about, Fresh<C> fresh, State<C> state, String name)
            throws Exception {
        int samples = 1;
        for (int i = 0; i < samples; i++) {
            try (VirtualSystem virtual = new VirtualSystem()) {
                ActorRef<C> actor = virtual.spawn(fresh.create(virtual));
                state.enter(virtual, actor);
                List<C> commands =
                        SampleCommands.of(family, about, virtual.recorder().ref());
                assertThat(commands).isNotEmpty();
                samples = commands.size();
                virtual.tell(actor, commands.get(i));
            } catch (AssertionError e) {
                throw new AssertionError(family + " in state " + name + ": " + e.getMessage(), e);
            }
        }
    }

    private static <C> State<C> nothing() {
        return (virtual, actor) -> {};
    }
}
