package io.sotto.gossip;

import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.gossip.rotation.Rotation;
import io.sotto.gossip.snapshot.SnapshotKeeper;
import io.sotto.gossip.stream.StreamThreads;
import io.sotto.membership.Effect;
import io.sotto.membership.LamportFloors;
import io.sotto.membership.SelfMachine;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Rejection;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Spawns the children of a {@link GossipPool}, each under the supervision that suits it, and makes them known to each
 * other. Used by the pool's actor only. Of this length because each child's needs are listed where it is made, in the order
 * in which they come to know each other; the sockets are in {@link TransportWiring}.
 *
 * <p>Over 400 lines: the one place in which the actors of a pool are told of each other.
 */
final class PoolWiring {
    /**
     * The children that requests are passed to once the pool runs, and the address that it advertises.
     *
     * @param retimed tells those that tick that the timing in force is another
     */
    record Children(
            ActorRef<KeyKeeper.Command> keyring,
            ActorRef<Members.Command> members,
            ActorRef<LocalMember.Command> local,
            ActorRef<Sync.Command> sync,
            ActorRef<SnapshotKeeper.Command> snapshot,
            ActorRef<Events.Command> events,
            Runnable retimed,
            ActorRef<Rotation.Command> rotation,
            ActorRef<KeyTrials.Command> trials,
            NodeAddress address) {}

    /** What an earlier life left, and who writes it down for the next. */
    record Memory(ActorRef<SnapshotKeeper.Command> keeper, SnapshotKeeper.Opened opened) {}

    static final String RETRY_JOIN = "retry-join";
    static final String REJOIN = "rejoin";

    private final ActorContext<GossipPool.Command> context;
    private final PoolSettings settings;
    private final PoolEnvironment environment;
    private final PoolState state;
    private final Supervision supervision;

    PoolWiring(
            ActorContext<GossipPool.Command> context,
            PoolSettings settings,
            PoolEnvironment environment,
            PoolState state) {
        this.context = context;
        this.settings = settings;
        this.environment = environment;
        this.state = state;
        this.supervision = state.counters().supervision();
    }

    ActorRef<KeyKeeper.Command> keyring() {
        return context.spawn(
                // The ring in force is right whatever happened; only a command was lost.
                supervision.resume(
                        ActorKind.KEYRING,
                        KeyKeeper.Command.class,
                        KeyKeeper.create(settings.keys(), state::publishRing)),
                "keyring",
                DispatcherSelector.blocking());
    }

    /** The keeper of the snapshot file, which the settings name. */
    ActorRef<SnapshotKeeper.Command> snapshot() {
        return context.spawn(
                // What it remembers is right whatever happened; a write that failed is made good by the next.
                supervision.resume(
                        ActorKind.SNAPSHOT,
                        SnapshotKeeper.Command.class,
                        SnapshotKeeper.create(
                                settings.snapshot(),
                                new SnapshotKeeper.Links(
                                        () -> seen(state.clocks()),
                                        settings.flood().membersMax(),
                                        blocking(),
                                        state.snapshot())),
                        SnapshotKeeper.Amend.INSTANCE),
                "snapshot",
                DispatcherSelector.blocking());
    }

    private static LamportFloors seen(PoolState.Clocks clocks) {
        return LamportFloors.below(clocks.members(), clocks.events(), clocks.queries());
    }

    private Executor blocking() {
        return context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
    }

