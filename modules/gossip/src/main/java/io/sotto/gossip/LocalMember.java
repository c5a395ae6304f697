package io.sotto.gossip;

import io.sotto.gossip.rate.TokenBucket;
import io.sotto.membership.Effect;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SelfMachine;
import io.sotto.membership.SerfStatus;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * This node: {@code member -> sayingGoodbye -> going -> lingering -> gone}. It answers pings, refutes what is wrongly said
 * about it, keeps the health score, and leaves in the order that lets others list it as left rather than failed: first the
 * leave intent, then the news of its own death, each awaited until it has been sent often enough, and the intent until others
 * had the time to pass it on.
 *
 * <p>In every state it goes on answering pings: a node that leaves is not a node that fails. Supervised by resume: the
 * machine it owns is only changed by calls that return, so its state stays good, and a restart would forget the
 * incarnation.
 *
 * <p>Source: gossip specification, sections 10.4, 10.6, 11.2 and 17.3.
 */
final class LocalMember {
    sealed interface Command {}

    /** A claim about us; {@code teller} is where the datagram came from that it was in, if it was in one. */
    record Heard(SwimMessage.Claim claim, Optional<InetSocketAddress> teller) implements Command {
        /** From an exchange of views. */
        Heard(SwimMessage.Claim claim) {
            this(claim, Optional.empty());
        }
    }

    /** An intent about us, its time witnessed by {@link Members}. */
    record HeardIntent(SerfMessage.Intent intent) implements Command {}

    /** Somebody asks whether we are there, and may be answered at this address. */
    record Pinged(SwimMessage.Ping ping, InetSocketAddress source, InetSocketAddress answerTo) implements Command {}

    /** A probe of ours ended. */
    record HealthChange(int delta) implements Command {}

    /** New tags, already encoded. */
    record UpdateMeta(Octets meta) implements Command {}

    /** Leave; the intent was stamped by {@link Members}. */
    record BeginLeave(SerfMessage.Leave intent, ActorRef<Left> replyTo) implements Command {}

    /** The leave has spread, or as far as it could. */
    enum Left {
        INSTANCE
    }

    /** A fault of this actor lost a message: what depends on it is made good. */
    enum Amend implements Command {
        INSTANCE
    }

    private enum Step implements Command {
        INTENT_SENT,
        INTENT_SPREAD,
        DEATH_SPREAD,
        LINGERED
    }

    /** What it needs of its pool. {@code ackPayload} is what our acks carry: our network coordinate, or nothing. */
    record Links(
            ActorRef<Members.Command> members,
            ActorRef<Broadcasts.Command> broadcasts,
            ActorRef<Events.Command> events,
            Supplier<MembersView> view,
            Inflow inflow,
            PoolRules rules,
            Supplier<Octets> ackPayload,
            PoolTime time,
            PoolCounters counters) {}

    private static final String STEP_TIMER = "step";
    /** Larger pools gossip news often enough to reach everybody. */
    private static final int TOLD_IN_PERSON_MAX = 64;
    /**
     * What we sent ourselves reached a few only. They pass it on at once and again at the next interval; the death follows as
     * fast, and whoever hears of it first lists us as failed.
     */
    private static final int PASSED_ON_AFTER_INTERVALS = 2;

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Links links;
    private final SelfMachine machine;
    private final TokenBucket acksWithGossip;
    private final TokenBucket returns = TokenBucket.create(1, 1);
    private final Rebuttals rebuttals;
    private final LineLimit strayPings = LineLimit.perSecond();
    private final LineLimit conflicts = LineLimit.perSecond();
    private final LineLimit refutations = LineLimit.perSecond();
    private final LineLimit refusals = LineLimit.perSecond();

    private LocalMember(
            ActorContext<Command> context, TimerScheduler<Command> timers, Links links, SelfMachine machine) {
        this.context = context;
        // Pekko's timers touch the logger first and would name it after a class of theirs.
        context.setLoggerName(LocalMember.class);
        this.timers = timers;
        this.links = links;
        this.machine = machine;
        SwimSettings swim = links.rules.swim();
        long perSecond = Math.max(1, Duration.ofSeconds(1).dividedBy(swim.gossipInterval()));
        this.rebuttals = new Rebuttals(TOLD_IN_PERSON_MAX, swim.probeInterval());
        this.acksWithGossip = TokenBucket.create(Math.toIntExact(perSecond), 1);
    }

