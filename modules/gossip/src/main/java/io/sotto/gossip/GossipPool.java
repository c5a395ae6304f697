package io.sotto.gossip;

import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.keys.KeyReport;
import io.sotto.gossip.rotation.Rotation;
import io.sotto.gossip.rotation.RotationRequest;
import io.sotto.gossip.snapshot.SnapshotKeeper;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.event.UserEvent;
import io.sotto.membership.query.QueryRequest;
import io.sotto.membership.rotation.RotationCause;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.BehaviorBuilder;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;

/**
 * The guardian of one pool: {@code openingKeys -> openingSnapshot -> binding -> joining -> running -> leaving -> left}, or {@code failed}.
 *
 * <pre>
 *   GossipPool
 *     keyring      {@link KeyKeeper}       the keys; publishes the ring
 *     transport    {@link Transport}       the sockets; restarts with backoff and binds anew
 *     broadcasts   {@link Broadcasts}      news to spread, and the way out
 *     members      {@link Members}         the table; publishes {@link MembersView}
 *       (one per remote node) {@link RemoteMember}
 *     local        {@link LocalMember}     this node
 *     probes       {@link ProbeScheduler}  one {@link Probe} per period
 *     pauses       {@link PauseDetector}   notices that this process stood still
 *     plaintext    {@link PlaintextWatch}  says while plaintext is taken in beside a key
 *     sync         {@link Sync}            push/pull
 *     events       {@link Events}          user events and queries
 *     retry-join   {@link RetryJoin}       until somebody answers
 *     coordinates  {@link Coordinates}     how far others are
 *     snapshot     {@link SnapshotKeeper}  what the next life must know
 *     rejoin       {@link Rejoin}          finds the pool of an earlier life
 *     trials       {@link KeyTrials}       finds out what agents of other kinds can open
 *     rotation     {@link Rotation}        replaces the key, and minds how much it has sealed
 * </pre>
 *
 * <p>Requests that come before the pool runs wait in a bounded stash; what it has no room for is dropped, with a warning.
 * How the children are wired, what fails and what restarts, is said in {@link PoolWiring}. Of this length because half of it
 * is the catalogue of what a pool can be asked.
 *
 * <p>Over 400 lines: a third is the protocol of the actor.
 */
public final class GossipPool {
    /** What a pool can be asked. */
    public sealed interface Command {}

    /** Tells when the pool runs, or why it never will; may be asked at any time. */
    public record WhenStarted(ActorRef<Started> replyTo) implements Command {}

    /** How the start ended. */
    public sealed interface Started {
        /** It runs, and advertises this address. */
        record Running(NodeAddress address) implements Started {}

        /** It cannot run; the reason is for the operator, in one line. */
        record Failed(String reason) implements Started {}
    }

    /**
     * Exchange views with every one of these, as operators write them. Refused by a node that leaves or has left.
     *
     * @param replayEvents whether the user events that the members there remember are delivered here; otherwise what was sent
     *     before the join is not
     */
    public record Join(List<String> addresses, boolean replayEvents, ActorRef<JoinReport> replyTo) implements Command {
        public Join {
            addresses = List.copyOf(addresses);
        }

        /** Without the user events of before the join. */
        public Join(List<String> addresses, ActorRef<JoinReport> replyTo) {
            this(addresses, false, replyTo);
        }
    }

    /** Leave gracefully; answered when the leave has spread. Leaving twice is answered twice. */
    public record Leave(ActorRef<Left> replyTo) implements Command {}

    /** The node has left. */
    public enum Left {
        INSTANCE
    }

    /** Declare a member to have left, and with {@code prune} forget it. Answers whether it was known. */
    public record ForceLeave(String node, boolean prune, ActorRef<Boolean> replyTo) implements Command {}

    /** The current view as JOINED events, then each change, until the subscriber stops. */
    public record Subscribe(ActorRef<MemberEvent> subscriber) implements Command {}

    /**
     * Tell the applications of all members; this node's own are told at once. Refused if it is too long, or if the node has
     * left. Where {@code coalesce} is set, applications that want it so are told only the latest of several events of a name.
     */
    public record Broadcast(String name, Octets payload, boolean coalesce, ActorRef<Broadcasted> replyTo)
            implements Command {}

