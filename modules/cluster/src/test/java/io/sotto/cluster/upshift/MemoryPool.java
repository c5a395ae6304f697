package io.sotto.cluster.upshift;

import io.sotto.cluster.Member;
import io.sotto.cluster.UpshiftRequest;
import io.sotto.membership.upshift.drive.OrderAnswer;
import io.sotto.membership.upshift.drive.Stand;
import io.sotto.membership.upshift.drive.Stands;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftRules;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.pki.PeerIdentity;
import io.sotto.pki.PeerRole;
import io.sotto.virtualtime.Recorder;
import io.sotto.virtualtime.VirtualTime;
import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Members whose actors and journals are the real ones, in virtual time; between them is memory, where everything travels in its
 * wire form, from callers whose certificates prove servers.
 */
final class MemoryPool implements AutoCloseable {
    private static final Duration AWAY = Duration.ofMillis(5);
    private static final PeerIdentity SERVER =
            new PeerIdentity(PeerRole.SERVER, Optional.empty(), Optional.empty(), Set.of("dc1"));

    final VirtualTime time = VirtualTime.create("upshift");
    final Map<String, MemoryMember> members = new LinkedHashMap<>();
    /** Those whose calls are lost, in both directions. */
    final Set<String> cutOff = new HashSet<>();
    /** Those that have no certificate. */
    final Set<String> bare = new HashSet<>();

    private final Path directory;
    private final Random random;
    private int names;

    MemoryPool(Path directory, long seed) {
        this.directory = directory;
        this.random = new Random(seed);
    }

    Instant now() {
        return Instant.parse("2030-01-01T00:00:00Z").plus(time.now());
    }

    void after(Duration delay, Runnable task) {
        time.after(delay, task);
    }

    MemoryMember add(String name) {
        MemoryMember member = new MemoryMember(this, name, directory.resolve(name));
        members.put(name, member);
        start(name);
        return member;
    }

    /** A life of this member, with the journals of the last one. */
    void start(String name) {
        MemoryMember member = member(name);
        member.book = UpshiftBook.open(Optional.of(member.directory));
        String life = name + "-" + ++names;
        ActorRef<UpshiftMember.Command> obeying = time.spawn(
                UpshiftMember.create(
                        new UpshiftMember.Links(
                                "dc1", member, member.book, member.counters, () -> member.authority, this::now),
                        () -> member.faults),
                "member-" + life);
        member.begins(obeying);
        for (UpshiftKind kind : UpshiftKind.values()) {
            UpshiftCarrier carrier = new MemoryCarrier(name);
            Roll roll = roll(name);
            Upshift.Links links = new Upshift.Links(
                    CompletableFuture.completedFuture("started"),
                    UpshiftRules.defaults(),
                    roll,
                    new Census(
                            roll,
                            carrier,
                            () -> MemoryPool::unseen,
                            () -> member.report(member.book.all()),
                            this::after),
                    carrier,
                    obeying,
                    this::after,
                    member.book,
                    new UpshiftKeys(member, member.book.keyFile(), random::nextBytes),
                    member.counters,
                    this::now,
                    () -> Integer.toHexString(random.nextInt()),
                    progress -> {});
            member.drivers.put(kind, time.spawn(Upshift.create(kind, links, () -> member.faults), kind + "-" + life));
        }
        time.settle();
    }

    /** Ends its life: what its actors do from now on reaches nobody, and nothing. */
    void kill(String name) {
        MemoryMember member = member(name);
        member.ends();
        member.drivers.values().forEach(time::stop);
        time.stop(member.obeying());
        time.settle();
    }

    MemoryMember member(String name) {
        return Objects.requireNonNull(members.get(name));
    }

    UpshiftStage stage(String name, UpshiftKind kind) {
        return Stands.stage(member(name).report(List.of()).said(), kind, "", now());
    }

    boolean allAt(UpshiftKind kind, UpshiftStage stage) {
        return members.keySet().stream().allMatch(name -> stage(name, kind) == stage);
    }

