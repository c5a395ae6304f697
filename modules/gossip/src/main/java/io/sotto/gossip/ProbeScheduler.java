package io.sotto.gossip;

import io.sotto.gossip.flight.ProbeEvent;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.SwimSettings;
import io.sotto.membership.probe.IndirectRelay;
import io.sotto.membership.probe.ProbeMachine;
import io.sotto.membership.probe.ProbeRing;
import io.sotto.membership.probe.Verdict;
import io.sotto.wire.NodeState;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Probes one member per period, in turn: {@code idle <-> probing}. It also pings for others who ask, and hands acks and
 * nacks to whoever waits for that number.
 *
 * <p>The one {@link Probe} child is watched: a probe that fails leaves no verdict, and the next period goes on. Supervised
 * by resume: the ring and the numbers stay; a relay that is lost costs its requester a nack.
 *
 * <p>Source: gossip specification, sections 11.1 and 11.2; SWIM, section 4.3 (round-robin probe target selection).
 */
final class ProbeScheduler {
    sealed interface Command {}

    record Acked(SwimMessage.Ack ack, Instant at) implements Command {}

    record Nacked(SwimMessage.Nack nack, InetSocketAddress from) implements Command {}

    /** Somebody asks us to ping the target for it, and may be answered at this address. */
    record AskedToPing(SwimMessage.IndirectPing request, InetSocketAddress target, InetSocketAddress requester)
            implements Command {}

    /**
     * A member asks us to ping somebody whom we do not know there. It is told at once that we heard it and have no ack: that
     * nobody testifies, it would hold against itself, and never give up a member that nobody else knows.
     */
    record CannotPing(long seqNo, InetSocketAddress requester) implements Command {}

    /** The process is known to have stood still. */
    enum Paused implements Command {
        INSTANCE
    }

    /** Another timing is in force. */
    enum Retimed implements Command {
        INSTANCE
    }

    private enum Tick implements Command {
        INSTANCE
    }

    private record Ended(Verdict verdict) implements Command {}

    private record ProbeLost(long seqNo) implements Command {}

    private record RelayDue(long seqNo) implements Command {}

    private record Relaying(IndirectRelay relay, InetSocketAddress requester) {}

    /** What it needs of its pool. */
    record Links(
            ActorRef<Members.Command> members,
            ActorRef<LocalMember.Command> local,
            ActorRef<Coordinates.Command> coordinates,
            ActorRef<Broadcasts.Command> broadcasts,
            Supplier<MembersView> view,
            Inflow inflow,
            StreamPinger streams,
            Supplier<SwimSettings> swim,
            PoolTime time,
            RandomGenerator random,
            Hearing hearing,
            PoolCounters counters) {}

    /** More indirect pings under way than this are refused by silence, so that nobody can make us remember much. */
    private static final int RELAYS_MAX = 256;

    private static final long SEQ_NO_MAX = 0xffff_ffffL;

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Links links;
    private final ProbeRing ring;
    private final Map<Long, Relaying> relays = new HashMap<>();
    private final UnansweredProbes unanswered = new UnansweredProbes();
    private Duration ticking = Duration.ZERO;
    private long lastSeqNo;

    private ProbeScheduler(ActorContext<Command> context, TimerScheduler<Command> timers, Links links) {
        this.context = context;
        // Pekko's timers touch the logger first and would name it after a class of theirs.
        context.setLoggerName(ProbeScheduler.class);
        this.timers = timers;
        this.links = links;
        this.ring = new ProbeRing(links.view.get().self().name(), links.swim.get());
    }

