package io.sotto.gossip;

import io.sotto.membership.Effect;
import io.sotto.membership.Grounds;
import io.sotto.membership.IntentBook;
import io.sotto.membership.LamportFloors;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SerfStatus;
import io.sotto.membership.Teller;
import io.sotto.wire.Limits;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The table of the pool: which actor stands for which name, the Lamport clock of intents, and the one {@link MembersView} that
 * everybody reads. It decides nothing about a member; it finds or creates that member's {@link RemoteMember} and keeps the
 * last record each has published. {@link Exchanges} is its side of whole views, {@link Announcer} tells of what happened.
 *
 * <p>Supervised by resume: its maps are only changed by calls that return. What a {@link RemoteMember} loses in a restart
 * it takes from here. Of this length because a third of it is the catalogue of its messages.
 *
 * <p>Over 400 lines: one table, and every message that changes it.
 */
final class Members {
    sealed interface Command {}

    /** A claim about a member other than this node, from whomever. */
    record Heard(SwimMessage.Claim claim) implements Command {}

    /** A probe of ours has failed, and so many helpers say that the member did not answer them either. */
    record Accuse(SwimMessage.Suspect suspicion, int witnesses) implements Command {}

    /** A suspect answered a probe of ours. */
    record Answered(String node) implements Command {}

    /** Whom the claim is about has answered a ping of ours since. */
    record Witnessed(SwimMessage.Alive claim, boolean isOld) implements Command {}

    /** An intent from gossip, with the Serf message to pass on. */
    record HeardIntent(SerfMessage.Intent intent, Octets original) implements Command {}

    /** A push/pull of ours was answered: take over what the other side knows. */
    record Merge(PushPull remote, Optional<InetSocketAddress> from, boolean ignoreOldEvents, ActorRef<Merged> replyTo)
            implements Command {
        /** With the user events that the other side remembers. */
        Merge(PushPull remote, ActorRef<Merged> replyTo) {
            this(remote, Optional.empty(), false, replyTo);
        }
    }

    /** How far whoever begins a push/pull is believed. */
    enum Standing {
        /** It comes from a member. */
        MEMBER,
        /**
         * It does not: whether it is alive where it comes from may be asked, and what it says of itself elsewhere waits until
         * it has spoken; all else that it says counts for nothing.
         */
        STRANGER,
        /** Nor does anything show that it holds a key: as a stranger, but one that joins is asked wherever it says it is. */
        IN_CLEAR,
        /** Nor may that be asked: it came in plaintext, and does not join. */
        NOBODY;

        /** @param host where it comes from */
        boolean believes(SwimMessage.Claim claim, InetAddress host) {
            return switch (this) {
                case MEMBER -> true;
                case STRANGER, IN_CLEAR ->
                    claim instanceof SwimMessage.Alive alive
                            && alive.address()
                                    .socket()
                                    .filter(at -> at.getAddress().equals(host))
                                    .isPresent();
                case NOBODY -> false;
            };
        }
    }

    /** Somebody began a push/pull: answer with our view, then take over theirs. */
    record Serve(PushPull remote, InetAddress host, Standing standing, ActorRef<PushPull> replyTo) implements Command {
        /** From a member, wherever it is. */
        Serve(PushPull remote, ActorRef<PushPull> replyTo) {
            this(remote, InetAddress.getLoopbackAddress(), Standing.MEMBER, replyTo);
        }
    }

    /** Our view, to begin a push/pull with. */
    record Describe(boolean join, ActorRef<PushPull> replyTo) implements Command {}

    /** What came of a merge: empty, or why the two views cannot become one. */
    record Merged(Optional<String> objection) {}

    /** Stamp a leave intent of our own and tell the local member to leave with it. */
    record Leave(ActorRef<LocalMember.Left> replyTo) implements Command {}

    /** Declare a member to have left. Answers whether it is known. */
    record ForceLeave(String node, boolean prune, ActorRef<Boolean> replyTo) implements Command {}

    /** We have joined, or are wrongly said to leave: stamp and gossip a join intent of our own. */
    enum AnnounceJoin implements Command {
        INSTANCE
    }

    /** A member that is listed as failed pings us: it is back, and others may be. */
    enum PingedByFailed implements Command {
        INSTANCE
    }