    /** Ask the members that match the request's filters, this node among them. Refused if it is too long, or after a leave. */
    public record Ask(QueryRequest request, ActorRef<QueryProgress> replyTo) implements Command {}

    /** Each user event from now on, once, this node's own among them, until the subscriber stops. */
    public record SubscribeEvents(ActorRef<UserEvent> subscriber) implements Command {}

    /** Each query from now on that is meant for this node and for applications, until the server stops. */
    public record ServeQueries(ActorRef<IncomingQuery> server) implements Command {}

    /** Ask or change the ring of this node; its keyring answers. */
    public record Keys(KeyKeeper.Request request) implements Command {}

    /**
     * Put all of this in force at once, or none of it: refused for a key that is neither the first of the ring nor on it,
     * and when the ring's file cannot be written.
     */
    public record Reconfigure(PoolChange change, ActorRef<Reconfigured> replyTo) implements Command {}

    /**
     * Say something else of this node from now on; nothing happens in a node that leaves or has left.
     *
     * @param meta its tags, encoded; longer ones than members may have are dropped, with a warning
     */
    public record UpdateMeta(Octets meta) implements Command {}

    private record Adopted(Reconfigure asked, KeyKeeper.Answer answer, boolean hadKeys) implements Command {}

    /**
     * Have all members do something with their rings, this one too. Refused without a ring, and while what is sent need not be
     * sealed.
     *
     * @param key the key that it is about; empty for a listing, and only then
     * @param relayFactor 0 to 255, as of {@link QueryRequest}
     */
    public record KeyQuery(
            KeyOperation operation, Optional<GossipKey> key, int relayFactor, ActorRef<KeyReport> replyTo)
            implements Command {
        public KeyQuery {
            if (key.isPresent() == (operation == KeyOperation.LIST)) {
                throw new IllegalArgumentException(operation + (key.isPresent() ? " takes no key" : " needs a key"));
            }
        }
    }

    /**
     * Ask the sotto members what they say of their own encryption, sealed. Answered within some seconds, with no report at
     * all by a node without a key, and by one that has left.
     */
    public record AskReports(ActorRef<MemberReports> replyTo) implements Command {}

    /**
     * Find out what members that give no reports can open and seal, and whether they refuse plaintext, by pings over streams.
     * Answered within a minute or so; those left out are not members, or wait for their turn.
     *
     * @param key what sealed pings are sealed with, though it need not be on the ring; empty for the ring's primary
     */
    public record TryKey(Optional<GossipKey> key, Set<String> members, ActorRef<KeyFindings> replyTo)
            implements Command {
        public TryKey {
            members = Set.copyOf(members);
        }
    }

    /** List the whole rings of all members, those of sotto's in pages; refused as a {@link KeyQuery} is. */
    public record KeyStatus(int relayFactor, ActorRef<KeyReport> replyTo) implements Command {}

    /** About the replacement of the pool's key by this node; what answers it is said at {@link RotationRequest}. */
    public record Rotate(RotationRequest request, ActorRef<RotationProgress> replyTo) implements Command {}

    /** A fault of this actor lost a message. Before the pool runs, that may have been what it waited for. */
    private enum Amend implements Command {
        INSTANCE
    }

    private record KeysOpened(KeyKeeper.Opened opened) implements Command {}

    private record SnapshotOpened(SnapshotKeeper.Opened opened) implements Command {}

    private record Bound(Transport.Bound bound) implements Command {}

    private record StartJoined(JoinReport report) implements Command {}

    private enum StartJoinOverdue implements Command {
        INSTANCE
    }

    private record LeaveDone() implements Command {}

    private static final int STASH_MAX = 1_000;
    private static final Duration START_JOIN_MAX = Duration.ofMinutes(3);
    /** Source: Serf, in its own words. */
    private static final String LEFT_ALREADY = "Serf can't Join after Leave or Shutdown";

    private static final String BROKEN = "a fault of this node broke the start off: see its log";

    private static final String GONE = "this node has left its pool";

    private final ActorContext<Command> context;
    private final StashBuffer<Command> stash;
    private final PoolSettings settings;
    private final PoolState state;
    private final PoolWiring wiring;
    private final TransportWiring transports;
    private final Inquiries inquiries;

