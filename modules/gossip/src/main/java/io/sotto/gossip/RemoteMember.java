package io.sotto.gossip;

import io.sotto.gossip.flight.SuspicionEvent;
import io.sotto.membership.Accusation;
import io.sotto.membership.Effect;
import io.sotto.membership.LateSuspicions;
import io.sotto.membership.MemberMachine;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.PoolRules;
import io.sotto.membership.Standing;
import io.sotto.membership.Teller;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One other node: {@code unknown -> alive <-> suspect -> dead or left -> alive …}. Everything said about it comes to this
 * one mailbox, so that order needs no lock; the {@link MemberMachine} it owns decides, this actor carries out.
 *
 * <p>Supervised by restart: it then goes on from the record that {@link MembersView} holds, and a suspicion that was
 * running starts anew.
 */
final class RemoteMember {
    sealed interface Command {}

    /**
     * A claim about this node, from the wire, from a push/pull, or from our own probe.
     *
     * @param isOld whether it is the pool that we join which tells us, and news to us only
     */
    record Heard(SwimMessage.Claim claim, Teller teller, boolean isOld) implements Command {
        /** From others, and news. */
        Heard(SwimMessage.Claim claim) {
            this(claim, Teller.OTHERS, false);
        }
    }

    /** A suspicion of whom we held dead, which came from there. */
    record SuspectedLate(SwimMessage.Suspect suspicion, InetSocketAddress teller) implements Command {}

    /** A probe of ours has failed, and so many helpers say that the member did not answer them either. */
    record Accuse(SwimMessage.Suspect suspicion, int witnesses) implements Command {}

    /** The member answered a probe of ours. */
    enum Answered implements Command {
        INSTANCE
    }

    /** Nobody answered where {@link Prover} asked for this member. */
    enum Silent implements Command {
        INSTANCE
    }

    /** A join or leave intent; {@code original} is the Serf message to pass on, empty for what a push/pull brought. */
    record HeardIntent(SerfMessage.Intent intent, Optional<Octets> original) implements Command {}

    /** The probe ring wrapped: leave memberlist's list if gone for long enough. */
    enum LeavePool implements Command {
        INSTANCE
    }

    /** The reaper came by. */
    enum Reap implements Command {
        INSTANCE
    }

    /** Tell {@link Members} what is published, which it may have lost. */
    enum Republish implements Command {
        INSTANCE
    }

    private record Due(long generation) implements Command {}

