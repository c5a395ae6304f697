package io.sotto.testkit.upshift;

import io.sotto.cluster.Member;
import io.sotto.cluster.UpshiftRequest;
import io.sotto.cluster.upshift.Census;
import io.sotto.cluster.upshift.Deed;
import io.sotto.cluster.upshift.Footing;
import io.sotto.cluster.upshift.MemberReport;
import io.sotto.cluster.upshift.OutsideEvidence;
import io.sotto.cluster.upshift.Roll;
import io.sotto.cluster.upshift.Upshift;
import io.sotto.cluster.upshift.UpshiftAuthority;
import io.sotto.cluster.upshift.UpshiftBook;
import io.sotto.cluster.upshift.UpshiftCarrier;
import io.sotto.cluster.upshift.UpshiftCounters;
import io.sotto.cluster.upshift.UpshiftKeys;
import io.sotto.cluster.upshift.UpshiftMember;
import io.sotto.cluster.upshift.UpshiftOrder;
import io.sotto.gossip.GossipPool;
import io.sotto.gossip.PoolChange;
import io.sotto.gossip.PoolSettings;
import io.sotto.gossip.Reconfigured;
import io.sotto.gossip.SelfReports;
import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.membership.upshift.drive.OrderAnswer;
import io.sotto.membership.upshift.drive.TlsReport;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftOutcome;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftReport;
import io.sotto.membership.upshift.drive.UpshiftRules;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.supervision.SecondTry;
import io.sotto.testkit.sim.SimMember;
import io.sotto.virtualtime.VirtualTime;
import io.sotto.wire.crypto.GossipKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * What a production node has for upshifts, beside the pool of a {@link SimMember}: the actor that obeys and the one that drives, in
 * its lane, over a disk that outlives it. Stages change the running pool, as reloads do.
 */
final class SimUpshiftNode {
    private static final UpshiftRules RULES = new UpshiftRules(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(20),
            4);
    private static final TlsReport TLS =
            new TlsReport(true, true, true, true, Optional.empty(), Optional.empty(), "00", Optional.empty());

    final SimMember member;
    private final VirtualTime virtual;
    private final SimWires wires;
    private final SplittableRandom random;
    private final Path directory;
    private final Runnable changed;
    private final UpshiftBook book = UpshiftBook.open(Optional.empty());
    /** What the disk holds beside the journal: a key, and the flags. */
    private Optional<GossipKey> key = Optional.empty();

    private UpshiftStage stage = UpshiftStage.NONE;
    private Optional<PoolSettings> settings = Optional.empty();
    private Optional<ActorRef<UpshiftMember.Command>> obeying = Optional.empty();
    private Optional<ActorRef<Upshift.Command>> driving = Optional.empty();
    private Optional<UpshiftProgress> last = Optional.empty();
    private int asked;

    SimUpshiftNode(
            VirtualTime virtual,
            SimWires wires,
            SimMember member,
            SplittableRandom random,
            Path directory,
            Runnable changed) {
        this.changed = changed;
        this.virtual = virtual;
        this.wires = wires;
        this.member = member;
        this.random = random;
        this.directory = directory;
    }

    String name() {
        return member.name();
    }

    UpshiftStage stage() {
        return stage;
    }

    UpshiftBook book() {
        return book;
    }

    /** Its settings are those of another node, as an operator copies them to a new one. */
    void copy(SimUpshiftNode other) {
        key = other.key.map(GossipKey::copy);
        stage = other.stage;
    }

    /** The settings of its next life. */
    PoolSettings settings(PoolSettings given) {
        PoolSettings own = given.withKeys(new KeySettings(
                key.map(GossipKey::copy),
                Optional.empty(),
                stage == UpshiftStage.ENFORCED,
                stage.isAtLeast(UpshiftStage.SENDING)));
        settings = Optional.of(own);
        return own;
    }

    /** Starts the actors of a life that has just begun. */
    void started() {
        UpshiftCounters counters = new UpshiftCounters();
        SimFooting footing = new SimFooting();
        last = Optional.empty();
        ActorRef<UpshiftMember.Command> obeys = member.spawn(
                UpshiftMember.create(
                        new UpshiftMember.Links("dc1", footing, book, counters, UpshiftAuthority::none, this::wall),
                        () -> SecondTry.Faults.NONE),
                "obeys");
        int life = member.lives();
        Census.Later later = (delay, task) -> virtual.after(delay, () -> {
            if (member.isRunning() && member.lives() == life) {
                member.lane().execute(task);
            }
        });
        UpshiftCarrier carrier = wires.from(this);
        UpshiftKeys keys = new UpshiftKeys(footing, Optional.of(directory.resolve(name())), random::nextBytes);
        OutsideEvidence outside =
                (kind, secret, members) -> CompletableFuture.completedFuture(SimWires.hearsay(members));
        SimRoll roll = new SimRoll();
        Upshift.Links links = new Upshift.Links(
                CompletableFuture.completedFuture("started"),
                RULES,
                roll,
                new Census(roll, carrier, () -> outside, this::report, later),
                carrier,
                obeys,
                later,
                book,
                keys,
                counters,
                this::wall,
                () -> Long.toHexString(random.nextLong()),
                progress -> last = Optional.of(progress));
        obeying = Optional.of(obeys);
        driving = Optional.of(
                member.spawn(Upshift.create(UpshiftKind.GOSSIP, links, () -> SecondTry.Faults.NONE), "drives"));
        virtual.settle();
    }

