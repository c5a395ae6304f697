package io.sotto.gossip;

import io.sotto.membership.GuardSettings;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.Roster;
import io.sotto.membership.SwimSettings;
import io.sotto.membership.proof.Arrivals;
import io.sotto.membership.proof.ProofStep;
import io.sotto.membership.proof.Proofs;
import io.sotto.membership.proof.Subject;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.message.SwimMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Asks for proof where claims are guarded: pings who is said to be a member before it is one, members whom others take for
 * dead, and whoever speaks of members without being one. The {@link Proofs} it owns decide whom and how often; in
 * {@link Arrivals} those wait who joined from elsewhere, until they speak.
 *
 * <p>Supervised by resume: its state is only changed by calls that return; who is asked is heard of again anyhow.
 */
final class Prover {
    sealed interface Command {}

    /** Somebody who is no member, or no more, is said to be alive. {@code isOld}: as in {@link RemoteMember.Heard}. */
    record Claimed(SwimMessage.Alive claim, boolean isOld) implements Command {}

    /** Whoever joins by a stream from elsewhere says this of itself. */
    record Joined(SwimMessage.Alive self, InetAddress from) implements Command {}

    /** Others take this member for dead, or suspect it. Told {@link RemoteMember.Answered} or {@link RemoteMember.Silent}. */
    record Doubted(MemberRecord member, ActorRef<RemoteMember.Command> replyTo) implements Command {}

    /** Datagrams from here speak of members; {@link Proven#ask} has agreed. */
    record Spoke(InetSocketAddress source) implements Command {}

    /** An ack with a number that {@link Proven#awaits}. */
    record Acked(long seqNo) implements Command {}

    private enum Tick implements Command {
        INSTANCE
    }

    /** What it needs of its pool. */
    record Links(
            ActorRef<Members.Command> members,
            ActorRef<Broadcasts.Command> broadcasts,
            Supplier<MembersView> view,
            Proven proven,
            Inflow inflow,
            GuardSettings guard,
            Supplier<SwimSettings> swim,
            PoolTime time,
            RandomGenerator random,
            PoolCounters counters) {}

    private static final Duration TICK = Duration.ofMillis(25);

    private final TimerScheduler<Command> timers;
    private final Links links;
    private final Proofs proofs;
    private final Arrivals arrivals;
    private final Map<String, ActorRef<RemoteMember.Command>> doubted = new HashMap<>();

    private Prover(ActorContext<Command> context, TimerScheduler<Command> timers, Links links) {
        // Pekko's timers touch the logger first and would name it after a class of theirs.
        context.setLoggerName(Prover.class);
        this.timers = timers;
        this.links = links;
        this.proofs = new Proofs(links.guard, links.swim, links.time.now());
        this.arrivals = new Arrivals(links.guard.arrivalsMax());
    }

