package io.sotto.cluster;

import io.sotto.gossip.Broadcasted;
import io.sotto.gossip.GossipPool;
import io.sotto.gossip.IncomingQuery;
import io.sotto.gossip.JoinReport;
import io.sotto.gossip.KeyFindings;
import io.sotto.gossip.MemberReports;
import io.sotto.gossip.MembersView;
import io.sotto.gossip.PoolChange;
import io.sotto.gossip.PoolState;
import io.sotto.gossip.Reconfigured;
import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.coordinate.Coordinate;
import io.sotto.membership.upshift.SelfReport;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.metrics.Metric;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;

/** A pool as applications see it: questions go to its guardian, reads to what it publishes. */
final class RunningPool implements Pool {
    private static final int EVENTS_BUFFERED = 1_024;

    private final ActorSystem<?> system;
    private final String name;
    private final Guardian guardian;
    private final PoolState state;
    private final CompletionStage<Member> started;
    private volatile Listed listed;

    RunningPool(ActorSystem<?> system, String name, ActorRef<GossipPool.Command> guardian, PoolState state) {
        this.system = system;
        this.name = name;
        this.guardian = new Guardian(system, guardian);
        this.state = state;
        this.listed = Listed.of(state.members());
        this.started = this.guardian
                .<GossipPool.Started>ask(GossipPool.WhenStarted::new)
                // Named, because what follows an ask without an executor runs in the JVM's common pool or on a new
                // thread.
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
        return guardian.<JoinReport, JoinOutcome>ask(
                replyTo -> new GossipPool.Join(addresses, replyTo),
                report -> new JoinOutcome(
                        report.contacted(),
                        report.failures().stream()
                                .map(failure -> new JoinOutcome.Failure(failure.address(), failure.reason()))
                                .toList()));
    }

    @Override
    public CompletionStage<Done> leave() {
        return guardian.<GossipPool.Left, Done>ask(GossipPool.Leave::new, left -> Done.getInstance());
    }

    @Override
    public CompletionStage<Boolean> forceLeave(String member, boolean prune) {
        return guardian.ask(replyTo -> new GossipPool.ForceLeave(member, prune, replyTo));
    }

    /** What the pool publishes. */
    PoolState state() {
        return state;
    }

    /** The keys in force. */
    Keyring ring() {
        return state.policy().ring();
    }

    /** Completes with what came of it; fails when the pool does not answer. */
    CompletionStage<Reconfigured> reconfigure(PoolChange change) {
        return guardian.ask(replyTo -> new GossipPool.Reconfigure(change, replyTo));
    }

    /** Takes a key off the ring of this node, be it the primary; fails when the pool does not answer. */
    CompletionStage<KeyKeeper.Answer> abandon(String keyId) {
        return guardian.ask(replyTo -> new GossipPool.Keys(new KeyKeeper.Abandon(keyId, replyTo)));
    }

    @Override
    public PoolKeyring keyring() {
        return new RunningKeyring(guardian);
    }

    @Override
    public ClusterKeyring clusterKeyring() {
        return new RunningClusterKeyring(guardian, state);
    }

    @Override
    public void subscribe(ActorRef<MemberEvent> subscriber) {
        guardian.<io.sotto.membership.MemberEvent, MemberEvent>relay(
                subscriber, GossipPool.Subscribe::new, Words::event);
    }

    @Override
    public Source<MemberEvent, NotUsed> memberEvents() {
        return guardian.<io.sotto.membership.MemberEvent, MemberEvent>stream(
                GossipPool.Subscribe::new, Words::event, EVENTS_BUFFERED);
    }

    @Override
    public CompletionStage<EventOutcome> broadcast(String event, Octets payload, boolean coalesce) {
        return guardian.<Broadcasted, EventOutcome>ask(
                replyTo -> new GossipPool.Broadcast(event, payload, coalesce, replyTo), Words::outcome);
    }

    @Override
    public Source<UserEvent, NotUsed> userEvents() {
        return guardian.<io.sotto.membership.event.UserEvent, UserEvent>stream(
                GossipPool.SubscribeEvents::new, Words::event, EVENTS_BUFFERED);
    }

    @Override
    public void subscribeToUserEvents(ActorRef<UserEvent> subscriber) {
        guardian.<io.sotto.membership.event.UserEvent, UserEvent>relay(
                subscriber, GossipPool.SubscribeEvents::new, Words::event);
    }

    @Override
    public Source<QueryProgress, NotUsed> query(Query query) {
        return guardian.<io.sotto.gossip.QueryProgress, QueryProgress>stream(
                        replyTo -> new GossipPool.Ask(Words.request(query), replyTo), Words::progress, EVENTS_BUFFERED)
                .takeWhile(
                        step -> !(step instanceof QueryProgress.Finished || step instanceof QueryProgress.Refused),
                        true);
    }

    @Override
    public void answerQueries(ActorRef<AskedQuery> responder) {
        guardian.<IncomingQuery, AskedQuery>relay(responder, GossipPool.ServeQueries::new, Words::asked);
    }

    @Override
    public Optional<Duration> roundTrip(String from, String to) {
        return state.coordinates().distance(from, to);
    }

    @Override
    public Optional<Coordinate> coordinate(String member) {
        return state.coordinates().of(member);
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
                state.queues().events(),
                state.queues().queries(),
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

    /** What members that give no reports open, seal and take in, by trials with a key or else the ring's primary. */
    CompletionStage<KeyFindings> tryKey(Optional<GossipKey> key, Set<String> members) {
        return guardian.ask(replyTo -> new GossipPool.TryKey(key, members, replyTo));
    }

    private CompletionStage<MemberReports> askReports() {
        return guardian.ask(GossipPool.AskReports::new);
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