    static Behavior<Command> create(Links links) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            ProbeScheduler scheduler = new ProbeScheduler(context, timers, links);
            scheduler.startTicking();
            return scheduler.idle();
        }));
    }

    private void startTicking() {
        ticking = links.swim.get().probeInterval();
        // Members that started together must not probe together.
        Duration first = Duration.ofNanos(links.random.nextLong(ticking.toNanos()) + 1);
        timers.startTimerAtFixedRate(Tick.INSTANCE, first, ticking);
    }

    private Behavior<Command> onRetimed() {
        if (!links.swim.get().probeInterval().equals(ticking)) {
            startTicking();
        }
        return Behaviors.same();
    }

    private Behavior<Command> idle() {
        return Behaviors.receive(Command.class)
                .onMessage(Tick.class, tick -> onTick())
                .onMessage(AskedToPing.class, this::onAskedToPing)
                .onMessage(CannotPing.class, this::onCannotPing)
                .onMessage(Acked.class, acked -> {
                    links.inflow.probes().left();
                    return otherAck(acked.ack);
                })
                .onMessage(Nacked.class, late -> {
                    links.inflow.probes().left();
                    return Behaviors.same();
                })
                .onMessage(Paused.class, nothingRuns -> Behaviors.same())
                .onMessage(RelayDue.class, this::onRelayDue)
                .onMessage(Retimed.class, retimed -> onRetimed())
                .onMessage(Ended.class, late -> Behaviors.same())
                .onMessage(ProbeLost.class, late -> Behaviors.same())
                .build();
    }

    private Behavior<Command> probing(long seqNo, ActorRef<Probe.Command> probe, Instant since, Instant skipped) {
        return Behaviors.receive(Command.class)
                .onMessage(Tick.class, tick -> probing(seqNo, probe, since, links.time.now()))
                .onMessage(AskedToPing.class, this::onAskedToPing)
                .onMessage(CannotPing.class, this::onCannotPing)
                .onMessage(Acked.class, acked -> {
                    links.inflow.probes().left();
                    if (acked.ack.seqNo() != seqNo) {
                        return otherAck(acked.ack);
                    }
                    probe.tell(new Probe.Acked(acked.ack, acked.at));
                    return Behaviors.same();
                })
                .onMessage(Nacked.class, nacked -> {
                    links.inflow.probes().left();
                    probe.tell(new Probe.Nacked(nacked.nack, nacked.from));
                    return Behaviors.same();
                })
                .onMessage(Paused.class, paused -> {
                    probe.tell(Probe.Paused.INSTANCE);
                    return Behaviors.same();
                })
                .onMessage(RelayDue.class, this::onRelayDue)
                .onMessage(Retimed.class, retimed -> onRetimed())
                .onMessage(Ended.class, ended -> onEnded(ended, seqNo, since, skipped))
                .onMessage(ProbeLost.class, lost -> lost.seqNo == seqNo ? idle() : Behaviors.same())
                .build();
    }

    private Behavior<Command> onTick() {
        MembersView view = links.view.get();
        ProbeRing.Turn turn = ring.next(view.candidates(), links.time.now(), links.random);
        if (!turn.reaped().isEmpty()) {
            links.members.tell(new Members.LeavePool(turn.reaped()));
        }
        return turn.target().map(target -> probe(view, target)).orElseGet(this::idle);
    }

    private Behavior<Command> probe(MembersView view, MemberRecord target) {
        long seqNo = nextSeqNo();
        ProbeMachine machine = new ProbeMachine(view.self(), target, seqNo, view.healthScore(), links.swim.get());
        var behavior = Probe.create(
                machine,
                new Probe.Links(
                        links.broadcasts,
                        links.view,
                        links.streams,
                        links.time,
                        links.random,
                        context.messageAdapter(Verdict.class, Ended::new)));
        ActorRef<Probe.Command> probe = context.spawnAnonymous(
                links.counters.supervision().stop(ActorKind.PROBE, Probe.Command.class, behavior),
                DispatcherSelector.sameAsParent());
        context.watchWith(probe, new ProbeLost(seqNo));
        return probing(seqNo, probe, links.time.now(), Instant.EPOCH);
    }

    private Behavior<Command> onEnded(Ended ended, long seqNo, Instant since, Instant skipped) {
        Verdict verdict = ended.verdict instanceof Verdict.Failed failed
                ? links.hearing.weigh(failed, since, links.view.get())
                : ended.verdict;
        links.counters.probes.increment(PoolCounters.ProbeEnd.of(verdict));
        if (ProbeEvent.isRecorded()) {
            ProbeEvent.record(
                    links.view.get().self().name(),
                    verdict.target().name(),
                    PoolCounters.ProbeEnd.of(verdict).label,
                    Duration.between(since, links.time.now()).toNanos(),
                    verdict instanceof Verdict.Direct direct
                            ? direct.roundTrip().toNanos()
                            : 0);
        }
        if (verdict.healthDelta() != 0) {
            links.local.tell(new LocalMember.HealthChange(verdict.healthDelta()));
        }
        if (verdict instanceof Verdict.Direct direct) {
            links.coordinates.tell(
                    new Coordinates.Measured(direct.target().name(), direct.roundTrip(), direct.payload()));
        }
        if (verdict instanceof Verdict.Failed failed) {
            context.getLog()
                    .info(
                            "memberlist: Suspect {} has failed, no acks received",
                            Printable.of(failed.target().name()));
            unanswered.add(seqNo, failed.target().name());
            links.members.tell(new Members.Accuse(failed.suspicion(), failed.witnesses()));
        } else if (verdict instanceof Verdict.Excused excused) {
            unanswered.add(seqNo, excused.target().name());
        } else {
            answered(verdict.target());
        }
        if (verdict instanceof Verdict.StreamOnly streamOnly) {
            context.getLog()
                    .warn(
                            "memberlist: Was able to connect to {} over TCP but UDP probes failed, network may be misconfigured",
                            Printable.of(streamOnly.target().name()));
        }
        return isOwed(skipped) ? onTick() : idle();
    }

    /** Whether the tick that was skipped came while the probe only waited for its nacks, beyond its period. */
    private boolean isOwed(Instant skipped) {
        return links.swim.get().caution().asksForTestimony()
                && Duration.between(skipped, links.time.now())
                                .compareTo(links.swim.get().probeTimeout().dividedBy(4))
                        <= 0;
    }

    /** An ack to no running probe of ours: to a relay, or to a probe that is over. */
    private Behavior<Command> otherAck(SwimMessage.Ack ack) {
        unanswered.remove(ack.seqNo()).flatMap(links.view.get()::find).ifPresent(target -> {
            // That it comes at all shows that the target lives and that it is we who are slow, or what lies between.
            links.counters.lateAcks.increment();
            answered(target);
        });
        return relayAck(ack);
    }

    private void answered(MemberRecord target) {
        links.hearing.answered();
        links.view
                .get()
                .find(target.name())
                .filter(known -> known.state() == NodeState.SUSPECT)
                .ifPresent(suspect -> links.members.tell(new Members.Answered(suspect.name())));
    }

    private Behavior<Command> onAskedToPing(AskedToPing asked) {
        links.inflow.probes().left();
        if (relays.size() < RELAYS_MAX && links.inflow.news().enter()) {
            relay(asked);
        } else {
            links.counters.relays.increment(PoolCounters.Relay.REFUSED);
        }
        return Behaviors.same();
    }

    private Behavior<Command> onCannotPing(CannotPing asked) {
        links.inflow.probes().left();
        if (links.inflow.news().enter()) {
            links.broadcasts.tell(Broadcasts.Send.withGossip(asked.requester, new SwimMessage.Nack(asked.seqNo)));
        }
        links.counters.relays.increment(PoolCounters.Relay.REFUSED);
        return Behaviors.same();
    }

    private void relay(AskedToPing asked) {
        long seqNo = nextSeqNo();
        MemberRecord self = links.view.get().self();
        IndirectRelay relay =
                new IndirectRelay(asked.request, seqNo, new SwimMessage.Asker(self.address(), self.name()));
        relays.put(seqNo, new Relaying(relay, asked.requester));
        timers.startSingleTimer(new RelayDue(seqNo), links.swim.get().probeTimeout());
        links.broadcasts.tell(Broadcasts.Send.withGossip(asked.target, relay.ping()));
    }

    private Behavior<Command> relayAck(SwimMessage.Ack ack) {
        Relaying relaying = relays.remove(ack.seqNo());
        if (relaying != null) {
            links.counters.relays.increment(PoolCounters.Relay.ANSWERED);
            timers.cancel(new RelayDue(ack.seqNo()));
            relaying.relay
                    .onAck(ack)
                    .filter(answer -> links.inflow.news().enter())
                    .ifPresent(answer -> links.broadcasts.tell(Broadcasts.Send.withGossip(relaying.requester, answer)));
        }
        return Behaviors.same();
    }

    private Behavior<Command> onRelayDue(RelayDue due) {
        Relaying relaying = relays.remove(due.seqNo);
        if (relaying != null) {
            links.counters.relays.increment(PoolCounters.Relay.UNANSWERED);
            relaying.relay
                    .onTimeout()
                    .filter(nack -> links.inflow.news().enter())
                    .ifPresent(nack -> links.broadcasts.tell(Broadcasts.Send.withGossip(relaying.requester, nack)));
        }
        return Behaviors.same();
    }

    private long nextSeqNo() {
        lastSeqNo = lastSeqNo == SEQ_NO_MAX ? 1 : lastSeqNo + 1;
        return lastSeqNo;
    }
}
