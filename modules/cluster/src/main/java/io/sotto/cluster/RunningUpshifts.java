package io.sotto.cluster;

import io.sotto.cluster.upshift.Census;
import io.sotto.cluster.upshift.Deed;
import io.sotto.cluster.upshift.Footing;
import io.sotto.cluster.upshift.LinkCarrier;
import io.sotto.cluster.upshift.MemberReport;
import io.sotto.cluster.upshift.OutsideEvidence;
import io.sotto.cluster.upshift.Roll;
import io.sotto.cluster.upshift.Upshift;
import io.sotto.cluster.upshift.UpshiftAuthority;
import io.sotto.cluster.upshift.UpshiftBook;
import io.sotto.cluster.upshift.UpshiftCarrier;
import io.sotto.cluster.upshift.UpshiftCounters;
import io.sotto.cluster.upshift.UpshiftEndpoints;
import io.sotto.cluster.upshift.UpshiftKeys;
import io.sotto.cluster.upshift.UpshiftMember;
import io.sotto.membership.upshift.drive.Stands;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftPlan;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftRules;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.rpc.supervision.SecondTry;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.metrics.Metric;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The upshifts of a running node, as applications see them: questions go to the two that drive, reads to what they publish. */
final class RunningUpshifts implements Upshifts {
    private static final Logger LOG = LoggerFactory.getLogger("io.sotto.cluster.upshift");
    /** Longer than a census takes, and what waits before it. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int PROGRESS_BUFFERED = 256;
    private static final String SILENT = "this node does not answer";
    private static final String STOPPED = "the actor system has stopped";

    private final ActorSystem<?> system;
    private final Unanswered unanswered;
    private final Parts parts;
    private final UpshiftBook book;
    private final UpshiftCounters counters = new UpshiftCounters();
    private volatile UpshiftAuthority authority;
    private volatile OutsideEvidence outside;
    private final Map<UpshiftKind, MemberReport.Driven> driven = new ConcurrentHashMap<>();
    private final Map<UpshiftKind, ActorRef<Upshift.Command>> drivers = new EnumMap<>(UpshiftKind.class);

    /** Starts actors that may block on the disk. */
    interface Actors {
        /**
         * Starts one.
         *
         * @param name unique in the actor system, if the node's own name is
         */
        <T> ActorRef<T> start(Behavior<T> behavior, String name);
    }

    /**
     * What they are made of.
     *
     * @param started completes once this node is a member
     * @param directory where journals are kept, if they are
     * @param authority whose tokens are enough at first
     * @param outside how members are seen at first that give no report
     * @param wall the wall clock
     * @param entropy fills an array with unpredictable bytes
     * @param faults what makes the actors fail in tests
     */
    record Parts(
            String name,
            String datacenter,
            CompletionStage<?> started,
            Roll roll,
            Rpc rpc,
            LinkCarrier.TlsDialer dialer,
            Footing footing,
            Optional<Path> directory,
            UpshiftAuthority authority,
            OutsideEvidence outside,
            InstantSource wall,
            Consumer<byte[]> entropy,
            UpshiftRules rules,
            Actors actors,
            Supplier<SecondTry.Faults> faults) {}

    RunningUpshifts(ActorSystem<?> system, Parts parts, LinkCarrier.Alarm alarm) {
        this.system = system;
        this.unanswered = new Unanswered(system);
        this.parts = parts;
        this.authority = parts.authority;
        this.outside = parts.outside;
        this.book = UpshiftBook.open(parts.directory);
        book.faults().forEach(fault -> LOG.warn("upshift: {}", fault));
        Census.Later later = (delay, task) -> system.scheduler().scheduleOnce(delay, task, system.executionContext());
        ActorRef<UpshiftMember.Command> member = parts.actors.start(
                UpshiftMember.create(
                        new UpshiftMember.Links(
                                parts.datacenter, parts.footing, book, counters, () -> authority, parts.wall::instant),
                        parts.faults),
                parts.name + "-upshift-member");
        for (UpshiftKind kind : UpshiftKind.values()) {
            UpshiftCarrier carrier = new LinkCarrier(
                    parts.dialer, () -> parts.rpc.tls().generation(), () -> number() & Long.MAX_VALUE, alarm);
            UpshiftKeys keys = new UpshiftKeys(parts.footing, keyFile(kind), parts.entropy);
            Upshift.Links links = new Upshift.Links(
                    parts.started,
                    parts.rules,
                    parts.roll,
                    new Census(parts.roll, carrier, () -> outside, this::report, later),
                    carrier,
                    member,
                    later,
                    book,
                    keys,
                    counters,
                    parts.wall::instant,
                    () -> HexFormat.of().toHexDigits(number()),
                    progress -> publish(kind, progress));
            drivers.put(
                    kind,
                    parts.actors.start(
                            Upshift.create(kind, links, parts.faults),
                            parts.name + "-upshift-" + kind.name().toLowerCase(Locale.ROOT)));
        }
        UpshiftEndpoints.serve(parts.rpc, this::report, member, counters);
    }

    private Optional<Path> keyFile(UpshiftKind kind) {
        return kind == UpshiftKind.GOSSIP ? book.keyFile() : Optional.empty();
    }

    private long number() {
        byte[] bytes = new byte[Long.BYTES];
        parts.entropy.accept(bytes);
        return ByteBuffer.wrap(bytes).getLong();
    }

    private MemberReport report() {
        return parts.footing.report(book.all()).driving(Map.copyOf(driven));
    }