    /** @param beginning what starting the machine led to; the pool has already published its record */
    static Behavior<Command> create(SelfMachine machine, List<Effect> beginning, Links links) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            LocalMember self = new LocalMember(context, timers, links, machine);
            self.run(beginning);
            return self.member();
        }));
    }

    private Behavior<Command> member() {
        return Behaviors.receive(Command.class)
                .onMessage(Heard.class, this::onHeard)
                .onMessage(HeardIntent.class, heard -> run(machine.onIntent(heard.intent)))
                .onMessage(Pinged.class, this::onPinged)
                .onMessage(HealthChange.class, change -> run(machine.onHealth(change.delta)))
                .onMessage(UpdateMeta.class, update -> run(machine.updateMeta(update.meta)))
                .onMessage(BeginLeave.class, this::onBeginLeave)
                .onMessage(Amend.class, amend -> publishAgain())
                .onMessage(Step.class, stale -> Behaviors.same())
                .build();
    }

    /** Leaving: {@code expected} takes the next step, everything else goes on as before. */
    private Behavior<Command> leaving(Step expected, List<ActorRef<Left>> waiting) {
        return Behaviors.receive(Command.class)
                .onMessage(Heard.class, this::onHeard)
                .onMessage(HeardIntent.class, heard -> run(machine.onIntent(heard.intent)))
                .onMessage(Pinged.class, this::onPinged)
                .onMessage(HealthChange.class, change -> run(machine.onHealth(change.delta)))
                .onMessage(UpdateMeta.class, tooLate -> Behaviors.same())
                .onMessage(BeginLeave.class, again -> leaving(expected, plus(waiting, again.replyTo)))
                .onMessage(Amend.class, amend -> {
                    // What was lost may have been the step itself.
                    timers.startSingleTimer(
                            STEP_TIMER, expected, links.rules.serf().broadcastTimeout());
                    return publishAgain();
                })
                .onMessage(Step.class, step -> step == expected ? onStep(step, waiting) : Behaviors.same())
                .build();
    }

    private Behavior<Command> gone() {
        return Behaviors.receive(Command.class)
                .onMessage(Heard.class, this::onHeard)
                .onMessage(HeardIntent.class, heard -> run(machine.onIntent(heard.intent)))
                .onMessage(Pinged.class, this::onPinged)
                .onMessage(HealthChange.class, change -> Behaviors.same())
                .onMessage(UpdateMeta.class, tooLate -> Behaviors.same())
                .onMessage(BeginLeave.class, again -> {
                    again.replyTo.tell(Left.INSTANCE);
                    return Behaviors.same();
                })
                .onMessage(Amend.class, amend -> publishAgain())
                .onMessage(Step.class, stale -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onHeard(Heard heard) {
        links.inflow.local().left();
        List<Effect> effects = machine.onClaim(heard.claim, links.time.now());
        heard.teller.ifPresent(teller -> answer(teller, effects));
        return run(effects);
    }

    /** Not beside the news: what is sent in person does not count as one of the times that news is sent. */
    private void answer(InetSocketAddress teller, List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Answer answer
                    && rebuttals.admits(teller, answer.own().incarnation(), links.time.now())
                    && links.inflow.news().enter()) {
                links.broadcasts.tell(new Broadcasts.Send(teller, List.of(answer.own()), false, false));
            }
        }
    }

    private Behavior<Command> onPinged(Pinged pinged) {
        links.inflow.local().left();
        if (links.rules.claims().isGuarded() && isFromFailed(pinged) && returns.admits(links.time.nanos())) {
            links.members.tell(Members.PingedByFailed.INSTANCE);
        }
        Replies.ack(pinged.ping, pinged.answerTo, machine.record().name(), links.ackPayload.get())
                .ifPresentOrElse(
                        ack -> {
                            if (links.inflow.news().enter()) {
                                links.broadcasts.tell(mayTakeGossip() ? ack : ack.alone());
                            }
                        },
                        () -> warn(
                                strayPings,
                                "memberlist: Got ping for unexpected node '{}' from={}",
                                Printable.of(pinged.ping.node()),
                                pinged.source));
        return Behaviors.same();
    }

    private boolean isFromFailed(Pinged pinged) {
        return pinged.ping
                .asker()
                .flatMap(asker -> links.view.get().find(asker.node()))
                .filter(known -> known.status() == SerfStatus.FAILED && Proven.isAt(known.address(), pinged.source))
                .isPresent();
    }

    /**
     * Where claims are guarded, whoever is back or new is pinged by everybody at once. Acks to all of them would use up
     * what may be sent of each piece of news, on members that know it: one takes gossip along for each tick.
     */
    private boolean mayTakeGossip() {
        return !links.rules.claims().isGuarded() || acksWithGossip.admits(links.time.nanos());
    }

    private Behavior<Command> onBeginLeave(BeginLeave begin) {
        tellInPerson(begin.intent);
        return await(Step.INTENT_SENT, machine.beginLeave(begin.intent), List.of(begin.replyTo));
    }

    /**
     * In a small pool news is sent so few times that a good part of the members never hears it, and who hears of our death
     * alone lists us as failed.
     */
    private void tellInPerson(SerfMessage.Leave intent) {
        List<SwimMessage> message = List.of(new SwimMessage.User(Broadcasts.body(intent)));
        links.view.get().inAnyOrder().stream()
                .filter(member -> member.isAlive()
                        && !member.name().equals(machine.record().name()))
                .limit(TOLD_IN_PERSON_MAX)
                .flatMap(member -> member.address().socket().stream())
                .filter(address -> links.inflow.news().enter())
                .forEach(address -> links.broadcasts.tell(new Broadcasts.Send(address, message, false, false)));
    }

    private Behavior<Command> onStep(Step step, List<ActorRef<Left>> waiting) {
        return switch (step) {
            case INTENT_SENT ->
                await(
                        Step.INTENT_SPREAD,
                        links.rules.swim().gossipInterval().multipliedBy(PASSED_ON_AFTER_INTERVALS),
                        waiting);
            case INTENT_SPREAD -> await(Step.DEATH_SPREAD, machine.leave(links.time.now()), waiting);
            case DEATH_SPREAD -> await(Step.LINGERED, links.rules.serf().leavePropagateDelay(), waiting);
            case LINGERED -> {
                waiting.forEach(replyTo -> replyTo.tell(Left.INSTANCE));
                yield gone();
            }
        };
    }

    /** Waits until the news is out, for a bounded time, and not at all when nobody is there to hear it. */
    private Behavior<Command> await(Step step, List<Effect> effects, List<ActorRef<Left>> waiting) {
        run(effects, context.messageAdapter(Broadcasts.Transmitted.class, LocalMember::stepAfter));
        return await(step, links.rules.serf().broadcastTimeout(), waiting);
    }

    private Behavior<Command> await(Step step, Duration most, List<ActorRef<Left>> waiting) {
        if (links.view.get().hasCompany()) {
            timers.startSingleTimer(STEP_TIMER, step, most);
        } else {
            context.getSelf().tell(step);
        }
        return leaving(step, waiting);
    }

    /** Told by what it was that is out: an intent that comes late must not pass for the death. */
    private static Step stepAfter(Broadcasts.Transmitted transmitted) {
        return switch (transmitted) {
            case INTENT -> Step.INTENT_SENT;
            case CLAIM -> Step.DEATH_SPREAD;
            case QUERY, EVENT -> throw new IllegalStateException(transmitted + " has nobody waiting for it");
        };
    }

    private Behavior<Command> run(List<Effect> effects) {
        return run(effects, context.getSystem().ignoreRef());
    }

    private Behavior<Command> run(List<Effect> effects, ActorRef<Broadcasts.Transmitted> notify) {
        for (Effect effect : effects) {
            switch (effect.kind()) {
                case GOSSIP -> {
                    var gossip = (Effect.Gossip) effect;
                    links.broadcasts.tell(new Broadcasts.QueueClaim(gossip.queueName(), gossip.claim(), notify));
                }
                case GOSSIP_INTENT ->
                    links.broadcasts.tell(new Broadcasts.QueueIntent(
                            Broadcasts.body(((Effect.GossipIntent) effect).intent()), notify));
                case ANNOUNCE_JOIN -> links.members.tell(Members.AnnounceJoin.INSTANCE);
                case PUBLISH -> publish(((Effect.Publish) effect).event());
                case HEALTH -> publish(Optional.empty());
                case CONFLICT -> {
                    var conflict = (Effect.Conflict) effect;
                    links.counters.conflicts.increment();
                    links.events.tell(new Events.NameClaimed(conflict.other().address()));
                    if (conflicts.admits(links.time.now())) {
                        context.getLog()
                                .error(
                                        "serf: Node name conflicts with another node at {}. Names must be unique!",
                                        conflict.other().address());
                    }
                }
                case REFUTED -> {
                    links.counters.refutations.increment();
                    warn(
                            refutations,
                            "memberlist: Refuting a {} message (from: {})",
                            kindWord(((Effect.Refuted) effect).accusation()),
                            accuser(((Effect.Refuted) effect).accusation()));
                }
                case ANSWER -> {
                    // Only whoever spoke to us is answered; see onHeard.
                }
                case REFUSED ->
                    warn(
                            refusals,
                            "memberlist: ignoring a claim about ourselves: {}",
                            ((Effect.Refused) effect).reason());
                case PASS_ON -> {
                    // Intents about us are either our own, queued already, or refuted: never passed on.
                }
                case SCHEDULE, FORGET, ASK, PROVE, ASK_OWNER ->
                    throw new IllegalStateException(effect.kind() + " is an effect of a remote member");
            }
        }
        return Behaviors.same();
    }

    private Behavior<Command> publishAgain() {
        publish(Optional.empty());
        return Behaviors.same();
    }

    private void publish(Optional<MemberEvent> event) {
        links.members.tell(new Members.SelfChanged(machine.record(), machine.healthScore(), event));
    }

    private void warn(LineLimit limit, String text, Object... values) {
        if (limit.admits(links.time.now())) {
            context.getLog().warn(text, values);
        }
    }

    private static String kindWord(SwimMessage.Claim accusation) {
        return accusation.kind().name().toLowerCase(Locale.ROOT);
    }

    private static String accuser(SwimMessage.Claim accusation) {
        return switch (accusation.kind()) {
            case SUSPECT -> Printable.of(((SwimMessage.Suspect) accusation).from());
            case DEAD -> Printable.of(((SwimMessage.Dead) accusation).from());
            case ALIVE -> ((SwimMessage.Alive) accusation).address().toString();
            case PING, INDIRECT_PING, ACK, NACK, USER, ERR -> "nobody";
        };
    }

    private static List<ActorRef<Left>> plus(List<ActorRef<Left>> waiting, ActorRef<Left> one) {
        return Stream.concat(waiting.stream(), Stream.of(one)).toList();
    }
}
