package io.sotto.gossip;

import io.sotto.gossip.datapath.DatapathCounters;
import io.sotto.gossip.datapath.DatapathSettings;
import io.sotto.gossip.datapath.Inspection;
import io.sotto.gossip.datapath.RejectionLog;
import io.sotto.gossip.datapath.SourceRate;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.gossip.stream.StreamCounters;
import io.sotto.gossip.stream.StreamEncoder;
import io.sotto.gossip.stream.StreamSettings;
import io.sotto.membership.ClaimPolicy;
import io.sotto.membership.GuardSettings;
import io.sotto.membership.LamportFloors;
import io.sotto.membership.SelfMachine;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SwimSettings;
import io.sotto.membership.probe.ProbeMachine;
import io.sotto.membership.probe.Verdict;
import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.crypto.CountedNonceSource;
import io.sotto.wire.crypto.Sealer;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** One actor of each kind of a pool, beside recorders or nothing in place of its neighbours. */
final class SampleActors {
    private static final Limits LIMITS = Limits.defaults();

    private SampleActors() {}

    static Behavior<Members.Command> members(VirtualSystem virtual) {
        ActorRef<LocalMember.Command> local =
                virtual.<LocalMember.Command>recorder().ref();
        return Members.create(new Members.Links(
                view(virtual),
                broadcastsOf(virtual),
                eventsOf(virtual),
                () -> local,
                Samples.inflow(),
                FloodSettings.defaults(),
                Samples.RULES,
                LIMITS,
                virtual.time(),
                refused -> {},
                surplus -> {},
                Samples.doubts(virtual),
                Samples.hearing(virtual.time()),
                Samples.ledger(),
                LamportFloors.none(),
                new PoolCounters()));
    }

    static Behavior<RemoteMember.Command> remoteMember(VirtualSystem virtual) {
        return RemoteMember.create(
                "b",
                Optional.empty(),
                new RemoteMember.Links(
                        membersOf(virtual),
                        broadcastsOf(virtual),
                        Samples.doubts(virtual),
                        view(virtual),
                        Samples.inflow(),
                        Samples.RULES,
                        virtual.time(),
                        refused -> {},
                        Samples.hearing(virtual.time()),
                        Samples.ledger(),
                        new PoolCounters()));
    }

    static Behavior<LocalMember.Command> localMember(VirtualSystem virtual) {
        virtual.tolerateWarning("Refuting a suspect message");
        SelfMachine machine = SelfMachine.create(
                Samples.RULES, NodeAddress.of(Samples.address(1)), Octets.empty(), ProtocolVersions.SERF.toOctets());
        return LocalMember.create(
                machine,
                machine.start(virtual.time().now()),
                new LocalMember.Links(
                        membersOf(virtual),
                        broadcastsOf(virtual),
                        eventsOf(virtual),
                        view(virtual),
                        Samples.inflow(),
                        Samples.RULES,
                        Octets::empty,
                        virtual.time(),
                        new PoolCounters()));
    }

    static Behavior<Broadcasts.Command> broadcasts(VirtualSystem virtual) {
        return Broadcasts.create(
                new Broadcasts.Links(
                        view(virtual),
                        WirePolicy::plain,
                        new TransportSlot(),
                        Samples.inflow(),
                        100,
                        SwimSettings::lan,
                        SerfSettings.serf(),
                        virtual.time(),
                        new SplittableRandom(1),
                        new PoolCounters()),
                new QueueDepths());
    }

    static Behavior<ProbeScheduler.Command> probes(VirtualSystem virtual) {
        return ProbeScheduler.create(new ProbeScheduler.Links(
                membersOf(virtual),
                virtual.<LocalMember.Command>recorder().ref(),
                virtual.<Coordinates.Command>recorder().ref(),
                broadcastsOf(virtual),
                view(virtual),
                Samples.inflow(),
                (to, ping, timeout) -> CompletableFuture.completedFuture(false),
                SwimSettings::lan,
                virtual.time(),
                new SplittableRandom(1),
                Samples.hearing(virtual.time()),
                new PoolCounters()));
    }