    /** Whether it drives an upshift now. */
    boolean isDriving() {
        return member.isRunning() && last.filter(UpshiftProgress::isUnderWay).isPresent();
    }

    Optional<UpshiftOutcome> outcome() {
        return last.flatMap(UpshiftProgress::record).flatMap(UpshiftRecord::outcome);
    }

    Optional<UpshiftProgress> last() {
        return last;
    }

    void run() {
        ActorRef<UpshiftProgress> follower = member.spawn(Behaviors.ignore(), "follows-" + ++asked);
        tell(new Upshift.Run(UpshiftRequest.of(UpshiftKind.GOSSIP).by("ann", ""), follower));
    }

    void abort() {
        change(new Deed.Abort());
    }

    private void change(Deed deed) {
        ActorRef<UpshiftProgress> answered = member.spawn(Behaviors.ignore(), "asks-" + ++asked);
        tell(new Upshift.Change(deed, "", answered));
    }

    private void tell(Upshift.Command command) {
        driving.filter(actor -> member.isRunning()).ifPresent(actor -> actor.tell(command));
        virtual.settle();
    }

    MemberReport report() {
        return new SimFooting().report(book.all());
    }

    /** Handled as the endpoint of a real node does. */
    CompletionStage<OrderAnswer> ordered(UpshiftOrder order) {
        CompletableFuture<OrderAnswer> answer = new CompletableFuture<>();
        UpshiftMember.Caller caller = new UpshiftMember.Caller(SimWires.identity(), Optional.empty(), false);
        obeying.ifPresent(actor -> actor.tell(new UpshiftMember.Ordered(caller, order, answer)));
        return answer;
    }

    private Instant wall() {
        return member.state().wall();
    }

    /** Asks the pool. */
    private <A> CompletionStage<A> ask(Function<ActorRef<A>, GossipPool.Command> question) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        ActorRef<A> replyTo = member.spawn(
                Behaviors.receiveMessage(said -> {
                    answer.complete(said);
                    return Behaviors.stopped();
                }),
                "reply-" + ++asked);
        member.pool().tell(question.apply(replyTo));
        return answer;
    }

    private final class SimRoll implements Roll {
        @Override
        public String self() {
            return name();
        }

        @Override
        public List<Member> members() {
            return List.copyOf(member.lan().members());
        }

        @Override
        public Optional<UpshiftCarrier.Place> place(Member other) {
            try {
                InetAddress address =
                        InetAddress.getByAddress(other.address().ip().toArray());
                return Optional.of(new UpshiftCarrier.Place(
                        other.name(), new InetSocketAddress(address, 8_300), PeerRole.SERVER, "dc1"));
            } catch (UnknownHostException e) {
                return Optional.empty();
            }
        }
    }

    private final class SimFooting implements Footing {
        @Override
        public MemberReport report(List<UpshiftRecord> records) {
            UpshiftReport said =
                    new UpshiftReport(name(), new SelfReports(member.state()).present(), TLS, records, wall());
            return new MemberReport(said, Map.of(), List.of(), Map.of());
        }

        @Override
        public CompletionStage<Optional<String>> take(
                UpshiftKind kind, UpshiftStage next, String keyId, Optional<GossipKey> given) {
            boolean isBare = next == UpshiftStage.NONE;
            stage = next;
            changed.run();
            key = isBare ? Optional.empty() : given.or(() -> key);
            if (isBare) {
                return this.<KeyKeeper.Answer>keys(replyTo -> new KeyKeeper.Abandon(keyId, replyTo))
                        .thenCompose(done -> reconfigured(Optional.empty()));
            }
            Optional<GossipKey> first = given.filter(secret -> ring().isEmpty());
            return reconfigured(first)
                    .thenCompose(fault -> given.map(this::used)
                            .orElseGet(() -> CompletableFuture.completedFuture("on the ring"))
                            .thenApply(done -> fault));
        }

        /** A ring that held another key seals with this one. */
        private CompletionStage<?> used(GossipKey secret) {
            return this.<KeyKeeper.Answer>keys(replyTo -> new KeyKeeper.Install(secret.copy(), replyTo))
                    .thenCompose(
                            done -> this.<KeyKeeper.Answer>keys(replyTo -> new KeyKeeper.Use(secret.copy(), replyTo)));
        }

        private <A> CompletionStage<A> keys(Function<ActorRef<A>, KeyKeeper.Request> request) {
            return SimUpshiftNode.this.ask(replyTo -> new GossipPool.Keys(request.apply(replyTo)));
        }

        private CompletionStage<Optional<String>> reconfigured(Optional<GossipKey> first) {
            PoolChange as = PoolChange.to(settings.orElseThrow());
            PoolChange change = new PoolChange(
                    first.map(GossipKey::copy),
                    stage == UpshiftStage.ENFORCED,
                    stage.isAtLeast(UpshiftStage.SENDING),
                    as.label(),
                    as.otherLabels(),
                    as.plaintextUntil(),
                    as.swim());
            return SimUpshiftNode.this
                    .<Reconfigured>ask(replyTo -> new GossipPool.Reconfigure(change, replyTo))
                    .thenApply(outcome -> outcome instanceof Reconfigured.Refused refused
                            ? Optional.of(refused.reason())
                            : Optional.empty());
        }

        @Override
        public List<GossipKey> ring() {
            return member.state().policy().ring().keys();
        }

        @Override
        public Optional<GossipKey> configuredKey() {
            return key;
        }
    }
}
