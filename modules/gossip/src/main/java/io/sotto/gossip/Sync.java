package io.sotto.gossip;

import io.sotto.gossip.stream.Exchanged;
import io.sotto.membership.Formulas;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.PoolRules;
import io.sotto.membership.Roster;
import io.sotto.membership.admission.Candidate;
import io.sotto.membership.merge.PushPullMerge;
import io.sotto.wire.Octets;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.stream.StreamMessage;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Exchanges whole views over streams: to join, now and then with a random member, and now and then with one that failed,
 * in case it is back. It holds nothing that a new beginning would miss, so supervision restarts it. Of this length because a third of it is
 * the catalogue of its messages.
 *
 * <p>Source: gossip specification, sections 13 and 17.3.
 *
 * <p>Over 400 lines: joining, answering and repeating are one exchange, from three beginnings.
 */
final class Sync {
    sealed interface Command {}

    /** Exchange views with every one of these, as operators write them. See {@link GossipPool.Join}. */
    record Join(List<String> addresses, boolean replayEvents, ActorRef<JoinReport> replyTo) implements Command {
        Join {
            addresses = List.copyOf(addresses);
        }

        /** Without the user events of before the join. */
        Join(List<String> addresses, ActorRef<JoinReport> replyTo) {
            this(addresses, false, replyTo);
        }
    }

    /** What an exchange is for. */
    private enum Purpose {
        /** To become a member; what happened before is not for us. */
        JOIN(true, true, true),
        /** To become a member, and to be told the user events that others remember. */
        JOIN_AND_REPLAY(true, false, true),
        /** To see whether a failed member is back, or to be back ourselves: who was away wants the events that it missed. */
        RECONNECT(true, false, false),
        /** To see the same. */
        SYNC(false, false, false);

        private final boolean join;
        private final boolean ignoresOldEvents;
        /** Whether somebody waits for its outcome; what is done again and again anyway needs no second try. */
        private final boolean isAskedFor;

        Purpose(boolean join, boolean ignoresOldEvents, boolean isAskedFor) {
            this.join = join;
            this.ignoresOldEvents = ignoresOldEvents;
            this.isAskedFor = isAskedFor;
        }
    }

    /** Exchange views with a member of an earlier life, which may well be gone: that it is is worth no warning. */
    record Rejoin(String address, ActorRef<JoinReport> replyTo) implements Command {}

    /** Another timing is in force. */
    enum Retimed implements Command {
        INSTANCE
    }

    /** What is said of the member at this address only it can say: exchange views with it, if that was not done just now. */
    record AskOwner(InetSocketAddress at) implements Command {}

    /** A member that had failed is back; where others have too, they may be as well. */
    enum Returned implements Command {
        INSTANCE
    }

    private enum SyncTick implements Command {
        INSTANCE
    }

    private enum LookAgain implements Command {
        INSTANCE
    }

    private enum ReconnectTick implements Command {
        INSTANCE
    }

    private record Joined(JoinReport report, ActorRef<JoinReport> replyTo) implements Command {}

    private record Rejoined(JoinReport report, ActorRef<JoinReport> replyTo) implements Command {}

    private record Synced(String peer, Optional<String> failure) implements Command {}

    /** What it needs of its pool. {@code blocking} runs DNS look-ups. */
    record Links(
            ActorRef<Members.Command> members,
            Supplier<MembersView> view,
            TransportSlot transport,
            Proven proven,
            JoinTarget.Resolver resolver,
            Executor blocking,
            PoolRules rules,
            PoolTime time,
            RandomGenerator random,
            PoolCounters counters) {}

    private static final Duration ANSWER_WAIT = Duration.ofSeconds(10);

    /** Within which others that join at the same time have become known. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(300);

    /** After that, the time within which views are exchanged once more, for up to 32 members. */
    private static final Duration SOON = Duration.ofMillis(400);

    /** A member is asked for what only it can say this often at the most, and so many at a time. */
    private static final Duration OWNERS_APART = Duration.ofSeconds(5);

    private static final int OWNERS_MAX = 16;

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Links links;
    private final SecondTry secondTry;
    private Duration ticking = Duration.ZERO;
    private final Map<InetSocketAddress, Instant> owners = new HashMap<>();
    private Instant nextAfterReturn = Instant.MIN;