    /** These have been gone long enough for the probe ring to forget them. */
    record LeavePool(List<String> names) implements Command {}

    /** The current view as JOINED events, then each change, until the subscriber stops. */
    record Subscribe(ActorRef<MemberEvent> subscriber) implements Command {}

    /** A fault of this actor lost a message: what depends on it is made good. */
    enum Amend implements Command {
        INSTANCE
    }

    /** What a remote member publishes at this moment, which may have been told before. */
    record Republished(MemberRecord record, ActorRef<RemoteMember.Command> actor) implements Command {}

    record SelfChanged(MemberRecord record, int healthScore, Optional<MemberEvent> event) implements Command {}

    record Changed(Effect.Publish change, ActorRef<RemoteMember.Command> actor) implements Command {}

    record Forgotten(String node, ActorRef<RemoteMember.Command> actor) implements Command {}

    private record Unsubscribed(ActorRef<MemberEvent> subscriber) implements Command {}

    private enum ReapTick implements Command {
        INSTANCE
    }

    private enum JoinRoundTick implements Command {
        INSTANCE
    }

    /** What it needs of its pool. The clocks begin above {@code floors}. {@code local} is asked late: the local member is spawned after this actor. */
    record Links(
            Published<MembersView> view,
            ActorRef<Broadcasts.Command> broadcasts,
            ActorRef<Events.Command> events,
            Supplier<ActorRef<LocalMember.Command>> local,
            Inflow inflow,
            FloodSettings flood,
            PoolRules rules,
            Limits limits,
            PoolTime time,
            Consumer<Effect.Refused> refused,
            Consumer<Effect.Refused> surplus,
            Doubts doubts,
            Hearing hearing,
            SuspicionLedger ledger,
            LamportFloors floors,
            PoolCounters counters) {}

    /** Where a claim comes from. */
    enum Origin {
        /** From gossip, or from an exchange of views that somebody else began. */
        TOLD,
        /** From the answer to an exchange of views that we began. */
        ASKED,
        /** From the answer to the exchange by which we join a pool, which knows already. */
        JOINED,
        /** From the answer of whom it is about to an exchange that we began. */
        OWNER
    }

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Links links;
    private final IntentBook book;
    private final Map<String, ActorRef<RemoteMember.Command>> actors = new HashMap<>();
    private final Newcomers newcomers;
    private final ReapQueue reapQueue;
    private final Announcer announcer;
    private final Exchanges exchanges;
    /** Time of the last intent about ourselves, ours or not; 0 before the first. */
    private long lastAboutUs;

    private Members(ActorContext<Command> context, TimerScheduler<Command> timers, Links links) {
        this.context = context;
        this.timers = timers;
        // Pekko's timers touch the logger first and would name it after a class of theirs.
        context.setLoggerName(Members.class);
        this.links = links;
        this.newcomers = new Newcomers(links.flood);
        this.reapQueue = new ReapQueue(links.rules.serf());
        this.book = IntentBook.above(links.floors, links.rules.serf().recentIntentTimeout());
        this.announcer = new Announcer(context::getLog, links.time, links.counters);
        this.exchanges = new Exchanges(context, links, book, new Exchanges.Owner() {
            @Override
            public void hear(SwimMessage.Claim claim, Origin origin) {
                onHeard(claim, origin);
            }

            @Override
            public void hear(SerfMessage.Intent intent) {
                take(intent, Optional.empty());
            }

            @Override
            public void clockMoved() {
                publishClocks();
            }
        });
    }

