package io.sotto.agent.http;

import io.sotto.cluster.AskedQuery;
import io.sotto.cluster.ClusterKeyring;
import io.sotto.cluster.EventOutcome;
import io.sotto.cluster.JoinOutcome;
import io.sotto.cluster.Member;
import io.sotto.cluster.MemberEvent;
import io.sotto.cluster.MemberTraffic;
import io.sotto.cluster.PlaintextPhase;
import io.sotto.cluster.Pool;
import io.sotto.cluster.PoolKeyring;
import io.sotto.cluster.PoolStats;
import io.sotto.cluster.Query;
import io.sotto.cluster.QueryProgress;
import io.sotto.cluster.Suspicion;
import io.sotto.cluster.UpshiftStatus;
import io.sotto.cluster.UserEvent;
import io.sotto.membership.coordinate.Coordinate;
import io.sotto.membership.upshift.MemberEvidence;
import io.sotto.membership.upshift.SelfReport;
import io.sotto.membership.upshift.UpshiftGate;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricName;
import io.sotto.wire.metrics.MetricUnit;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Source;

/**
 * A pool of the two members of the golden captures; it joins exactly one address and remembers what it was asked. Pools of several
 * agents may share their members, so that what one does to them the others see.
 */
final class FakePool implements Pool {
    static final String SERVER_ID = "11111111-1111-4111-8111-111111111111";
    static final String CLIENT_ID = "22222222-2222-4222-8222-222222222222";
    private static final int PAYLOAD_MAX = 512;

    static final String JOINABLE = "127.0.21.13";

    private static final MetricName MEMBERS =
            MetricName.gauge("sotto.test.members", MetricUnit.COUNT, "Members of this pool", "pool");

    final List<String> asked = new ArrayList<>();
    final FakeKeyring keyring;
    Optional<PlaintextPhase> plaintext = Optional.empty();
    long memberTime = 3;
    long eventTime = 6;
    long queryTime = 24;
    int eventQueue;
    int queryQueue;
    private final String self;
    private final String joinable;
    private final AtomicReference<List<Member>> members;

    /** Of the client agent, whose build is sotto's. */
    FakePool() {
        this("cli", JOINABLE, new AtomicReference<>(members("0.1.0:")), new FakeKeyring("srv", "cli"));
    }

    /**
     * Of one agent.
     *
     * @param joinable the one address that can be joined
     * @param members shared with the pools of other agents
     * @param keyring of all members
     */
    FakePool(String self, String joinable, AtomicReference<List<Member>> members, FakeKeyring keyring) {
        this.self = self;
        this.joinable = joinable;
        this.members = members;
        this.keyring = keyring;
    }

    /** The client agent, of this build, and the server. */
    static List<Member> members(String build) {
        return List.of(client(build), server("srv", 8301, Map.of("wan_join_port", "8302")));
    }

    private static Member client(String build) {
        return member(
                "cli",
                "127.0.21.13",
                8301,
                Map.of(
                        "acls", "0", "build", build, "dc", "dc1", "id", CLIENT_ID, "role", "node", "segment", "", "vsn",
                        "2", "vsn_max", "3", "vsn_min", "2"));
    }

    /** The server as one of its pools has it. */
    static Member server(String name, int port, Map<String, String> more) {
        Map<String, String> tags = new TreeMap<>(more);
        tags.putAll(Map.ofEntries(
                Map.entry("acls", "0"),
                Map.entry("bootstrap", "1"),
                Map.entry("build", "1.8.7:"),
                Map.entry("dc", "dc1"),
                Map.entry("ft_fs", "1"),
                Map.entry("id", SERVER_ID),
                Map.entry("port", "8300"),
                Map.entry("raft_vsn", "3"),
                Map.entry("role", "consul"),
                Map.entry("segment", ""),
                Map.entry("vsn", "2"),
                Map.entry("vsn_max", "3"),
                Map.entry("vsn_min", "2")));
        return member(name, "127.0.21.11", port, tags);
    }

    private static Member member(String name, String address, int port, Map<String, String> tags) {
        return new Member(
                name,
                NodeAddress.of(new InetSocketAddress(address, port)),
                tags,
                Member.Status.ALIVE,
                ProtocolVersions.CONSUL,
                1,
                Instant.EPOCH);
    }

    /** Has nobody else be there. */
    void alone() {
        members.updateAndGet(
                all -> all.stream().filter(member -> member.name().equals(self)).toList());
    }

    /** Has all pools that share these members see a member so. */
    void sees(String name, Member.Status status) {
        members.updateAndGet(all -> all.stream()
                .map(member -> member.name().equals(name) ? with(member, status) : member)
                .toList());
    }

    private static Member with(Member member, Member.Status status) {
        return new Member(
                member.name(),
                member.address(),
                member.tags(),
                status,
                member.versions(),
                member.incarnation(),
                member.since());
    }

    @Override
    public String name() {
        return "lan";
    }

    @Override
    public CompletionStage<Member> started() {
        return CompletableFuture.completedFuture(self());
    }

    @Override
    public Member self() {
        return member(self).orElseThrow();
    }

    @Override
    public List<Member> members() {
        return Objects.requireNonNull(members.get());
    }

    @Override
    public Optional<Member> member(String name) {
        return members().stream().filter(member -> member.name().equals(name)).findFirst();
    }

    @Override
    public CompletionStage<JoinOutcome> join(List<String> addresses) {
        asked.add("join " + addresses);
        List<JoinOutcome.Failure> failures = addresses.stream()
                .filter(address -> !address.equals(joinable))
                .map(address ->
                        new JoinOutcome.Failure(address, "dial tcp " + address + ":8301: connect: connection refused"))
                .toList();
        return CompletableFuture.completedFuture(new JoinOutcome(addresses.size() - failures.size(), failures));
    }