    /** What it needs of its pool; {@code refused} counts claims that a rule of the pool turned away. */
    record Links(
            ActorRef<Members.Command> members,
            ActorRef<Broadcasts.Command> broadcasts,
            Doubts doubts,
            Supplier<MembersView> view,
            Inflow inflow,
            PoolRules rules,
            PoolTime time,
            Consumer<Effect.Refused> refused,
            Hearing hearing,
            SuspicionLedger ledger,
            PoolCounters counters) {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Links links;
    private final MemberMachine machine;
    private final LateSuspicions lateSuspicions;
    private final LineLimit conflicts = LineLimit.perMinute();
    private final String name;
    private Optional<Accusation> noted = Optional.empty();

    private RemoteMember(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Links links,
            String name,
            MemberMachine machine) {
        this.context = context;
        // Pekko's timers touch the logger first and would name it after a class of theirs.
        context.setLoggerName(RemoteMember.class);
        this.timers = timers;
        this.links = links;
        this.name = name;
        this.machine = machine;
        this.lateSuspicions = new LateSuspicions(links.rules());
    }

    /** @param buffered the intent that was heard before the node itself */
    static Behavior<Command> create(String name, Optional<SerfMessage.Intent> buffered, Links links) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            Optional<MemberRecord> known = links.view().get().find(name);
            MemberMachine machine = known.map(record -> MemberMachine.resume(record, links.rules()))
                    .orElseGet(() -> MemberMachine.unknown(
                            name, links.rules(), buffered, links.time().now()));
            RemoteMember member = new RemoteMember(context, timers, links, name, machine);
            if (known.isPresent()) {
                member.run(machine.restartTimer(member.standing(), links.time().now()), Optional.empty());
            }
            return member.active();
        }));
    }

    private Behavior<Command> active() {
        return Behaviors.receive(Command.class)
                .onMessage(Heard.class, heard -> {
                    links.inflow.left(context.getSelf());
                    return run(
                            machine.onClaim(heard.claim, heard.teller, standing(), links.time.now()),
                            Optional.empty(),
                            heard.isOld);
                })
                .onMessage(SuspectedLate.class, this::onSuspectedLate)
                .onMessage(
                        Accuse.class,
                        accuse -> run(
                                machine.onAccusation(accuse.suspicion, accuse.witnesses, standing(), links.time.now()),
                                Optional.empty()))
                .onMessage(
                        Answered.class,
                        answered -> run(machine.onAnswer(standing(), links.time.now()), Optional.empty()))
                .onMessage(Silent.class, silent -> run(machine.onSilence(links.time.now()), Optional.empty()))
                .onMessage(HeardIntent.class, heard -> {
                    links.inflow.left(context.getSelf());
                    return run(machine.onIntent(heard.intent, links.time.now()), heard.original);
                })
                .onMessage(
                        Due.class,
                        due -> run(machine.onTimer(due.generation, standing(), links.time.now()), Optional.empty()))
                .onMessage(LeavePool.class, wrap -> run(machine.leavePool(links.time.now()), Optional.empty()))
                .onMessage(Reap.class, reap -> run(machine.reap(links.time.now()), Optional.empty()))
                .onMessage(Republish.class, again -> {
                    machine.record()
                            .ifPresent(
                                    record -> links.members.tell(new Members.Republished(record, context.getSelf())));
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, stop -> {
                    links.inflow.close(context.getSelf());
                    return Behaviors.same();
                })
                .build();
    }

    private Behavior<Command> onSuspectedLate(SuspectedLate late) {
        links.inflow.left(context.getSelf());
        machine.record()
                .flatMap(known -> lateSuspicions.confirm(late.suspicion, known, links.time.now()))
                .filter(confirmation -> links.inflow.news().enterIfQuiet())
                .ifPresent(confirmation ->
                        links.broadcasts.tell(new Broadcasts.Send(late.teller, List.of(confirmation), false, false)));
        return Behaviors.same();
    }

    /** News of failures goes before news of who is alive, which comes again with every exchange of views. */
    private boolean maySpread(SwimMessage.Claim claim) {
        MailRoom news = links.inflow.news();
        return claim.kind() == SwimMessage.Kind.ALIVE ? news.enterIfQuiet() : news.enter();
    }

    /** What nobody but the member can say: it is counted, and the member asked now and then. */
    private void askOwner(SwimMessage.Claim claim) {
        links.refused.accept(new Effect.Refused(claim, "implausible incarnation"));
        machine.record()
                .flatMap(known -> known.address().socket())
                .ifPresent(at -> links.doubts.sync().get().tell(new Sync.AskOwner(at)));
    }

    private Standing standing() {
        return links.hearing.standing(links.view.get());
    }

    /** Shows operators a suspicion that began, was confirmed, or ended. */
    private void note() {
        Optional<Accusation> running = machine.accusation();
        if (!running.equals(noted)) {
            links.ledger.note(
                    name,
                    noted.isEmpty(),
                    running,
                    machine.record(),
                    links.view.get().healthScore(),
                    links.time.wall());
            if (SuspicionEvent.isRecorded()) {
                tellRecorder(running);
            }
            noted = running;
        }
    }

    private void tellRecorder(Optional<Accusation> running) {
        String state = running.isPresent()
                ? noted.isEmpty() ? "begun" : "confirmed"
                : machine.record()
                        .map(known -> known.state().name().toLowerCase(Locale.ROOT))
                        .orElse("forgotten");
        Optional<Accusation> told = running.or(() -> noted);
        SuspicionEvent.record(
                links.rules.self(),
                name,
                state,
                told.map(Accusation::accuser).orElse(""),
                told.map(accusation -> accusation.confirmers().size()).orElse(0));
    }

    private Behavior<Command> run(List<Effect> effects, Optional<Octets> original) {
        return run(effects, original, false);
    }

    private Behavior<Command> run(List<Effect> effects, Optional<Octets> original, boolean isOld) {
        note();
        Behavior<Command> next = Behaviors.same();
        ActorRef<Broadcasts.Transmitted> nobody = context.getSystem().ignoreRef();
        for (Effect effect : effects) {
            switch (effect.kind()) {
                case GOSSIP -> {
                    var gossip = (Effect.Gossip) effect;
                    if (maySpread(gossip.claim())) {
                        links.broadcasts.tell(
                                new Broadcasts.QueueClaim(gossip.queueName(), gossip.claim(), nobody, isOld));
                    }
                }
                case PASS_ON ->
                    original.filter(body -> links.inflow.news().enterIfQuiet())
                            .ifPresent(body -> links.broadcasts.tell(new Broadcasts.QueueIntent(body, nobody)));
                case GOSSIP_INTENT ->
                    links.broadcasts.tell(new Broadcasts.QueueIntent(
                            Broadcasts.body(((Effect.GossipIntent) effect).intent()), nobody));
                case SCHEDULE -> {
                    var schedule = (Effect.Schedule) effect;
                    timers.startSingleTimer(new Due(schedule.generation()), schedule.after());
                }
                case PUBLISH -> links.members.tell(new Members.Changed((Effect.Publish) effect, context.getSelf()));
                case FORGET -> {
                    links.members.tell(new Members.Forgotten(((Effect.Forget) effect).node(), context.getSelf()));
                    next = Behaviors.stopped();
                }
                case CONFLICT -> {
                    var conflict = (Effect.Conflict) effect;
                    links.counters.conflicts.increment();
                    if (conflicts.admits(links.time.now())) {
                        context.getLog()
                                .error(
                                        "memberlist: Conflicting address for {}. Mine: {} Theirs: {} Old state: {}",
                                        Printable.of(conflict.existing().name()),
                                        conflict.existing().address(),
                                        conflict.other().address(),
                                        conflict.existing().state());
                    }
                }
                case REFUSED -> links.refused.accept((Effect.Refused) effect);
                case ASK ->
                    links.doubts
                            .prover()
                            .get()
                            .tell(new Prover.Doubted(((Effect.Ask) effect).member(), context.getSelf()));
                case PROVE -> links.doubts.prove(((Effect.Prove) effect).claim(), isOld);
                case ASK_OWNER -> askOwner(((Effect.AskOwner) effect).claim());
                case ANNOUNCE_JOIN, REFUTED, ANSWER, HEALTH ->
                    throw new IllegalStateException(effect.kind() + " is an effect of the local member");
            }
        }
        return next;
    }
}