    private GossipPool(
            ActorContext<Command> context,
            StashBuffer<Command> stash,
            PoolSettings settings,
            PoolEnvironment environment,
            PoolState state) {
        this.context = context;
        context.setLoggerName(GossipPool.class);
        this.stash = stash;
        this.settings = settings;
        this.state = state;
        this.wiring = new PoolWiring(context, settings, environment, state);
        this.transports = new TransportWiring(context, settings, environment, state);
        this.inquiries = new Inquiries(context, settings, state);
    }

    /** A pool that starts at once; {@code state} is what it publishes, readable from any thread from now on. */
    public static Behavior<Command> create(PoolSettings settings, PoolEnvironment environment, PoolState state) {
        Behavior<Command> pool = Behaviors.setup(context -> Behaviors.withStash(
                STASH_MAX, stash -> new GossipPool(context, stash, settings, environment, state).openKeys()));
        return state.counters().supervision().resume(ActorKind.POOL, Command.class, pool, Amend.INSTANCE);
    }

    private Behavior<Command> openKeys() {
        var keeper = wiring.keyring();
        keeper.tell(new KeyKeeper.Open(context.messageAdapter(KeyKeeper.Opened.class, KeysOpened::new)));
        return Behaviors.receive(Command.class)
                .onMessage(KeysOpened.class, opened -> onKeysOpened(opened.opened, keeper))
                .onMessage(Amend.class, amend -> fail(BROKEN))
                .onAnyMessage(this::waitForStart)
                .build();
    }

    private Behavior<Command> onKeysOpened(KeyKeeper.Opened opened, ActorRef<KeyKeeper.Command> keeper) {
        if (opened instanceof KeyKeeper.Opened.Failed failed) {
            return fail(failed.reason());
        }
        if (opened instanceof KeyKeeper.Opened.Ready ready) {
            ready.warning()
                    .ifPresent(warning -> context.getLog()
                            .warn("{}: keyring={}", warning, settings.name().toUpperCase(Locale.ROOT)));
        }
        if (settings.snapshot().file().isEmpty()) {
            return bind(keeper, Optional.empty());
        }
        var snapshot = wiring.snapshot();
        snapshot.tell(
                new SnapshotKeeper.Open(context.messageAdapter(SnapshotKeeper.Opened.class, SnapshotOpened::new)));
        return Behaviors.receive(Command.class)
                .onMessage(
                        SnapshotOpened.class,
                        read -> bind(keeper, Optional.of(new PoolWiring.Memory(snapshot, read.opened))))
                .onMessage(Amend.class, amend -> fail(BROKEN))
                .onAnyMessage(this::waitForStart)
                .build();
    }

    private Behavior<Command> bind(ActorRef<KeyKeeper.Command> keeper, Optional<PoolWiring.Memory> memory) {
        TransportSlot slot = state.transport();
        var transport = transports.transport(slot, context.messageAdapter(Transport.Bound.class, Bound::new));
        return Behaviors.receive(Command.class)
                .onMessage(Bound.class, bound -> onBound(bound.bound, keeper, memory, slot, transport))
                .onMessage(Amend.class, amend -> fail(BROKEN))
                .onAnyMessage(this::waitForStart)
                .build();
    }

    private Behavior<Command> onBound(
            Transport.Bound bound,
            ActorRef<KeyKeeper.Command> keeper,
            Optional<PoolWiring.Memory> memory,
            TransportSlot slot,
            ActorRef<Transport.Command> transport) {
        if (bound instanceof Transport.Bound.Failed failed) {
            return fail(failed.reason());
        }
        PoolWiring.Children children =
                wiring.start(keeper, ((Transport.Bound.At) bound).address(), slot, transport, memory);
        // Joining earlier would spend the first news, such as a refutation, on a transport that drops it.
        return Behaviors.receive(Command.class)
                .onMessage(Bound.class, carrying -> join(children, memory))
                .onMessage(Amend.class, amend -> fail(BROKEN))
                .onAnyMessage(this::waitForStart)
                .build();
    }