    /** Looks for the members that an earlier life of this node knew to be alive, and keeps the snapshot up to date. */
    void remember(SnapshotKeeper.Opened opened, Children children) {
        children.members().tell(new Members.Subscribe(opened.events()));
        String self = settings.rules().self();
        String ownAddress = children.address().toString();
        List<String> others = opened.previous().entrySet().stream()
                .filter(known ->
                        !known.getKey().equals(self) && !known.getValue().equals(ownAddress))
                .map(known -> known.getKey() + "/" + known.getValue())
                // Their order is then chance's alone.
                .sorted()
                .toList();
        if (others.isEmpty()) {
            return;
        }
        context.spawn(
                // It keeps nothing that a new beginning would miss.
                supervision.restart(
                        ActorKind.REJOIN,
                        Rejoin.Command.class,
                        Rejoin.create(new Rejoin.Links(
                                others,
                                children.sync(),
                                state.view(),
                                settings.rules().serf().reconnectInterval(),
                                environment.randoms().get(),
                                state.counters()))),
                REJOIN,
                DispatcherSelector.sameAsParent());
    }

    void retryJoin(ActorRef<Sync.Command> sync) {
        var joining = settings.joining();
        context.spawn(
                // It keeps nothing that a new beginning would miss.
                supervision.restart(
                        ActorKind.RETRY_JOIN,
                        RetryJoin.Command.class,
                        RetryJoin.create(
                                sync,
                                settings.name().toUpperCase(Locale.ROOT),
                                joining.retry(),
                                joining.interval(),
                                joining.maxRounds())),
                RETRY_JOIN,
                DispatcherSelector.sameAsParent());
    }

