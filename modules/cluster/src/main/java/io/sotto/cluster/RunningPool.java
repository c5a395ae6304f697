package io.sotto.cluster;

import io.sotto.gossip.Broadcasted;
import io.sotto.gossip.GossipPool;
import io.sotto.gossip.IncomingQuery;
import io.sotto.gossip.JoinReport;
import io.sotto.gossip.MemberReports;
import io.sotto.gossip.MembersView;
import io.sotto.gossip.PoolChange;
import io.sotto.gossip.PoolState;
import io.sotto.gossip.Reconfigured;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.coordinate.Coordinate;
import io.sotto.membership.upshift.SelfReport;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.metrics.Metric;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSource;

/** A pool as applications see it: questions go to its guardian, reads to what it publishes. */
final class RunningPool implements Pool {
    /** Longer than any start, join or leave can take within its own bounds. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int EVENTS_BUFFERED = 1_024;

    private final ActorSystem<?> system;
    private final String name;
    private final ActorRef<GossipPool.Command> guardian;
    private final PoolState state;
    private final CompletionStage<Member> started;
    private volatile Listed listed;

    RunningPool(ActorSystem<?> system, String name, ActorRef<GossipPool.Command> guardian, PoolState state) {
        this.system = system;
        this.name = name;
        this.guardian = guardian;
        this.state = state;
        this.listed = Listed.of(state.members());
        this.started = AskPattern.<GossipPool.Command, GossipPool.Started>ask(
                        guardian, GossipPool.WhenStarted::new, PATIENCE, system.scheduler())
                // Named here and below, because what follows an ask without an executor runs in the JVM's common pool
                // or
                // on a new thread.
                .thenComposeAsync(
                        outcome -> outcome instanceof GossipPool.Started.Failed failed
                                ? CompletableFuture.failedFuture(new PoolStartException(failed.reason()))
                                : CompletableFuture.completedFuture(self()),
                        system.executionContext());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompletionStage<Member> started() {
        return started;
    }

    @Override
    public Member self() {
        return Member.of(state.members().self());
    }

    @Override
    public List<Member> members() {
        MembersView view = state.members();
        Listed last = listed;
        if (last.of() != view) {
            last = Listed.of(view);
            listed = last;
        }
        return last.members();
    }

    /** The members of a view as the application has them, made once for all who ask while nothing changes. */
    private record Listed(MembersView of, List<Member> members) {
        static Listed of(MembersView view) {
            return new Listed(
                    view,
                    view.records().stream()
                            .filter(MemberRecord::isListed)
                            .map(Member::of)
                            .sorted(Comparator.comparing(Member::name))
                            .toList());
        }
    }

    @Override
    public Optional<Member> member(String wanted) {
        return state.members().find(wanted).filter(MemberRecord::isListed).map(Member::of);
    }

    @Override
    public CompletionStage<JoinOutcome> join(List<String> addresses) {
        return AskPattern.<GossipPool.Command, JoinReport>ask(
                        guardian, replyTo -> new GossipPool.Join(addresses, replyTo), PATIENCE, system.scheduler())
                .thenApplyAsync(
                        report -> new JoinOutcome(
                                report.contacted(),
                                report.failures().stream()
                                        .map(failure -> new JoinOutcome.Failure(failure.address(), failure.reason()))
                                        .toList()),
                        system.executionContext());
    }

    @Override
    public CompletionStage<Done> leave() {
        return AskPattern.<GossipPool.Command, GossipPool.Left>ask(
                        guardian, GossipPool.Leave::new, PATIENCE, system.scheduler())
                .thenApplyAsync(left -> Done.getInstance(), system.executionContext());
    }

    @Override
    public CompletionStage<Boolean> forceLeave(String member, boolean prune) {
        return AskPattern.ask(
                guardian, replyTo -> new GossipPool.ForceLeave(member, prune, replyTo), PATIENCE, system.scheduler());
    }

    /** The keys in force. */
    Keyring ring() {
        return state.policy().ring();
    }

    /** Completes with what came of it; fails when the pool does not answer. */
    CompletionStage<Reconfigured> reconfigure(PoolChange change) {
        return AskPattern.ask(
                guardian, replyTo -> new GossipPool.Reconfigure(change, replyTo), PATIENCE, system.scheduler());
    }

    @Override
    public PoolKeyring keyring() {
        return new RunningKeyring(system, guardian, PATIENCE);
    }

    @Override
    public ClusterKeyring clusterKeyring() {
        return new RunningClusterKeyring(system, guardian, self().name(), PATIENCE);
    }

    @Override
    public void subscribe(ActorRef<MemberEvent> subscriber) {
        relay(Relay.<io.sotto.membership.MemberEvent, MemberEvent>create(
                subscriber, relay -> guardian.tell(new GossipPool.Subscribe(relay)), Words::event));
    }