    private Behavior<Command> join(PoolWiring.Children children, Optional<PoolWiring.Memory> memory) {
        memory.ifPresent(kept -> wiring.remember(kept.opened(), children));
        var joining = settings.joining();
        if (!joining.retry().isEmpty()) {
            wiring.retryJoin(children.sync());
        }
        if (joining.start().isEmpty()) {
            return run(children);
        }
        children.sync()
                .tell(new Sync.Join(joining.start(), context.messageAdapter(JoinReport.class, StartJoined::new)));
        // Longer than any exchange lasts: no answer comes where a fault has lost it.
        context.scheduleOnce(START_JOIN_MAX, context.getSelf(), StartJoinOverdue.INSTANCE);
        return Behaviors.receive(Command.class)
                .onMessage(StartJoined.class, joined -> onStartJoined(joined.report, children))
                .onMessage(StartJoinOverdue.class, overdue -> fail(BROKEN))
                .onMessage(Amend.class, amend -> fail(BROKEN))
                .onAnyMessage(this::waitForStart)
                .build();
    }

    private Behavior<Command> onStartJoined(JoinReport report, PoolWiring.Children children) {
        if (report.contacted() == 0) {
            StringBuilder reasons = new StringBuilder();
            report.failures()
                    .forEach(failure -> reasons.append(reasons.isEmpty() ? "" : "; ")
                            .append("Failed to join ")
                            .append(failure.address())
                            .append(": ")
                            .append(failure.reason()));
            return fail(reasons.toString());
        }
        return run(children);
    }

    private Behavior<Command> run(PoolWiring.Children children) {
        return stash.unstashAll(running(children));
    }

    private Behavior<Command> running(PoolWiring.Children children) {
        return talking(children)
                .onMessage(Join.class, join -> {
                    children.sync().tell(new Sync.Join(join.addresses, join.replayEvents, join.replyTo));
                    return Behaviors.same();
                })
                .onMessage(Leave.class, leave -> {
                    context.getChild(PoolWiring.RETRY_JOIN).ifPresent(context::stop);
                    context.getChild(PoolWiring.REJOIN).ifPresent(context::stop);
                    children.snapshot().tell(SnapshotKeeper.Leave.INSTANCE);
                    beginLeave(children);
                    return leaving(children, List.of(leave.replyTo));
                })
                .onMessage(LeaveDone.class, stale -> Behaviors.same())
                .onMessage(Amend.class, amend -> Behaviors.same())
                .build();
    }

    private void beginLeave(PoolWiring.Children children) {
        children.members()
                .tell(new Members.Leave(context.messageAdapter(LocalMember.Left.class, left -> new LeaveDone())));
    }

    private Behavior<Command> leaving(PoolWiring.Children children, List<ActorRef<Left>> waiting) {
        return talking(children)
                .onMessage(Join.class, join -> refuse(join, LEFT_ALREADY))
                .onMessage(Amend.class, amend -> {
                    // Asked again: what was lost may have been the news that it is done.
                    beginLeave(children);
                    return Behaviors.same();
                })
                .onMessage(Leave.class, again -> {
                    List<ActorRef<Left>> all = new ArrayList<>(waiting);
                    all.add(again.replyTo);
                    return leaving(children, all);
                })
                .onMessage(LeaveDone.class, done -> {
                    waiting.forEach(replyTo -> replyTo.tell(Left.INSTANCE));
                    return left(children);
                })
                .build();
    }

    private Behavior<Command> left(PoolWiring.Children children) {
        return common(children)
                .onMessage(Broadcast.class, late -> refuse(late, GONE))
                .onMessage(Ask.class, late -> refuse(late, GONE))
                .onMessage(KeyQuery.class, late -> refuse(late.operation, late.replyTo, GONE))
                .onMessage(KeyStatus.class, late -> refuse(KeyOperation.LIST, late.replyTo, GONE))
                .onMessage(AskReports.class, GossipPool::nobodyReports)
                .onMessage(TryKey.class, GossipPool::nobodyIsTried)
                .onMessage(Join.class, join -> refuse(join, LEFT_ALREADY))
                .onMessage(Leave.class, again -> {
                    again.replyTo.tell(Left.INSTANCE);
                    return Behaviors.same();
                })
                .onMessage(LeaveDone.class, stale -> Behaviors.same())
                .onMessage(Amend.class, amend -> Behaviors.same())
                .build();
    }