    Recorder<UpshiftProgress> run(String name, UpshiftKind kind) {
        Recorder<UpshiftProgress> told = time.recorder();
        driver(name, kind).tell(new Upshift.Run(UpshiftRequest.of(kind), told.ref()));
        return told;
    }

    ActorRef<Upshift.Command> driver(String name, UpshiftKind kind) {
        return Objects.requireNonNull(member(name).drivers.get(kind));
    }

    UpshiftProgress status(String name, UpshiftKind kind) {
        Recorder<UpshiftProgress> told = time.recorder();
        driver(name, kind).tell(new Upshift.Status(told.ref()));
        time.runUntil("a status", () -> !told.all().isEmpty(), Duration.ofSeconds(30));
        return told.all().get(0);
    }

    void until(String what, BooleanSupplier condition) {
        time.runUntil(what, condition, Duration.ofMinutes(20));
    }

    private static CompletionStage<SortedMap<String, Stand>> unseen(
            UpshiftKind kind, Optional<?> key, java.util.Collection<Member> members) {
        return CompletableFuture.completedFuture(new TreeMap<>());
    }

    private Roll roll(String self) {
        return new Roll() {
            @Override
            public String self() {
                return self;
            }

            @Override
            public List<Member> members() {
                List<Member> listed = new ArrayList<>();
                members.values().forEach(member -> listed.add(member.listed()));
                return listed;
            }

            @Override
            public Optional<UpshiftCarrier.Place> place(Member member) {
                return Optional.of(new UpshiftCarrier.Place(
                        member.name(), InetSocketAddress.createUnresolved("127.0.0.1", 7_000), PeerRole.SERVER, "dc1"));
            }
        };
    }

    /** Everything in its wire form, and some time away each way. */
    private final class MemoryCarrier implements UpshiftCarrier {
        private final String from;

        MemoryCarrier(String from) {
            this.from = from;
        }

        @Override
        public CompletionStage<Heard> ask(Place place) {
            CompletableFuture<Heard> heard = new CompletableFuture<>();
            after(AWAY, () -> {
                if (isCut(place.member())) {
                    after(Duration.ofSeconds(5), () -> heard.complete(new Heard.Nothing("has not answered for 5 s")));
                    return;
                }
                if (bare.contains(place.member())) {
                    heard.complete(new Heard.Nothing("is not reached by TLS: unrecognized name", true));
                    return;
                }
                MemoryMember asked = member(place.member());
                Octets wire = ReportCodec.encode(new ReportCodec.Answer(7, asked.report(asked.book.all())));
                after(
                        AWAY,
                        () -> heard.complete(ReportCodec.decode(wire)
                                .<Heard>map(answer -> new Heard.Report(answer.report()))
                                .orElseGet(() -> new Heard.Nothing("answered what is no report"))));
            });
            return heard;
        }

        @Override
        public CompletionStage<OrderAnswer> order(Place place, UpshiftOrder order) {
            CompletableFuture<OrderAnswer> answer = new CompletableFuture<>();
            byte[] wire = OrderCodec.encode(7, order);
            after(Duration.ofSeconds(20), () -> answer.complete(OrderAnswer.silent("has not answered for 20 s")));
            after(AWAY, () -> {
                if (!isCut(place.member())) {
                    CompletableFuture<OrderAnswer> obeyed = new CompletableFuture<>();
                    member(place.member())
                            .obeying()
                            .tell(new UpshiftMember.Ordered(
                                    new UpshiftMember.Caller(SERVER, Optional.empty(), false),
                                    OrderCodec.decode(Octets.wrap(wire))
                                            .orElseThrow()
                                            .order(),
                                    obeyed));
                    CompletionStage<OrderAnswer> stage = obeyed;
                    stage.thenAccept(done -> after(AWAY, () -> {
                        if (!isCut(place.member())) {
                            answer.complete(done);
                        }
                    }));
                }
            });
            return answer;
        }

        private boolean isCut(String to) {
            return cutOff.contains(to)
                    || cutOff.contains(from)
                    || !member(to).isRunning()
                    || !member(from).isRunning();
        }

        @Override
        public void rest() {}
    }

    @Override
    public void close() {
        time.close();
    }
}