    @Override
    public Source<MemberEvent, NotUsed> memberEvents() {
        return stream(this::subscribe);
    }

    @Override
    public CompletionStage<EventOutcome> broadcast(String event, Octets payload, boolean coalesce) {
        return AskPattern.<GossipPool.Command, Broadcasted>ask(
                        guardian,
                        replyTo -> new GossipPool.Broadcast(event, payload, coalesce, replyTo),
                        PATIENCE,
                        system.scheduler())
                .thenApply(Words::outcome);
    }

    @Override
    public Source<UserEvent, NotUsed> userEvents() {
        return stream(this::subscribeToUserEvents);
    }

    @Override
    public void subscribeToUserEvents(ActorRef<UserEvent> subscriber) {
        relay(Relay.<io.sotto.membership.event.UserEvent, UserEvent>create(
                subscriber, relay -> guardian.tell(new GossipPool.SubscribeEvents(relay)), Words::event));
    }

    @Override
    public Source<QueryProgress, NotUsed> query(Query query) {
        Source<io.sotto.gossip.QueryProgress, NotUsed> progress =
                stream(replyTo -> guardian.tell(new GossipPool.Ask(Words.request(query), replyTo)));
        return progress.map(Words::progress)
                .takeWhile(
                        step -> !(step instanceof QueryProgress.Finished || step instanceof QueryProgress.Refused),
                        true);
    }

    @Override
    public void answerQueries(ActorRef<AskedQuery> responder) {
        relay(Relay.<IncomingQuery, AskedQuery>create(
                responder, relay -> guardian.tell(new GossipPool.ServeQueries(relay)), Words::asked));
    }

    @Override
    public Optional<Duration> roundTrip(String from, String to) {
        return state.coordinates().distance(from, to);
    }

    @Override
    public Optional<Coordinate> coordinate(String member) {
        return state.coordinates().of(member);
    }

    private void relay(Behavior<?> relay) {
        system.systemActorOf(relay, "sotto-relay-" + UUID.randomUUID(), Props.empty());
    }

    /** What an actor that is subscribed at each start of the stream is told; the oldest gives way. */
    private static <T> Source<T, NotUsed> stream(Consumer<ActorRef<T>> subscribe) {
        return ActorSource.<T>actorRef(
                        event -> false, event -> Optional.empty(), EVENTS_BUFFERED, OverflowStrategy.dropHead())
                .mapMaterializedValue(subscriber -> {
                    subscribe.accept(subscriber);
                    return NotUsed.getInstance();
                });
    }

    @Override
    public PoolStats stats() {
        MembersView view = state.members();
        List<MemberRecord> listed =
                view.records().stream().filter(MemberRecord::isListed).toList();
        Map<String, Long> rejected = new TreeMap<>();
        for (Rejection.Reason reason : Rejection.Reason.values()) {
            rejected.put(reason.label(), state.rejections().count(reason));
        }
        return new PoolStats(
                listed.size(),
                count(listed, Member.Status.FAILED),
                count(listed, Member.Status.LEFT),
                view.healthScore(),
                state.clocks().members(),
                state.clocks().events(),
                state.clocks().queries(),
                state.queues().intents(),
                state.queues().claims(),
                state.policy().isKeyed(),
                rejected);
    }

    @Override
    public List<Metric> metrics() {
        return state.metrics();
    }

    @Override
    public List<Suspicion> suspicions() {
        return state.suspicions().stream().map(Suspicion::of).toList();
    }

    @Override
    public SortedMap<String, MemberTraffic> evidence() {
        SortedMap<String, MemberTraffic> traffic = new TreeMap<>();
        state.evidence().forEach((member, seen) -> traffic.put(member, Words.traffic(seen)));
        return traffic;
    }

    @Override
    public CompletionStage<UpshiftStatus> upshift() {
        return askReports().thenApplyAsync(answer -> UpshiftView.of(state, answer), system.executionContext());
    }

    @Override
    public CompletionStage<SortedMap<String, SelfReport>> reports() {
        return askReports().thenApplyAsync(MemberReports::reports, system.executionContext());
    }

    private CompletionStage<MemberReports> askReports() {
        return AskPattern.ask(guardian, GossipPool.AskReports::new, PATIENCE, system.scheduler());
    }

    @Override
    public Optional<PlaintextPhase> plaintext() {
        return state.plaintextPhase()
                .map(phase -> new PlaintextPhase(phase.since(), phase.deadline(), phase.overdue(state.wall())));
    }

    private static int count(List<MemberRecord> records, Member.Status status) {
        return (int) records.stream()
                .filter(record -> Member.Status.of(record.status()) == status)
                .count();
    }
}