    static Behavior<Command> create(Links links) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new Members(context, timers, links).keeping()));
    }

    private Behavior<Command> keeping() {
        publishClocks();
        timers.startTimerWithFixedDelay(ReapTick.INSTANCE, links.rules.serf().reapInterval());
        return Behaviors.receive(Command.class)
                .onMessage(Heard.class, heard -> {
                    links.inflow.claims().left();
                    return onHeard(heard.claim, Origin.TOLD);
                })
                .onMessage(Accuse.class, accuse -> {
                    tell(accuse.suspicion.node(), new RemoteMember.Accuse(accuse.suspicion, accuse.witnesses));
                    return Behaviors.same();
                })
                .onMessage(Answered.class, answered -> {
                    tell(answered.node, RemoteMember.Answered.INSTANCE);
                    return Behaviors.same();
                })
                .onMessage(Witnessed.class, this::onWitnessed)
                .onMessage(HeardIntent.class, heard -> {
                    links.inflow.claims().left();
                    take(heard.intent, Optional.of(heard.original));
                    return publishClocks();
                })
                .onMessage(Merge.class, this::onMerge)
                .onMessage(Serve.class, this::onServe)
                .onMessage(Describe.class, this::onDescribe)
                .onMessage(Leave.class, this::onLeave)
                .onMessage(ForceLeave.class, this::onForceLeave)
                .onMessage(AnnounceJoin.class, announce -> onAnnounceJoin())
                .onMessage(PingedByFailed.class, pinged -> {
                    links.doubts.sync().get().tell(Sync.Returned.INSTANCE);
                    return Behaviors.same();
                })
                .onMessage(LeavePool.class, this::onLeavePool)
                .onMessage(Subscribe.class, this::onSubscribe)
                .onMessage(SelfChanged.class, this::onSelfChanged)
                .onMessage(Changed.class, this::onChanged)
                .onMessage(Republished.class, this::onRepublished)
                .onMessage(Amend.class, amend -> onAmend())
                .onMessage(Forgotten.class, this::onForgotten)
                .onMessage(Unsubscribed.class, this::onUnsubscribed)
                .onMessage(ReapTick.class, tick -> onReapTick())
                .onMessage(JoinRoundTick.class, tick -> onJoinRoundTick())
                .build();
    }

    private Behavior<Command> onHeard(SwimMessage.Claim claim, Origin origin) {
        if (claim.node().equals(self())) {
            if (links.inflow.local().enterIfQuiet()) {
                links.local.get().tell(new LocalMember.Heard(claim));
            }
            return Behaviors.same();
        }
        ActorRef<RemoteMember.Command> actor = actors.get(claim.node());
        if (actor == null && claim instanceof SwimMessage.Alive alive) {
            if (!mayCome(alive, origin)) {
                return Behaviors.same();
            }
            if (!newcomers.admits(actors.size(), origin, links.time.nanos())) {
                links.surplus.accept(new Effect.Refused(claim, "more new members than we take in at once"));
                return Behaviors.same();
            }
            actor = spawn(claim.node());
        }
        // What we asked for is bounded by what an exchange may hold.
        if (actor != null && (origin != Origin.TOLD || links.inflow.enter(actor))) {
            actor.tell(new RemoteMember.Heard(
                    claim, origin == Origin.OWNER ? Teller.OWNER : Teller.OTHERS, origin == Origin.JOINED));
        }
        return Behaviors.same();
    }

    /** Whether a name never heard of is known to be there; otherwise it is asked, or whoever bears it. */
    private boolean mayCome(SwimMessage.Alive alive, Origin origin) {
        Teller teller = origin == Origin.OWNER ? Teller.OWNER : Teller.OTHERS;
        return switch (links.rules.claims().weigh(alive, Optional.empty(), Grounds.of(teller))) {
            case COUNTS, REPLACES, SUSPECTED, WAITS, CONTRADICTED -> true;
            case UNPROVEN -> {
                if (actors.size() >= links.flood.membersMax() || !links.doubts.prove(alive, origin == Origin.JOINED)) {
                    links.surplus.accept(new Effect.Refused(alive, "more new members than we ask at once"));
                }
                yield false;
            }
            case IMPLAUSIBLE -> {
                links.refused.accept(new Effect.Refused(alive, "implausible incarnation"));
                alive.address()
                        .socket()
                        .filter(at -> alive.address().isRoutable())
                        .ifPresent(at -> links.doubts.sync().get().tell(new Sync.AskOwner(at)));
                yield false;
            }
        };
    }

    private Behavior<Command> onWitnessed(Witnessed witnessed) {
        SwimMessage.Alive claim = witnessed.claim;
        ActorRef<RemoteMember.Command> actor = actors.get(claim.node());
        if (actor == null) {
            if (actors.size() >= links.flood.membersMax()) {
                links.surplus.accept(new Effect.Refused(claim, "more members than we keep"));
                return Behaviors.same();
            }
            actor = spawn(claim.node());
        }
        actor.tell(new RemoteMember.Heard(claim, Teller.WITNESSED, witnessed.isOld));
        return Behaviors.same();
    }

    private ActorRef<RemoteMember.Command> spawn(String name) {
        var behavior = RemoteMember.create(
                name,
                book.recent(name, links.time.now()),
                new RemoteMember.Links(
                        context.getSelf(),
                        links.broadcasts,
                        links.doubts,
                        links.view,
                        links.inflow,
                        links.rules,
                        links.time,
                        links.refused,
                        links.hearing,
                        links.ledger,
                        links.counters));
        // A restart goes on from the record in the view; see RemoteMember.
        ActorRef<RemoteMember.Command> actor = context.spawnAnonymous(
                links.counters.supervision().restart(ActorKind.REMOTE, RemoteMember.Command.class, behavior),
                DispatcherSelector.sameAsParent());
        links.inflow.open(actor);
        actors.put(name, actor);
        // However it ended, its name is free for the next.
        context.watchWith(actor, new Forgotten(name, actor));
        return actor;
    }

    private void take(SerfMessage.Intent intent, Optional<Octets> original) {
        book.members().witness(intent.ltime());
        if (intent.node().equals(self())) {
            boolean newer =
                    Long.compareUnsigned(intent.ltime(), links.view.get().self().statusLTime()) > 0;
            if (Long.compareUnsigned(intent.ltime(), lastAboutUs) > 0) {
                lastAboutUs = intent.ltime();
            }
            links.local.get().tell(new LocalMember.HeardIntent(intent));
            if (newer && intent instanceof SerfMessage.Join) {
                // Not of our making: somebody was told, by who had heard our join but not yet that we live, that we
                // left again, and lists us as leaving. Only a later join takes that back.
                onAnnounceJoin();
            }
        } else {
            ActorRef<RemoteMember.Command> actor = actors.get(intent.node());
            if (actor != null) {
                if (links.inflow.enter(actor)) {
                    actor.tell(new RemoteMember.HeardIntent(intent, original));
                }
            } else if (book.buffer(intent, links.time.now())) {
                original.filter(body -> links.inflow.news().enterIfQuiet()).ifPresent(this::passOn);
            }
        }
    }

    private Behavior<Command> onMerge(Merge merge) {
        exchanges.merge(merge);
        return publishClocks();
    }

    private Behavior<Command> onServe(Serve serve) {
        if (exchanges.serve(serve)) {
            timers.startSingleTimer(JoinRoundTick.INSTANCE, JoinRound.QUIET);
        }
        return publishClocks();
    }

    private Behavior<Command> onJoinRoundTick() {
        exchanges.joinRoundTick().ifPresent(left -> timers.startSingleTimer(JoinRoundTick.INSTANCE, left));
        return Behaviors.same();
    }

    private Behavior<Command> onDescribe(Describe describe) {
        exchanges.describe(describe.join, describe.replyTo);
        return Behaviors.same();
    }

    private Behavior<Command> onLeave(Leave leave) {
        links.local.get().tell(new LocalMember.BeginLeave(book.stampLeave(self(), false), leave.replyTo));
        return publishClocks();
    }

    private Behavior<Command> onForceLeave(ForceLeave force) {
        ActorRef<RemoteMember.Command> actor = actors.get(force.node);
        boolean listed =
                links.view.get().find(force.node).filter(MemberRecord::isListed).isPresent();
        force.replyTo.tell(listed);
        if (actor != null && listed) {
            SerfMessage.Leave intent = book.stampLeave(force.node, force.prune);
            Octets body = Broadcasts.body(intent);
            actor.tell(new RemoteMember.HeardIntent(intent, Optional.empty()));
            passOn(body);
        }
        return publishClocks();
    }

    private Behavior<Command> onAnnounceJoin() {
        if (links.view.get().self().status() != SerfStatus.ALIVE) {
            // A join that was under way when we began to leave: announced now, it would take the leave intent back.
            return Behaviors.same();
        }
        if (lastAboutUs != 0 && book.members().time() == lastAboutUs + 1) {
            // That time is taken: whoever has heard that intent and lists us as left, be it since an earlier life of
            // ours, tells of a leave one later in each exchange. A join of an equal time would count for nothing.
            book.members().increment();
        }
        SerfMessage.Join intent = book.stampJoin(self());
        lastAboutUs = intent.ltime();
        links.local.get().tell(new LocalMember.HeardIntent(intent));
        passOn(Broadcasts.body(intent));
        return publishClocks();
    }

    private void passOn(Octets body) {
        links.broadcasts.tell(
                new Broadcasts.QueueIntent(body, context.getSystem().ignoreRef()));
    }

    private Behavior<Command> onLeavePool(LeavePool leave) {
        for (String name : leave.names) {
            tell(name, RemoteMember.LeavePool.INSTANCE);
        }
        return Behaviors.same();
    }

    private void tell(String name, RemoteMember.Command command) {
        ActorRef<RemoteMember.Command> actor = actors.get(name);
        if (actor != null) {
            actor.tell(command);
        }
    }

    private Behavior<Command> onReapTick() {
        book.expire(links.time.now());
        for (String name : reapQueue.due(links.time.now())) {
            tell(name, RemoteMember.Reap.INSTANCE);
        }
        return Behaviors.same();
    }

    private Behavior<Command> onSelfChanged(SelfChanged changed) {
        links.view.set(links.view.get().withSelf(changed.record, changed.healthScore));
        changed.event.ifPresent(announcer::announce);
        return Behaviors.same();
    }

    private Behavior<Command> onChanged(Changed changed) {
        MemberRecord after = changed.change.after();
        if (changed.actor.equals(actors.get(after.name()))) {
            links.view.set(links.view.get().with(after, changed.actor));
            reapQueue.changed(after);
            links.doubts.proven().changed(after);
        }
        if (after.state() == NodeState.SUSPECT
                && changed.change
                        .before()
                        .filter(before -> before.state() == NodeState.SUSPECT)
                        .isEmpty()) {
            links.counters.suspicions.increment();
        }
        changed.change.event().ifPresent(announcer::announce);
        if (links.doubts.proven().isGuarded()
                && after.status() == SerfStatus.ALIVE
                && changed.change
                        .before()
                        .filter(before -> before.status() == SerfStatus.FAILED)
                        .isPresent()) {
            links.doubts.sync().get().tell(Sync.Returned.INSTANCE);
        }
        return Behaviors.same();
    }

    /** Everybody says again what this actor may not have heard; a fault is rare, and this costs a message for each member. */
    private Behavior<Command> onAmend() {
        actors.values().forEach(actor -> actor.tell(RemoteMember.Republish.INSTANCE));
        links.local.get().tell(LocalMember.Amend.INSTANCE);
        timers.startSingleTimer(JoinRoundTick.INSTANCE, JoinRound.QUIET);
        return Behaviors.same();
    }

    private Behavior<Command> onRepublished(Republished again) {
        MemberRecord after = again.record;
        Optional<MemberRecord> before = links.view.get().find(after.name());
        return before.filter(after::equals).isPresent()
                ? Behaviors.same()
                : onChanged(new Changed(
                        new Effect.Publish(before, after, MemberEvent.between(before, after)), again.actor));
    }

    private Behavior<Command> onForgotten(Forgotten forgotten) {
        // Not if the name has got a new actor meanwhile.
        if (actors.remove(forgotten.node, forgotten.actor)) {
            links.view.set(links.view.get().without(forgotten.node));
            reapQueue.forgotten(forgotten.node);
            links.doubts.proven().forgotten(forgotten.node);
        }
        return Behaviors.same();
    }

    private Behavior<Command> onSubscribe(Subscribe subscribe) {
        if (announcer.subscribe(subscribe.subscriber, links.view.get())) {
            context.watchWith(subscribe.subscriber, new Unsubscribed(subscribe.subscriber));
        }
        return Behaviors.same();
    }

    private Behavior<Command> onUnsubscribed(Unsubscribed gone) {
        announcer.unsubscribe(gone.subscriber);
        return Behaviors.same();
    }

    private Behavior<Command> publishClocks() {
        links.view.set(links.view.get().withClock(book.members().time()));
        return Behaviors.same();
    }

    private String self() {
        return links.rules.self();
    }
}