    /** While it is a member. */
    private BehaviorBuilder<Command> talking(PoolWiring.Children children) {
        return common(children)
                .onMessage(Broadcast.class, send -> {
                    children.events().tell(new Events.Send(send.name, send.payload, send.coalesce, send.replyTo));
                    return Behaviors.same();
                })
                .onMessage(Ask.class, ask -> {
                    children.events().tell(new Events.Ask(ask.request, ask.replyTo));
                    return Behaviors.same();
                })
                .onMessage(KeyQuery.class, query -> {
                    inquiries.inquire(query, children);
                    return Behaviors.same();
                })
                .onMessage(KeyStatus.class, status -> {
                    inquiries.inquire(status, children);
                    return Behaviors.same();
                })
                .onMessage(AskReports.class, ask -> {
                    inquiries.inquire(ask, children);
                    return Behaviors.same();
                })
                .onMessage(TryKey.class, ask -> {
                    children.trials().tell(new KeyTrials.Try(ask.key, ask.members, ask.replyTo));
                    return Behaviors.same();
                });
    }

    private BehaviorBuilder<Command> common(PoolWiring.Children children) {
        return Behaviors.receive(Command.class)
                .onMessage(WhenStarted.class, when -> {
                    when.replyTo.tell(new Started.Running(children.address()));
                    return Behaviors.same();
                })
                .onMessage(ForceLeave.class, force -> {
                    children.members().tell(new Members.ForceLeave(force.node, force.prune, force.replyTo));
                    return Behaviors.same();
                })
                .onMessage(Subscribe.class, subscribe -> {
                    children.members().tell(new Members.Subscribe(subscribe.subscriber));
                    return Behaviors.same();
                })
                .onMessage(SubscribeEvents.class, subscribe -> {
                    children.events().tell(new Events.Subscribe(subscribe.subscriber));
                    return Behaviors.same();
                })
                .onMessage(ServeQueries.class, serve -> {
                    children.events().tell(new Events.Serve(serve.server));
                    return Behaviors.same();
                })
                .onMessage(Keys.class, keys -> {
                    children.keyring().tell(keys.request);
                    return Behaviors.same();
                })
                .onMessage(Reconfigure.class, change -> adopt(change, children))
                .onMessage(Adopted.class, adopted -> onAdopted(adopted, children))
                .onMessage(UpdateMeta.class, update -> updateMeta(update.meta, children))
                .onMessage(Rotate.class, rotate -> {
                    children.rotation().tell(new Rotation.Ask(rotate.request, rotate.replyTo));
                    return Behaviors.same();
                })
                .onMessage(KeysOpened.class, late -> Behaviors.same())
                .onMessage(SnapshotOpened.class, late -> Behaviors.same())
                .onMessage(Bound.class, late -> Behaviors.same())
                .onMessage(StartJoinOverdue.class, late -> Behaviors.same())
                .onMessage(StartJoined.class, late -> Behaviors.same());
    }

    private Behavior<Command> updateMeta(Octets meta, PoolWiring.Children children) {
        int most = settings.rules().swim().metaMaxBytes();
        if (meta.length() > most) {
            context.getLog()
                    .warn("the tags of this node stay as they are: {} bytes are more than {}", meta.length(), most);
        } else if (!meta.equals(state.members().self().meta())) {
            children.local().tell(new LocalMember.UpdateMeta(meta));
        }
        return Behaviors.same();
    }

    private Behavior<Command> adopt(Reconfigure asked, PoolWiring.Children children) {
        boolean hadKeys = state.policy().isKeyed();
        ActorRef<Command> self = context.getSelf();
        // Not an ask: the answer comes in any case, however slow the disk is, and what was asked goes with it.
        ActorRef<KeyKeeper.Answer> awaiting = context.spawnAnonymous(Behaviors.receiveMessage(answer -> {
            self.tell(new Adopted(asked, answer, hadKeys));
            return Behaviors.stopped();
        }));
        children.keyring()
                .tell(new KeyKeeper.Adopt(
                        asked.change.key(), ring -> state.publishChange(asked.change, ring), awaiting));
        return Behaviors.same();
    }