    /** Spawns the rest of the tree around a bound port and lets the transport carry. */
    Children start(
            ActorRef<KeyKeeper.Command> keyring,
            InetSocketAddress bound,
            TransportSlot slot,
            ActorRef<Transport.Command> transport,
            Optional<Memory> memory) {
        NodeAddress address =
                NodeAddress.of(new InetSocketAddress(settings.advertise().orElse(bound.getAddress()), bound.getPort()));
        var rules = settings.rules().withTiming(state::swim);
        SelfMachine machine = SelfMachine.create(
                rules, address, settings.meta(), settings.versions().toOctets());
        PoolTime time = environment.time();
        List<Effect> beginning = machine.start(time.now());
        state.view().set(MembersView.alone(machine.record()));

        var broadcasts = context.spawn(
                supervision.resume(
                        ActorKind.BROADCASTS,
                        Broadcasts.Command.class,
                        Broadcasts.create(
                                new Broadcasts.Links(
                                        state.view(),
                                        state::policy,
                                        slot,
                                        state.inflow(),
                                        settings.flood().newsMax(),
                                        state::swim,
                                        rules.serf(),
                                        time,
                                        environment.randoms().get(),
                                        state.counters()),
                                state.queues())),
                "broadcasts",
                DispatcherSelector.sameAsParent());
        Answers answers = Answers.create(
                settings.claims(),
                settings.flood(),
                state.view(),
                time,
                environment.randoms().get().nextLong());
        LamportFloors floors = memory.map(kept -> kept.opened().floors()).orElseGet(LamportFloors::none);
        state.eventClocks().set(EventClocks.above(floors));
        var events = context.spawn(
                supervision.resume(
                        ActorKind.EVENTS,
                        Events.Command.class,
                        Events.create(new Events.Links(
                                broadcasts,
                                keyring,
                                state.view(),
                                state::policy,
                                new SottoAnswers(state::policy, new SelfReports(state)::present),
                                state.eventClocks(),
                                answers,
                                state.inflow(),
                                settings.flood(),
                                rules,
                                settings.claims(),
                                floors,
                                settings.datapath().limits(),
                                time,
                                environment.randoms(),
                                rejection -> state.rejections().message(rejection, state.policy()),
                                state.counters())),
                        Events.Amend.INSTANCE),
                "events",
                DispatcherSelector.sameAsParent());
        // Members and the local member know each other; what reached Members before it knew would be lost, and is
        // nothing.
        Published<ActorRef<LocalMember.Command>> knownLocal =
                new Published<>(context.getSystem().deadLetters());
        Published<ActorRef<Prover.Command>> knownProver =
                new Published<>(context.getSystem().deadLetters());
        Published<ActorRef<Sync.Command>> knownSync =
                new Published<>(context.getSystem().deadLetters());
        var members = context.spawn(
                supervision.resume(
                        ActorKind.MEMBERS,
                        Members.Command.class,
                        Members.create(new Members.Links(
                                state.view(),
                                broadcasts,
                                events,
                                knownLocal,
                                state.inflow(),
                                settings.flood(),
                                rules,
                                settings.datapath().limits(),
                                time,
                                refused -> countRefused(Rejection.Reason.CLAIM, refused),
                                surplus -> countRefused(Rejection.Reason.OVERLOAD, surplus),
                                new Doubts(knownProver, knownSync, state.inflow(), state.proven()),
                                state.hearing(),
                                state.ledger(),
                                floors,
                                state.counters())),
                        Members.Amend.INSTANCE),
                "members",
                DispatcherSelector.sameAsParent());
        var local = context.spawn(
                supervision.resume(
                        ActorKind.LOCAL,
                        LocalMember.Command.class,
                        LocalMember.create(
                                machine,
                                beginning,
                                new LocalMember.Links(
                                        members,
                                        broadcasts,
                                        events,
                                        state.view(),
                                        state.inflow(),
                                        rules,
                                        state.coordinateBook()::ackPayload,
                                        time,
                                        state.counters())),
                        LocalMember.Amend.INSTANCE),
                "local",
                DispatcherSelector.sameAsParent());
        knownLocal.set(local);
        var sync = context.spawn(
                supervision.restart(
                        ActorKind.SYNC,
                        Sync.Command.class,
                        Sync.create(new Sync.Links(
                                members,
                                state.view(),
                                slot,
                                state.proven(),
                                environment.resolver(),
                                blocking(),
                                rules,
                                time,
                                environment.randoms().get(),
                                state.counters()))),
                "sync",
                DispatcherSelector.sameAsParent());
        knownSync.set(sync);
        var prover = context.spawn(
                supervision.resume(
                        ActorKind.PROVER,
                        Prover.Command.class,
                        Prover.create(new Prover.Links(
                                members,
                                broadcasts,
                                state.view(),
                                state.proven(),
                                state.inflow(),
                                settings.guard(),
                                rules::swim,
                                time,
                                environment.randoms().get(),
                                state.counters()))),
                "prover",
                DispatcherSelector.sameAsParent());
        knownProver.set(prover);
        var probes = context.spawn(
                supervision.resume(
                        ActorKind.PROBES,
                        ProbeScheduler.Command.class,
                        ProbeScheduler.create(new ProbeScheduler.Links(
                                members,
                                local,
                                coordinates(members),
                                broadcasts,
                                state.view(),
                                state.inflow(),
                                StreamPinger.over(slot),
                                state::swim,
                                time,
                                environment.randoms().get(),
                                state.hearing(),
                                state.counters()))),
                "probes",
                DispatcherSelector.sameAsParent());
        watchPlaintext();
        if (rules.swim().caution().watchesTimers()) {
            watchPauses(probes, local);
        }
        Credence credence = new Credence(state.proven(), state::policy, state.inflow(), prover);
        Router router = new Router(
                new Router.Targets(members, local, probes, events, state.hearing(), state.inflow()),
                answers,
                credence,
                state.view(),
                rules.self(),
                settings.datapath().limits(),
                time,
                rejection -> state.rejections().message(rejection, state.policy()));
        transport.tell(new Transport.Carry(
                router::routeAll,
                new StreamService(StreamThreads.of(context), rules.self(), members, router, credence)));
        return new Children(
                keyring,
                members,
                local,
                sync,
                memory.map(Memory::keeper).orElseGet(context.getSystem()::ignoreRef),
                events,
                () -> {
                    broadcasts.tell(Broadcasts.Retimed.INSTANCE);
                    probes.tell(ProbeScheduler.Retimed.INSTANCE);
                    sync.tell(Sync.Retimed.INSTANCE);
                },
                rotation(keyring),
                trials(slot),
                address);
    }