    static Behavior<Prover.Command> prover(VirtualSystem virtual) {
        return Prover.create(new Prover.Links(
                membersOf(virtual),
                broadcastsOf(virtual),
                view(virtual),
                Samples.proven(ClaimPolicy.upstream()),
                Samples.inflow(),
                GuardSettings.defaults(),
                SwimSettings::lan,
                virtual.time(),
                new SplittableRandom(1),
                new PoolCounters()));
    }

    /** Pings of which nothing is heard. */
    static Behavior<KeyTrials.Command> keyTrials(VirtualSystem virtual) {
        TransportSlot silent = new TransportSlot();
        silent.trials((to, request, timeout, terms) -> new CompletableFuture<>());
        return KeyTrials.create(new KeyTrials.Links(
                view(virtual),
                new TrialSender(silent, WirePolicy::plain, bytes -> {}),
                virtual.time(),
                new PoolCounters()));
    }

    static Behavior<PauseDetector.Command> pauses(VirtualSystem virtual) {
        return PauseDetector.create(new PauseDetector.Links(
                virtual.<ProbeScheduler.Command>recorder().ref(),
                virtual.<LocalMember.Command>recorder().ref(),
                Samples.hearing(virtual.time()),
                SwimSettings::lan,
                virtual.time(),
                pause -> {}));
    }

    static Behavior<Probe.Command> probe(VirtualSystem virtual) {
        ProbeMachine machine = new ProbeMachine(Samples.SELF, Samples.member("b", 2), 1, 0, SwimSettings.lan());
        return Probe.create(
                machine,
                new Probe.Links(
                        broadcastsOf(virtual),
                        view(virtual),
                        (to, ping, timeout) -> CompletableFuture.completedFuture(false),
                        virtual.time(),
                        new SplittableRandom(1),
                        virtual.<Verdict>recorder().ref()));
    }

    static Behavior<Sync.Command> sync(VirtualSystem virtual) {
        return Sync.create(new Sync.Links(
                membersOf(virtual),
                view(virtual),
                new TransportSlot(),
                Samples.proven(ClaimPolicy.upstream()),
                host -> {
                    throw new UnknownHostException(host);
                },
                Runnable::run,
                Samples.RULES,
                virtual.time(),
                new SplittableRandom(1),
                new PoolCounters()));
    }

    static Behavior<Transport.Command> transport(VirtualSystem virtual) {
        RejectionLog rejections = RejectionLog.create(virtual.time()::wall, line -> {});
        Sealer sealer = new Sealer(new CountedNonceSource(bytes -> {}, () -> 0, () -> 0));
        Transport.Links links = new Transport.Links(
                new MemoryNetwork(),
                Samples.address(1),
                new TransportSlot(),
                WirePolicy::plain,
                DatapathSettings.defaults(),
                StreamSettings.defaults(),
                StreamEncoder.create(sealer),
                () -> sealer,
                SourceRate::none,
                Inspection.counting(rejections),
                new DatapathCounters(),
                new StreamCounters(),
                virtual.<Transport.Bound>recorder().ref());
        return Behaviors.supervise(Transport.create(links))
                .onFailure(SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(10), 0.1));
    }

    static Published<MembersView> view(VirtualSystem virtual) {
        return Samples.view(virtual.<RemoteMember.Command>recorder().ref(), Samples.member("b", 2));
    }

    static ActorRef<Members.Command> membersOf(VirtualSystem virtual) {
        return virtual.<Members.Command>recorder().ref();
    }

    static Behavior<Events.Command> events(VirtualSystem virtual) {
        return Events.create(
                Samples.events(virtual, broadcastsOf(virtual), view(virtual), new Published<>(EventClocks.first())));
    }

    static ActorRef<Events.Command> eventsOf(VirtualSystem virtual) {
        return virtual.<Events.Command>recorder().ref();
    }

    static ActorRef<Broadcasts.Command> broadcastsOf(VirtualSystem virtual) {
        return virtual.<Broadcasts.Command>recorder().ref();
    }
}