    private void publish(UpshiftKind kind, UpshiftProgress progress) {
        if (progress.isUnderWay()) {
            driven.put(
                    kind, new MemberReport.Driven(progress.isWaitingForNext(), progress.waitingFor(), progress.text()));
        } else {
            driven.remove(kind);
        }
    }

    @Override
    public CompletionStage<UpshiftPlan> plan(UpshiftKind kind) {
        return ask(
                        kind,
                        (ActorRef<UpshiftPlan> replyTo) -> new Upshift.Plan(replyTo),
                        () -> new UpshiftPlan(kind, new TreeMap<>(), List.of(), new TreeMap<>(Map.of("", SILENT))))
                .thenApply(this::spelledOut);
    }

    /** With what is to be done by hand at each stage, not at the next one only. */
    private UpshiftPlan spelledOut(UpshiftPlan plan) {
        OutsideEvidence words = outside;
        List<UpshiftPlan.Step> steps = plan.steps().stream()
                .map(step -> {
                    SortedMap<String, String> byHand = new TreeMap<>();
                    step.byHand()
                            .forEach((member, said) -> byHand.put(
                                    member,
                                    words.mend(plan.kind(), member, step.stage())
                                            .orElse(said)));
                    return new UpshiftPlan.Step(step.stage(), step.changes(), byHand);
                })
                .toList();
        return new UpshiftPlan(plan.kind(), plan.members(), steps, plan.obstacles());
    }

    @Override
    public Source<UpshiftProgress, NotUsed> run(UpshiftRequest request) {
        Optional<GossipKey> key = request.key().map(GossipKey::copy);
        UpshiftRequest own = new UpshiftRequest(request.kind(), request.isForced(), key, request.by(), request.token());
        return ActorSource.<UpshiftProgress>actorRef(
                        message -> false, message -> Optional.empty(), PROGRESS_BUFFERED, OverflowStrategy.dropHead())
                .mapMaterializedValue(follower -> {
                    driver(own.kind()).tell(new Upshift.Run(own, follower));
                    system.getWhenTerminated()
                            .whenCompleteAsync(
                                    (stopped, failure) -> follower.tell(UpshiftProgress.none(STOPPED)), Runnable::run);
                    return NotUsed.getInstance();
                })
                .takeWhile(UpshiftProgress::isUnderWay, true);
    }

    @Override
    public CompletionStage<UpshiftProgress> next(UpshiftRequest request) {
        return ask(request.kind(), replyTo -> new Upshift.Next(request, replyTo));
    }

    @Override
    public CompletionStage<UpshiftProgress> status(UpshiftKind kind) {
        return ask(kind, Upshift.Status::new);
    }

    @Override
    public Optional<UpshiftRecord> last(UpshiftKind kind) {
        return book.last(kind);
    }

    @Override
    public CompletionStage<UpshiftProgress> abort(UpshiftKind kind, String token) {
        return ask(kind, replyTo -> new Upshift.Change(new Deed.Abort(), token, replyTo));
    }

    @Override
    public CompletionStage<UpshiftProgress> without(UpshiftKind kind, Set<String> members, String by, String token) {
        return ask(kind, replyTo -> new Upshift.Change(new Deed.Without(members, by), token, replyTo));
    }

    @Override
    public CompletionStage<UpshiftProgress> vouch(
            UpshiftKind kind, Set<String> members, UpshiftStage stage, String token) {
        return ask(kind, replyTo -> new Upshift.Change(new Deed.Vouch(members, stage), token, replyTo));
    }

    @Override
    public void authorise(UpshiftAuthority next) {
        authority = next;
    }

    @Override
    public void look(OutsideEvidence next) {
        outside = next;
    }

    @Override
    public List<Metric> metrics() {
        MemberReport now = report();
        return counters.metrics(kind -> Stands.stage(now.said(), kind, "", parts.wall.instant()));
    }

    /**
     * Why no key may be rotated now: an upshift of gossip gives members a key of its own. What this node keeps tells at once that
     * there is none; what it keeps of one that ended while it was away only the others can tell. Never fails.
     */
    CompletionStage<Optional<String>> rotationHindrance() {
        Optional<UpshiftRecord> kept =
                book.last(UpshiftKind.GOSSIP).filter(record -> record.outcome().isEmpty());
        if (kept.isEmpty() && !driven.containsKey(UpshiftKind.GOSSIP)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return status(UpshiftKind.GOSSIP)
                .thenApply(progress -> progress.record()
                        .or(() -> kept)
                        .filter(record -> record.outcome().isEmpty() || progress.isUnderWay())
                        .map(record -> "an upshift of gossip is under way, driven by " + record.driver()
                                + ": wait for its end, or call it off (sotto upshift gossip abort)"));
    }

    private CompletionStage<UpshiftProgress> ask(
            UpshiftKind kind, Function<ActorRef<UpshiftProgress>, Upshift.Command> question) {
        return ask(kind, question, () -> UpshiftProgress.none(SILENT));
    }

    private <A> CompletionStage<A> ask(
            UpshiftKind kind, Function<ActorRef<A>, Upshift.Command> question, Supplier<A> otherwise) {
        CompletionStage<A> answer;
        try {
            answer = unanswered.add(
                    AskPattern.<Upshift.Command, A>ask(driver(kind), question::apply, PATIENCE, system.scheduler()));
        } catch (IllegalStateException stopped) {
            answer = CompletableFuture.failedFuture(stopped);
        }
        return answer.exceptionally(late -> otherwise.get());
    }

    private ActorRef<Upshift.Command> driver(UpshiftKind kind) {
        return Objects.requireNonNull(drivers.get(kind));
    }
}