    private Sync(ActorContext<Command> context, TimerScheduler<Command> timers, Links links) {
        this.context = context;
        // Pekko's timers touch the logger first and would name it after a class of theirs.
        context.setLoggerName(Sync.class);
        this.timers = timers;
        this.links = links;
        this.secondTry = new SecondTry(
                links.transport, links.time, context.getSystem().scheduler(), context.getExecutionContext());
    }

    static Behavior<Command> create(Links links) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Sync(context, timers, links).start()));
    }

    private Behavior<Command> start() {
        startTicking();
        timers.startTimerWithFixedDelay(
                ReconnectTick.INSTANCE, links.rules.serf().reconnectInterval().dividedBy(Roster.RECONNECT_LOOKS));
        return Behaviors.receive(Command.class)
                .onMessage(Join.class, this::onJoin)
                .onMessage(Joined.class, this::onJoined)
                .onMessage(Rejoin.class, this::onRejoin)
                .onMessage(Rejoined.class, rejoined -> conclude(rejoined.report, rejoined.replyTo))
                .onMessage(AskOwner.class, this::onAskOwner)
                .onMessage(Returned.class, returned -> onReturned())
                .onMessage(SyncTick.class, tick -> onSyncTick())
                .onMessage(LookAgain.class, look -> onLookAgain())
                .onMessage(Retimed.class, retimed -> onRetimed())
                .onMessage(ReconnectTick.class, tick -> onReconnectTick())
                .onMessage(Synced.class, this::onSynced)
                .build();
    }

    private Behavior<Command> onJoin(Join join) {
        CompletionStage<List<JoinReport>> all = CompletableFuture.completedFuture(List.of());
        for (String address : join.addresses) {
            all = all.thenCombine(
                    joinOne(address, join.replayEvents ? Purpose.JOIN_AND_REPLAY : Purpose.JOIN), Sync::plus);
        }
        context.pipeToSelf(
                all, (reports, failure) -> new Joined(sum(reports == null ? List.of() : reports), join.replyTo));
        return Behaviors.same();
    }

    private Behavior<Command> onJoined(Joined joined) {
        for (JoinReport.Failure failure : joined.report.failures()) {
            context.getLog().warn("memberlist: Failed to join {}: {}", failure.address(), failure.reason());
        }
        return conclude(joined.report, joined.replyTo);
    }

    private Behavior<Command> onRejoin(Rejoin rejoin) {
        context.pipeToSelf(
                joinOne(rejoin.address, Purpose.RECONNECT),
                (report, failure) -> new Rejoined(
                        report == null ? failed(rejoin.address, reason(failure)) : report, rejoin.replyTo));
        return Behaviors.same();
    }

    private Behavior<Command> conclude(JoinReport report, ActorRef<JoinReport> replyTo) {
        if (report.contacted() > 0) {
            // Serf says so too, with a Lamport time, which is what outlives an older leave of ours.
            links.members.tell(Members.AnnounceJoin.INSTANCE);
            timers.startSingleTimer(LookAgain.INSTANCE, LOOK_AGAIN);
        }
        replyTo.tell(report);
        return Behaviors.same();
    }

    private CompletionStage<JoinReport> joinOne(String address, Purpose purpose) {
        return CompletableFuture.supplyAsync(() -> resolve(address), links.blocking)
                .thenComposeAsync(
                        resolved -> {
                            CompletionStage<List<JoinReport>> all =
                                    CompletableFuture.completedFuture(resolved.unusable);
                            for (InetSocketAddress socket : resolved.sockets) {
                                all = all.thenCombine(joinSocket(socket, purpose), Sync::plus);
                            }
                            return all.thenApply(Sync::sum);
                        },
                        context.getExecutionContext())
                .exceptionally(failure -> failed(address, reason(failure)));
    }

    private record Resolved(List<InetSocketAddress> sockets, List<JoinReport> unusable) {}

    private Resolved resolve(String address) {
        JoinTarget target;
        try {
            target = JoinTarget.parse(address, links.view.get().self().address().port());
        } catch (IllegalArgumentException e) {
            return new Resolved(List.of(), List.of(failed(address, String.valueOf(e.getMessage()))));
        }
        try {
            return new Resolved(target.resolve(links.resolver), List.of());
        } catch (UnknownHostException e) {
            return new Resolved(List.of(), List.of(failed(address, "lookup " + target.host() + ": no such host")));
        }
    }

    private CompletionStage<JoinReport> joinSocket(InetSocketAddress to, Purpose purpose) {
        String host = to.getAddress().getHostAddress();
        return look(to, purpose)
                .thenCompose(objection ->
                        objection.isPresent() ? CompletableFuture.completedFuture(objection) : exchange(to, purpose))
                .exceptionally(failure -> Optional.of(reason(failure)))
                .thenApply(failure ->
                        failure.map(reason -> failed(host, reason)).orElseGet(() -> new JoinReport(1, List.of())));
    }

    /**
     * Before its first join a node asks to be shown the pool without showing itself, so that a mistaken one is told so and
     * nobody there has heard of it. Completes with the objection, or empty.
     */
    private CompletionStage<Optional<String>> look(InetSocketAddress to, Purpose purpose) {
        if (links.view.get().hasCompany()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        StreamMessage nothing = new StreamMessage.Exchange(new PushPull(false, List.of(), Octets.empty()));
        return request(to, nothing, purpose).thenApply(exchanged -> {
            if (exchanged instanceof Exchanged.Failed failed) {
                return Optional.of(failed.text());
            }
            return exchanged instanceof Exchanged.Answered answer
                            && answer.message() instanceof StreamMessage.Exchange theirs
                    ? objection(theirs.state().nodes())
                    : Optional.of("the answer is no push/pull");
        });
    }

    private Optional<String> objection(List<PushPull.Node> nodes) {
        return links.rules
                .admission()
                .objection(nodes.stream().map(Candidate::of).toList())
                .or(() -> PushPullMerge.placeTaken(nodes, links.view.get().self()));
    }

    /**
     * Brings the next exchange forward: when many join at once, gossip alone leaves somebody out now and then, who would
     * otherwise wait for half a minute. The larger the pool, the more time its newcomers take for it.
     */
    private Behavior<Command> onLookAgain() {
        Duration within = Formulas.pushPullInterval(SOON, links.view.get().poolSize());
        timers.startSingleTimer(SyncTick.INSTANCE, Duration.ofNanos(links.random.nextLong(within.toNanos()) + 1));
        return Behaviors.same();
    }

    private void startTicking() {
        ticking = links.rules.swim().pushPullInterval();
        timers.startSingleTimer(SyncTick.INSTANCE, Duration.ofNanos(links.random.nextLong(ticking.toNanos()) + 1));
    }

    private Behavior<Command> onRetimed() {
        if (!links.rules.swim().pushPullInterval().equals(ticking)) {
            startTicking();
        }
        return Behaviors.same();
    }

    private Behavior<Command> onSyncTick() {
        MembersView view = links.view.get();
        timers.startSingleTimer(
                SyncTick.INSTANCE, Formulas.pushPullInterval(links.rules.swim().pushPullInterval(), view.poolSize()));
        Roster.pushPullPartner(view.inAnyOrder(), view.self().name(), links.random)
                .ifPresent(partner -> exchangeWith(partner, Purpose.SYNC));
        return Behaviors.same();
    }

    private Behavior<Command> onReconnectTick() {
        MembersView view = links.view.get();
        if (view.hasFailed()) {
            Roster.reconnectTarget(view.inAnyOrder(), links.random)
                    .ifPresent(failed -> exchangeWith(failed, Purpose.RECONNECT));
        }
        return Behaviors.same();
    }

    /**
     * When a cut heals, all of the far side come back at once, and each is pinged by all before it counts: gossip alone
     * then leaves somebody out now and then. Once in the usual time, the next exchange is brought forward.
     */
    private Behavior<Command> onReturned() {
        Instant now = links.time.now();
        if (!now.isBefore(nextAfterReturn) && links.view.get().hasFailed()) {
            nextAfterReturn = now.plus(links.rules.swim().pushPullInterval());
            timers.startSingleTimer(LookAgain.INSTANCE, LOOK_AGAIN);
        }
        return Behaviors.same();
    }

    private Behavior<Command> onAskOwner(AskOwner ask) {
        Instant now = links.time.now();
        owners.values().removeIf(asked -> !now.isBefore(asked.plus(OWNERS_APART)));
        if (owners.size() < OWNERS_MAX && owners.putIfAbsent(ask.at, now) == null) {
            context.pipeToSelf(
                    exchange(ask.at, Purpose.SYNC),
                    (outcome, failure) -> new Synced(
                            String.valueOf(ask.at), outcome == null ? Optional.of(String.valueOf(failure)) : outcome));
        }
        return Behaviors.same();
    }

    private void exchangeWith(MemberRecord partner, Purpose purpose) {
        partner.address()
                .socket()
                .ifPresent(to -> context.pipeToSelf(
                        exchange(to, purpose),
                        (outcome, failure) -> new Synced(
                                partner.name(), outcome == null ? Optional.of(String.valueOf(failure)) : outcome)));
    }

    private Behavior<Command> onSynced(Synced synced) {
        synced.failure.ifPresent(
                reason -> context.getLog().debug("memberlist: push/pull with {} failed: {}", synced.peer, reason));
        return Behaviors.same();
    }

    /** One push/pull: our view out, theirs in, merged. Completes with why it failed, or empty. */
    private CompletionStage<Optional<String>> exchange(InetSocketAddress to, Purpose purpose) {
        var scheduler = context.getSystem().scheduler();
        // Named, because what follows an ask without an executor runs in the JVM's common pool or on a new thread.
        var executor = context.getExecutionContext();
        return AskPattern.<Members.Command, PushPull>ask(
                        links.members, replyTo -> new Members.Describe(purpose.join, replyTo), ANSWER_WAIT, scheduler)
                .thenComposeAsync(ours -> request(to, new StreamMessage.Exchange(ours), purpose), executor)
                .thenCompose(exchanged -> {
                    if (exchanged instanceof Exchanged.Failed failed) {
                        return CompletableFuture.completedFuture(Optional.of(failed.text()));
                    }
                    if (exchanged instanceof Exchanged.Answered answer
                            && answer.message() instanceof StreamMessage.Exchange theirs) {
                        links.proven.prove(to);
                        return AskPattern.<Members.Command, Members.Merged>ask(
                                        links.members,
                                        replyTo -> new Members.Merge(
                                                asked(theirs.state(), purpose.join),
                                                Optional.of(to),
                                                purpose.ignoresOldEvents,
                                                replyTo),
                                        ANSWER_WAIT,
                                        scheduler)
                                .thenApplyAsync(Members.Merged::objection, executor);
                    }
                    return CompletableFuture.completedFuture(Optional.of("the answer is no push/pull"));
                })
                .whenCompleteAsync(
                        (objection, failure) -> links.counters.pushPulls.increment(
                                failure == null && objection.isEmpty()
                                        ? PoolCounters.PushPullEnd.ASKED_MERGED
                                        : PoolCounters.PushPullEnd.ASKED_FAILED),
                        executor);
    }

    private CompletionStage<Exchanged> request(InetSocketAddress to, StreamMessage what, Purpose purpose) {
        Duration timeout = links.rules.swim().tcpTimeout();
        return purpose.isAskedFor ? secondTry.exchange(to, what, timeout) : links.transport.exchange(to, what, timeout);
    }

    /** The other side's view under the flag that we asked with: whether we join is not for the answer to say. */
    private static PushPull asked(PushPull theirs, boolean join) {
        return new PushPull(join, theirs.nodes(), theirs.userState());
    }

    private static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(cause.getMessage());
    }

    private static JoinReport failed(String address, String reason) {
        return new JoinReport(0, List.of(new JoinReport.Failure(address, reason)));
    }

    private static List<JoinReport> plus(List<JoinReport> reports, JoinReport one) {
        List<JoinReport> all = new ArrayList<>(reports);
        all.add(one);
        return all;
    }

    private static JoinReport sum(List<JoinReport> reports) {
        return new JoinReport(
                reports.stream().mapToInt(JoinReport::contacted).sum(),
                reports.stream().flatMap(report -> report.failures().stream()).toList());
    }
}