    private Behavior<Command> onAdopted(Adopted adopted, PoolWiring.Children children) {
        if (adopted.answer instanceof KeyKeeper.Answer.Done done) {
            children.retimed().run();
            adopted.asked.replyTo.tell(
                    new Reconfigured.Applied(!adopted.hadKeys && !done.ring().isEmpty()));
        } else {
            adopted.asked.replyTo.tell(new Reconfigured.Refused(
                    adopted.answer instanceof KeyKeeper.Answer.Refused refused
                            ? refused.reason()
                            : ((KeyKeeper.Answer.NotWritten) adopted.answer).reason()));
        }
        return Behaviors.same();
    }

    private Behavior<Command> waitForStart(Command command) {
        if (stash.isFull()) {
            context.getLog().warn("pool {} has not started yet: dropped a request too many", settings.name());
        } else {
            stash.stash(command);
        }
        return Behaviors.same();
    }

    private Behavior<Command> fail(String reason) {
        context.getLog().debug("pool {} failed to start: {}", settings.name(), reason);
        // Whatever has started already, such as the sockets, would otherwise go on as a member that nobody asked for.
        context.getChildren().forEach(context::stop);
        return stash.unstashAll(failed(reason));
    }

    private Behavior<Command> failed(String reason) {
        return Behaviors.receive(Command.class)
                .onMessage(WhenStarted.class, when -> {
                    when.replyTo.tell(new Started.Failed(reason));
                    return Behaviors.same();
                })
                .onMessage(Join.class, join -> refuse(join, reason))
                .onMessage(Leave.class, leave -> {
                    leave.replyTo.tell(Left.INSTANCE);
                    return Behaviors.same();
                })
                .onMessage(Broadcast.class, send -> refuse(send, reason))
                .onMessage(Ask.class, ask -> refuse(ask, reason))
                .onMessage(KeyQuery.class, query -> refuse(query.operation, query.replyTo, reason))
                .onMessage(KeyStatus.class, status -> refuse(KeyOperation.LIST, status.replyTo, reason))
                .onMessage(AskReports.class, GossipPool::nobodyReports)
                .onMessage(TryKey.class, GossipPool::nobodyIsTried)
                .onMessage(ForceLeave.class, force -> {
                    force.replyTo.tell(false);
                    return Behaviors.same();
                })
                .onMessage(Reconfigure.class, change -> {
                    change.replyTo.tell(new Reconfigured.Refused(reason));
                    return Behaviors.same();
                })
                .onMessage(Keys.class, keys -> {
                    keys.request.replyTo().tell(new KeyKeeper.Answer.Refused(reason));
                    return Behaviors.same();
                })
                .onMessage(Rotate.class, rotate -> {
                    rotate.replyTo.tell(RotationProgress.refused(RotationCause.ASKED, reason));
                    return Behaviors.same();
                })
                .onAnyMessage(late -> Behaviors.same())
                .build();
    }

    private static Behavior<Command> refuse(Broadcast send, String reason) {
        send.replyTo.tell(new Broadcasted.Refused(reason));
        return Behaviors.same();
    }

    private static Behavior<Command> nobodyReports(AskReports ask) {
        ask.replyTo.tell(MemberReports.none());
        return Behaviors.same();
    }

    private static Behavior<Command> nobodyIsTried(TryKey ask) {
        ask.replyTo.tell(KeyFindings.none());
        return Behaviors.same();
    }

    private static Behavior<Command> refuse(Ask ask, String reason) {
        ask.replyTo.tell(new QueryProgress.Refused(reason));
        return Behaviors.same();
    }

    private static Behavior<Command> refuse(KeyOperation operation, ActorRef<KeyReport> replyTo, String reason) {
        replyTo.tell(KeyReport.refused(operation, reason));
        return Behaviors.same();
    }

    private static Behavior<Command> refuse(Join join, String reason) {
        join.replyTo.tell(new JoinReport(
                0,
                join.addresses.stream()
                        .map(address -> new JoinReport.Failure(address, reason))
                        .toList()));
        return Behaviors.same();
    }
}