    static Behavior<Command> create(Links links) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Prover(context, timers, links).asking()));
    }

    private Behavior<Command> asking() {
        return Behaviors.receive(Command.class)
                .onMessage(Claimed.class, this::onClaimed)
                .onMessage(Joined.class, this::onJoined)
                .onMessage(Doubted.class, this::onDoubted)
                .onMessage(Spoke.class, this::onSpoke)
                .onMessage(Acked.class, acked -> {
                    links.inflow.probes().left();
                    links.proven.noLonger(acked.seqNo);
                    return carry(proofs.onAck(acked.seqNo));
                })
                .onMessage(Tick.class, tick -> {
                    Behavior<Command> next = carry(proofs.onTick(links.time.now()));
                    if (proofs.size() == 0) {
                        timers.cancel(Tick.INSTANCE);
                    }
                    return next;
                })
                .build();
    }

    private Behavior<Command> onClaimed(Claimed claimed) {
        links.inflow.proofs().left();
        Optional<InetSocketAddress> at =
                claimed.claim.address().isRoutable() ? claimed.claim.address().socket() : Optional.empty();
        at.ifPresent(socket -> ask(new Subject.Newcomer(claimed.claim, claimed.isOld, socket)));
        return Behaviors.same();
    }

    private Behavior<Command> onJoined(Joined joined) {
        links.inflow.proofs().left();
        Optional<InetSocketAddress> at =
                joined.self.address().isRoutable() ? joined.self.address().socket() : Optional.empty();
        if (at.isEmpty()) {
            return Behaviors.same();
        }
        if (links.proven.counts(at.get()) || links.proven.hasAnswered(joined.from)) {
            arrived(joined.self);
            return Behaviors.same();
        }
        links.counters.arrivals.increment(PoolCounters.Arrival.KEPT);
        if (arrivals.keep(new Arrivals.Arrival(joined.self, at.get(), joined.from))) {
            links.counters.arrivals.increment(PoolCounters.Arrival.DISPLACED);
        }
        links.proven.expect(arrivals.hosts());
        return Behaviors.same();
    }

    /** It holds a key and is there to speak: its record is worth as much as if a datagram of its own had brought it. */
    private void arrived(SwimMessage.Alive self) {
        links.counters.arrivals.increment(PoolCounters.Arrival.SPOKE);
        if (links.inflow.claims().enterIfQuiet()) {
            links.members.tell(new Members.Heard(self));
        }
    }

    private Behavior<Command> onDoubted(Doubted doubt) {
        Optional<InetSocketAddress> at = doubt.member.address().socket();
        if (at.isEmpty()) {
            doubt.replyTo.tell(RemoteMember.Silent.INSTANCE);
            return Behaviors.same();
        }
        doubted.put(doubt.member.name(), doubt.replyTo);
        ask(new Subject.Doubted(doubt.member, at.get()));
        return Behaviors.same();
    }

    private Behavior<Command> onSpoke(Spoke spoke) {
        if (!ask(new Subject.Sender(spoke.source))) {
            links.proven.silent(spoke.source);
        }
        return Behaviors.same();
    }

    private boolean ask(Subject subject) {
        Proofs.Asked asked = proofs.ask(subject, links.random::nextLong, links.time.now());
        if (!asked.hasRoom()) {
            links.counters.proofs.increment(PoolCounters.ProofEnd.of(subject, PoolCounters.ProofEnd.Outcome.REFUSED));
            return false;
        }
        carry(asked.steps());
        if (!timers.isTimerActive(Tick.INSTANCE)) {
            timers.startTimerWithFixedDelay(Tick.INSTANCE, TICK);
        }
        return true;
    }

    private Behavior<Command> carry(List<ProofStep> steps) {
        for (ProofStep step : steps) {
            if (step instanceof ProofStep.Ping ping) {
                links.proven.await(ping.seqNo());
                ping(ping);
            } else if (step instanceof ProofStep.AskOthers ask) {
                askOthers(ask);
            } else if (step instanceof ProofStep.Answered answered) {
                links.counters.proofs.increment(
                        PoolCounters.ProofEnd.of(answered.subject(), PoolCounters.ProofEnd.Outcome.ANSWERED));
                answered(answered.subject());
            } else if (step instanceof ProofStep.Silent silent) {
                links.proven.noLonger(silent.seqNo());
                links.counters.proofs.increment(
                        PoolCounters.ProofEnd.of(silent.subject(), PoolCounters.ProofEnd.Outcome.SILENT));
                silent(silent.subject());
            }
        }
        return Behaviors.same();
    }

    /** A suspect is told with the ping that it is one, alone, so that it can refute at once. */
    private void ping(ProofStep.Ping step) {
        SwimMessage.Ping ping =
                new SwimMessage.Ping(step.seqNo(), step.subject().node(), Optional.of(asker()));
        if (step.subject() instanceof Subject.Doubted doubt && doubt.member().state() == NodeState.SUSPECT) {
            MemberRecord member = doubt.member();
            var suspicion = new SwimMessage.Suspect(
                    member.incarnation(), member.name(), links.view.get().self().name());
            links.broadcasts.tell(new Broadcasts.Send(doubt.at(), List.of(ping, suspicion), false, true));
        } else {
            links.broadcasts.tell(new Broadcasts.Send(step.subject().at(), List.of(ping), false, false));
        }
    }

    private void askOthers(ProofStep.AskOthers step) {
        MembersView view = links.view.get();
        String target = step.subject().node();
        List<MemberRecord> helpers = Roster.pick(
                links.swim.get().indirectChecks(),
                view.inAnyOrder(),
                record -> record.isAlive()
                        && !record.name().equals(view.self().name())
                        && !record.name().equals(target),
                links.random);
        SwimMessage.IndirectPing request = new SwimMessage.IndirectPing(
                step.seqNo(), NodeAddress.of(step.subject().at()), target, false, Optional.of(asker()));
        for (MemberRecord helper : helpers) {
            helper.address().socket().ifPresent(to -> links.broadcasts.tell(Broadcasts.Send.withGossip(to, request)));
        }
    }

    private SwimMessage.Asker asker() {
        MemberRecord self = links.view.get().self();
        return new SwimMessage.Asker(self.address(), self.name());
    }

    private void answered(Subject subject) {
        links.proven.prove(subject.at());
        List<SwimMessage.Alive> here = arrivals.answered(subject.at());
        if (!here.isEmpty()) {
            links.proven.expect(arrivals.hosts());
            here.forEach(this::arrived);
        }
        if (subject instanceof Subject.Newcomer newcomer) {
            links.members.tell(new Members.Witnessed(newcomer.alive(), newcomer.isOld()));
        } else if (subject instanceof Subject.Doubted doubt) {
            reply(doubt, RemoteMember.Answered.INSTANCE);
        }
    }

    private void silent(Subject subject) {
        if (subject instanceof Subject.Doubted doubt) {
            reply(doubt, RemoteMember.Silent.INSTANCE);
        } else if (subject instanceof Subject.Sender sender) {
            links.proven.silent(sender.at());
        }
    }

    private void reply(Subject.Doubted doubt, RemoteMember.Command reply) {
        ActorRef<RemoteMember.Command> waiting = doubted.remove(doubt.member().name());
        if (waiting != null) {
            waiting.tell(reply);
        }
    }
}