    @Override
    public CompletionStage<Done> leave() {
        asked.add("leave");
        sees(self, Member.Status.LEFT);
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    @Override
    public CompletionStage<Boolean> forceLeave(String name, boolean prune) {
        asked.add("force-leave " + name + (prune ? " and prune" : ""));
        boolean isKnown = member(name).isPresent();
        if (member(name).filter(known -> known.status() == Member.Status.FAILED).isPresent()) {
            sees(name, Member.Status.LEFT);
        }
        if (prune) {
            members.updateAndGet(all -> all.stream()
                    .filter(member -> !member.name().equals(name) || member.status() == Member.Status.ALIVE)
                    .toList());
        }
        return CompletableFuture.completedFuture(isKnown);
    }

    @Override
    public PoolKeyring keyring() {
        return new FakeOwnKeys();
    }

    @Override
    public ClusterKeyring clusterKeyring() {
        return keyring;
    }

    @Override
    public void subscribe(ActorRef<MemberEvent> subscriber) {
        members().forEach(member -> subscriber.tell(new MemberEvent(MemberEvent.Kind.JOINED, member)));
    }

    @Override
    public Source<MemberEvent, NotUsed> memberEvents() {
        return Source.from(members()).map(member -> new MemberEvent(MemberEvent.Kind.JOINED, member));
    }

    @Override
    public CompletionStage<EventOutcome> broadcast(String event, Octets payload, boolean coalesce) {
        asked.add("broadcast " + event + " " + payload.toHex() + (coalesce ? " coalesced" : ""));
        return CompletableFuture.completedFuture(
                payload.length() > PAYLOAD_MAX
                        ? new EventOutcome.Refused("user event exceeds sane limit of 512 bytes before encoding")
                        : new EventOutcome.Sent(7));
    }

    @Override
    public Source<UserEvent, NotUsed> userEvents() {
        return Source.empty();
    }

    @Override
    public void subscribeToUserEvents(ActorRef<UserEvent> subscriber) {
        throw new UnsupportedOperationException("no test subscribes");
    }

    @Override
    public Source<QueryProgress, NotUsed> query(Query query) {
        asked.add("query " + query);
        return query.name().equals("refused")
                ? Source.single(new QueryProgress.Refused("too long"))
                : Source.from(List.of(
                        new QueryProgress.Started(5, Duration.ofMillis(3_200)),
                        new QueryProgress.Acked("srv"),
                        new QueryProgress.Answered("srv", Octets.utf8("0.7")),
                        new QueryProgress.Finished(1, 1)));
    }

    @Override
    public void answerQueries(ActorRef<AskedQuery> responder) {
        throw new UnsupportedOperationException("no test answers");
    }

    @Override
    public Optional<Duration> roundTrip(String from, String to) {
        return Optional.empty();
    }

    @Override
    public Optional<Coordinate> coordinate(String member) {
        return member.equals(self) ? Optional.of(Coordinate.initial()) : Optional.empty();
    }

    @Override
    public PoolStats stats() {
        return new PoolStats(
                members().size(),
                0,
                0,
                0,
                memberTime,
                eventTime,
                queryTime,
                0,
                eventQueue,
                queryQueue,
                0,
                true,
                Map.of());
    }

    @Override
    public SortedMap<String, MemberTraffic> evidence() {
        return new TreeMap<>(Map.of(
                "srv",
                new MemberTraffic(
                        Optional.of(Instant.parse("2026-11-22T06:31:20Z")),
                        Optional.of("01abcdef"),
                        Optional.empty(),
                        Map.of("replay", 2L))));
    }

    @Override
    public CompletionStage<UpshiftStatus> upshift() {
        SelfReport report = new SelfReport(
                List.of("01abcdef", "fedcba98"), false, true, "", true, Optional.empty(), Instant.EPOCH, "0.1.0");
        Instant at = Instant.parse("2026-11-22T06:31:30Z");
        List<MemberEvidence> known = List.of(
                new MemberEvidence(
                        "cli",
                        MemberEvidence.Presence.SELF,
                        MemberEvidence.Gives.REPORTS,
                        Optional.of(report),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                new MemberEvidence(
                        "srv",
                        MemberEvidence.Presence.ALIVE,
                        MemberEvidence.Gives.NOTHING,
                        Optional.empty(),
                        Optional.of(Instant.parse("2026-11-22T06:31:20Z")),
                        Optional.of("01abcdef"),
                        Optional.empty()));
        return CompletableFuture.completedFuture(new UpshiftStatus(at, known, UpshiftGate.judge(known, at)));
    }

    @Override
    public CompletionStage<SortedMap<String, SelfReport>> reports() {
        return CompletableFuture.completedFuture(new TreeMap<>());
    }

    @Override
    public Optional<PlaintextPhase> plaintext() {
        return plaintext;
    }

    @Override
    public List<Suspicion> suspicions() {
        return List.of(
                new Suspicion(
                        "two",
                        "one",
                        Instant.parse("2026-11-22T06:31:20Z"),
                        List.of("three"),
                        2,
                        Suspicion.Outcome.OPEN,
                        Optional.empty()),
                new Suspicion(
                        "three",
                        "two",
                        Instant.parse("2026-11-22T06:31:10Z"),
                        List.of(),
                        0,
                        Suspicion.Outcome.REFUTED,
                        Optional.of(Instant.parse("2026-11-22T06:31:12.5Z"))));
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.of(MEMBERS, 2, "lan"));
    }
}