    private ActorRef<KeyTrials.Command> trials(TransportSlot slot) {
        return context.spawn(
                // What it knows is found out again.
                supervision.restart(
                        ActorKind.TRIALS,
                        KeyTrials.Command.class,
                        KeyTrials.create(new KeyTrials.Links(
                                state.view(),
                                new TrialSender(slot, state::policy, environment.entropy()),
                                environment.time(),
                                state.counters()))),
                "trials",
                DispatcherSelector.sameAsParent());
    }

    private ActorRef<Rotation.Command> rotation(ActorRef<KeyKeeper.Command> keyring) {
        ActorRef<GossipPool.Command> pool = context.getSelf();
        return context.spawn(
                // Its journal is all that it needs to begin anew.
                supervision.restart(
                        ActorKind.ROTATION,
                        Rotation.Command.class,
                        Rotation.create(
                                settings.rotation(),
                                new Rotation.Links(
                                        settings.rules().self(),
                                        settings.keys().file(),
                                        () -> state.policy().ring(),
                                        keyring,
                                        (operation, key, relayFactor, replyTo) -> pool.tell(
                                                new GossipPool.KeyQuery(operation, key, relayFactor, replyTo)),
                                        () -> Roll.attendance(state.members()),
                                        state::otherRings,
                                        () -> state.clearance().hindrance(),
                                        () -> Roll.sotto(state.members()),
                                        state.counters().seals,
                                        environment.time()::wall,
                                        environment.entropy(),
                                        Printable::of,
                                        state::publishRotation))),
                "rotation",
                DispatcherSelector.blocking());
    }

    private ActorRef<Coordinates.Command> coordinates(ActorRef<Members.Command> members) {
        return switch (settings.coordinates()) {
            case OFF -> context.getSystem().ignoreRef();
            case KEPT ->
                context.spawn(
                        supervision.resume(
                                ActorKind.COORDINATES,
                                Coordinates.Command.class,
                                Coordinates.create(new Coordinates.Links(
                                        members,
                                        state.view(),
                                        state.coordinateBook(),
                                        environment.time(),
                                        environment.randoms().get(),
                                        state.counters()))),
                        "coordinates",
                        DispatcherSelector.sameAsParent());
        };
    }

    private void watchPlaintext() {
        var watch = context.spawn(
                // It keeps nothing but what it said last.
                supervision.restart(
                        ActorKind.PLAINTEXT,
                        PlaintextWatch.Command.class,
                        PlaintextWatch.create(state::plaintextPhase, environment.time())),
                "plaintext",
                DispatcherSelector.sameAsParent());
        state.plaintext().listener(() -> watch.tell(PlaintextWatch.Look.INSTANCE));
        // What changed between its start and this line.
        watch.tell(PlaintextWatch.Look.INSTANCE);
    }

    private void watchPauses(ActorRef<ProbeScheduler.Command> probes, ActorRef<LocalMember.Command> local) {
        context.spawn(
                // It keeps nothing but when it ticked last.
                supervision.restart(
                        ActorKind.PAUSES,
                        PauseDetector.Command.class,
                        PauseDetector.create(new PauseDetector.Links(
                                probes, local, state.hearing(), state::swim, environment.time(), state::publishPause))),
                "pauses",
                DispatcherSelector.sameAsParent());
    }

    /** A claim that a rule of this pool turned away counts like any other refused input; its source is whom it is about. */
    private void countRefused(Rejection.Reason reason, Effect.Refused refused) {
        InetSocketAddress about = refused.claim() instanceof SwimMessage.Alive alive
                ? alive.address().socket().orElse(settings.bind())
                : settings.bind();
        state.rejections()
                .claim(
                        new Rejection(
                                reason,
                                "ignoring " + refused.claim().kind() + " for '"
                                        + refused.claim().node() + "': " + refused.reason(),
                                about,
                                0),
                        state.policy());
    }
}
